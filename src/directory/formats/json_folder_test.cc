// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "directory/formats/formats.h"
#include "directory/formats/json_layout.h"
#include "directory/formats/testing/test_node.h"
#include "directory/objects/testing/random_object.h"

namespace verbund::directory {
namespace {

using ::testing::HasSubstr;
using testing::Random;
using testing::read_file;
using testing::TestFolder;
using testing::TestNode;

// Areas with unique keys and slugs, postal codes of them, and some of every kind of object.
void fill(TestNode& node, std::uint64_t seed, int objects) {
  Random random(seed);
  std::map<AreaKey, Area> areas;
  for (int i = 0; i < 30; ++i) {
    Area area = testing::random_area(random);
    area.slug += "-" + std::to_string(i);
    areas.try_emplace(area.key, area);
  }
  std::vector<Area> list;
  for (auto& [key, area] : areas) list.push_back(area);
  std::map<std::pair<std::string, AreaKey>, PostalCodeEntry> codes;
  for (int i = 0; i < 20; ++i) {
    PostalCodeEntry entry = testing::random_postal_code(random);
    entry.area = list[testing::below(random, list.size())].key;
    codes.try_emplace({entry.postal_code, entry.area}, entry);
  }
  std::vector<PostalCodeEntry> entries;
  for (auto& [key, entry] : codes) entries.push_back(entry);
  ImportOptions options;
  options.source = "random";
  auto done = run_import(node.database(), node.clock(), options, [&](ImportSink& sink) -> Result<void> {
    AreaStore(sink.connection()).restore(list, entries, "2023-11-30");
    for (int i = 0; i < objects; ++i) {
      const auto service = testing::random_service(random);
      const auto unit = testing::random_unit(random);
      const auto online = testing::random_online_service(random);
      auto special = testing::random_specialisation(random);
      special.service = service.id;
      auto responsibility = testing::random_responsibility(random);
      responsibility.service = service.id;
      responsibility.holder = responsibility.holder_kind == ObjectKind::unit ? unit.id : online.id;
      sink.put(service);
      sink.put(unit);
      sink.put(online);
      sink.put(special);
      sink.put(responsibility);
    }
    return {};
  });
  ASSERT_TRUE(done) << done.error().text();
}

std::string all_files(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files[entry.path().filename().string()] = read_file(entry.path().string());
  }
  std::string out;
  for (const auto& [name, content] : files) out += name + "\n" + content;
  return out;
}

std::string exported(TestNode& node, const std::string& name) {
  const auto folder = node.folder().path(name);
  const auto done = export_json(node.database(), folder, {});
  EXPECT_TRUE(done) << done.error().text();
  return folder;
}

Result<ImportSummary> import(TestNode& node, const std::string& folder) {
  return import_json(node.database(), node.clock(), folder, "", {});
}

TEST(JsonFolder, ComesBackByteForByte) {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TestNode first, second;
    ASSERT_NO_FATAL_FAILURE(fill(first, seed, static_cast<int>(seed)));
    const auto folder = exported(first, "out");
    const auto done = import(second, folder);
    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(done->source, "json:out");
    const auto again = exported(second, "out");
    ASSERT_EQ(all_files(again), all_files(folder));
  }
}

TEST(JsonFolder, ComesBackByteForByteIntoAnEmptyNodeWithOtherAreas) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    TestNode first, second;
    ASSERT_NO_FATAL_FAILURE(fill(first, seed, static_cast<int>(seed)));
    ASSERT_NO_FATAL_FAILURE(fill(second, seed + 100, 0));
    const auto folder = exported(first, "out");
    const auto done = import(second, folder);
    ASSERT_TRUE(done) << done.error().text();
    ASSERT_EQ(all_files(exported(second, "out")), all_files(folder));
  }
}

TEST(JsonFolder, IsEmptyForAnEmptyNodeAndComesBack) {
  TestNode first, second;
  const auto folder = exported(first, "out");
  ASSERT_TRUE(import(second, folder));
  EXPECT_EQ(all_files(exported(second, "out")), all_files(folder));
}

TEST(JsonFolder, NamesItsFilesAndCounts) {
  TestNode node;
  fill(node, 7, 3);
  const auto done = export_json(node.database(), node.folder().path("out"), {});
  ASSERT_TRUE(done);
  ASSERT_EQ(done->files.size(), 7u);
  EXPECT_EQ(done->files[0].first, "area.ndjson");
  EXPECT_EQ(done->files[2].first, "unit.ndjson");
  EXPECT_EQ(done->files[2].second, 3);
  const auto manifest = parse_json(read_file(node.folder().path("out/manifest.json")), "manifest");
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->text_or("format"), "verbund-directory");
  EXPECT_EQ(*(*manifest)["files"]["service"]["objects"].if_int(), 3);
}

TEST(JsonFolder, GoesIntoAnEmptyFolderOnly) {
  TestNode node;
  node.folder().file("full/x", "1");
  const auto full = export_json(node.database(), node.folder().path("full"), {});
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::conflict);
  const auto file = export_json(node.database(), node.folder().path("full/x"), {});
  ASSERT_FALSE(file);
  EXPECT_EQ(read_file(node.folder().path("full/x")), "1");
}

TEST(JsonFolder, HasNoEffectTheSecondTimeAndIsACompleteStock) {
  TestNode first, second, small;
  fill(first, 3, 4);
  fill(small, 4, 1);
  const auto folder = exported(first, "out");
  ASSERT_TRUE(import(second, folder));
  const std::string before = second.state();
  const auto again = import(second, folder + "/");  // the name of the source stays
  ASSERT_TRUE(again);
  EXPECT_EQ(again->source, "json:out");
  EXPECT_EQ(second.state(), before);

  const auto replaced = import(second, exported(small, "out"));
  ASSERT_TRUE(replaced) << replaced.error().text();
  EXPECT_EQ(replaced->kinds.at("service").withdrawn, 4);
  EXPECT_EQ(second.count(ObjectKind::service), 1);
}

TEST(JsonFolder, KeepsANewerListOfAreas) {
  TestNode first, second;
  fill(first, 3, 1);
  fill(second, 5, 1);
  const auto folder = exported(first, "out");
  std::string manifest = read_file(folder + "/manifest.json");
  manifest.replace(manifest.find("2023-11-30"), 10, "2022-01-01");
  std::ofstream(folder + "/manifest.json") << manifest;
  const auto done = import(second, folder);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_THAT(done->to_text(), HasSubstr("sie bleibt"));
  EXPECT_FALSE(done->kinds.contains("area"));
}

// Each fault by itself in an otherwise sound export.
class DamagedJsonFolder : public ::testing::Test {
 protected:
  DamagedJsonFolder() {
    fill(node, 11, 3);
    folder = exported(node, "out");
    before = node.state();
  }
  void expect_refused(const std::string& what) {
    const auto result = import(node, folder);
    ASSERT_FALSE(result) << what;
    EXPECT_FALSE(result.error().message.empty()) << what;
    EXPECT_FALSE(result.error().where.empty()) << what;
    EXPECT_EQ(node.state(), before) << what;
    TestNode empty;
    const std::string nothing = empty.state();
    ASSERT_FALSE(import(empty, folder)) << what;
    EXPECT_EQ(empty.state(), nothing) << what;
  }
  void damage(const std::string& file, const std::string& content, const std::string& what) {
    const std::string path = folder + "/" + file, sound = read_file(path);
    std::ofstream(path, std::ios::binary) << content;
    expect_refused(what);
    std::ofstream(path, std::ios::binary) << sound;
  }
  // The same with a manifest that fits: the content itself has to be refused.
  void damage_sealed(const std::string& kind, const std::string& content, const std::string& what) {
    json_layout::Digest digest;
    std::istringstream in(content);
    for (std::string line; std::getline(in, line);) digest.add(line);
    const std::string path = folder + "/manifest.json", sound = read_file(path);
    auto manifest = parse_json(sound, "m");
    ASSERT_TRUE(manifest);
    Json files = (*manifest)["files"];
    files.set(kind, Json::object({{"objects", digest.objects()}, {"digest", digest.value()}}));
    manifest->set("files", files);
    std::ofstream(path) << manifest->to_pretty();
    damage(kind + ".ndjson", content, what);
    std::ofstream(path) << sound;
  }
  TestNode node;
  std::string folder, before;
};

TEST_F(DamagedJsonFolder, ChangesNothing) {
  const std::string services = read_file(folder + "/service.ndjson");
  damage("service.ndjson", "", "empty");
  damage("service.ndjson", services.substr(0, services.size() / 2), "truncated");
  damage("service.ndjson", services.substr(0, services.rfind('\n', services.size() - 2) + 1), "a line missing");
  damage("service.ndjson", services + services, "twice");
  damage("service.ndjson", std::string(10'000'000, 'x'), "a gigantic line");
  damage("service.ndjson", std::string(1'000'000, '\n'), "a million empty lines");
  damage("manifest.json", "", "empty manifest");
  damage("manifest.json", "{}", "no format");
  damage("manifest.json", std::string(1'000'000, '['), "nested manifest");
  damage("manifest.json", R"({"format":"verbund-directory","version":2,"files":{}})", "a later version");
  damage("manifest.json", R"({"format":"verbund-directory","version":1,"files":[1]})", "wrong types");
  damage("manifest.json", R"({"format":"verbund-directory","version":1e400})", "a huge number");
  damage("manifest.json", R"({"format":"verbund-directory","version":1,"area_list_day":"soon","files":{}})", "no day");
}

TEST_F(DamagedJsonFolder, IsRefusedAlsoWhereTheDigestsFit) {
  const std::string services = read_file(folder + "/service.ndjson");
  const std::string first = services.substr(0, services.find('\n') + 1);
  damage_sealed("service", first + first, "an id twice");
  damage_sealed("service", "[]\n", "no object");
  damage_sealed("service", "{\"id\":\"A.LB.1\",\"surprise\":1}\n", "an unknown field");
  damage_sealed("service", "{\"id\":\"A.OE.1\"}\n", "an id of another kind");
  damage_sealed("service", "{\"id\":\"A.LB.\xFF\"}\n", "broken UTF-8");
  damage_sealed("service", std::string("{\"id\":\"A.LB.\0\"}\n", 16), "a null byte");
  damage_sealed("service", std::string(2'000'000, '[') + "\n", "a million levels");
  damage_sealed("unit", "{\"id\":\"A.OE.1\",\"hours\":[{\"weekday\":1e300}]}\n", "a huge number");
}

TEST_F(DamagedJsonFolder, IsRefusedForAnAreaTwice) {
  const std::string areas = read_file(folder + "/area.ndjson");
  const std::string twice = areas + areas.substr(0, areas.find('\n') + 1);
  damage_sealed("area", twice, "an area twice");
}

TEST_F(DamagedJsonFolder, SaysWhatIsMissing) {
  std::filesystem::remove(folder + "/unit.ndjson");
  expect_refused("a file missing");
  std::filesystem::remove(folder + "/manifest.json");
  const auto unfinished = import(node, folder);
  ASSERT_FALSE(unfinished);
  EXPECT_THAT(unfinished.error().message, HasSubstr("manifest.json"));
  EXPECT_FALSE(import(node, folder + "/no such folder"));
}

}  // namespace
}  // namespace verbund::directory
