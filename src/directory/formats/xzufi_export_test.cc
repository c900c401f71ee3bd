// SPDX-License-Identifier: EUPL-1.2
// A full export comes back whole: into an empty node it gives the same state and byte for byte the same export.
#include "directory/formats/xzufi_test_support.h"
#include "directory/objects/testing/random_object.h"

namespace verbund::directory::xzufi {
namespace {

using namespace testing;
namespace random = verbund::directory::testing;

void fill(Node& node, std::uint64_t seed, int most) {
  random::Random chance(seed);
  auto written = node.database->write([&](store::Connection& connection) -> Result<void> {
    ObjectStore objects(connection);
    const auto now = node.clock.now();
    const auto some = [&] { return random::below(chance, static_cast<std::size_t>(most)); };
    for (auto n = some(); n > 0; --n) objects.put(random::random_service(chance), "q", now);
    for (auto n = some(); n > 0; --n) objects.put(random::random_specialisation(chance), "q", now);
    for (auto n = some(); n > 0; --n) objects.put(random::random_unit(chance), "q", now);
    for (auto n = some(); n > 0; --n) objects.put(random::random_online_service(chance), "q", now);
    for (auto n = some(); n > 0; --n) objects.put(random::random_responsibility(chance), "q", now);
    if (seed % 2 == 0) {
      std::map<AreaKey, Area> areas;
      for (int n = 0; n < 5; ++n) {
        Area area = random::random_area(chance);
        areas.emplace(area.key, area);
      }
      std::vector<Area> list;
      std::vector<PostalCodeEntry> codes;
      for (const auto& [key, area] : areas) {
        list.push_back(area);
        codes.push_back({"2284" + std::to_string(list.size()), key, area.short_name});
      }
      AreaStore(connection).restore(list, codes, "2026-01-31");
    }
    return {};
  });
  ASSERT_TRUE(written.has_value()) << written.error().text();
}

// The areas every node is born with, of another day than those of the node that exports.
void give_birth_areas(Node& node, std::uint64_t seed) {
  random::Random chance(seed + 1000);
  std::map<AreaKey, Area> areas;
  for (int n = 0; n < 6; ++n) {
    const Area area = random::random_area(chance);
    areas.emplace(area.key, area);
  }
  std::vector<Area> list;
  std::vector<PostalCodeEntry> codes;
  for (const auto& [key, area] : areas) {
    list.push_back(area);
    codes.push_back({"1011" + std::to_string(list.size()), key, area.short_name});
  }
  auto written = node.database->write([&](store::Connection& connection) -> Result<void> {
    AreaStore(connection).restore(list, codes, "2023-11-30");
    return {};
  });
  ASSERT_TRUE(written.has_value()) << written.error().text();
}

void check_comes_back(Node& node, const std::string& note, std::optional<std::uint64_t> birth_seed = std::nullopt) {
  const std::string first = node.folder / "export";
  auto exported = node.export_to(first);
  ASSERT_TRUE(exported.has_value()) << note << exported.error().text();
  Node other;
  if (birth_seed) give_birth_areas(other, *birth_seed);
  auto imported = other.import({first}, "q");
  ASSERT_TRUE(imported.has_value()) << note << imported.error().text();
  for (const auto& finding : imported->findings) {
    EXPECT_NE(finding.severity, ImportFinding::Severity::skipped) << note << finding.reason;
  }
  EXPECT_EQ(other.state(), node.state()) << note;
  const std::string second = other.folder / "export";
  ASSERT_TRUE(other.export_to(second).has_value());
  EXPECT_EQ(files_in(first), files_in(second)) << note;
  const auto before = other.last_sequence();
  ASSERT_TRUE(other.import({first}, "q").has_value()) << note;
  EXPECT_EQ(other.last_sequence(), before) << note;
}

TEST(XzufiExport, OfAnyStateComesBackWhole) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Node node;
    fill(node, seed, 20);
    check_comes_back(node, "seed " + std::to_string(seed) + " ");
  }
}

TEST(XzufiExport, ComesBackWholeIntoAnEmptyNodeWithOtherAreas) {
  for (std::uint64_t seed = 2; seed <= 24; seed += 2) {   // even ones have areas, see fill()
    Node node;
    fill(node, seed, 12);
    check_comes_back(node, "seed " + std::to_string(seed) + " ", seed);
  }
}

TEST(XzufiExport, AreasThatCannotBeOneListAreRefused) {
  Node node;
  fill(node, 2, 1);
  const std::string folder = node.folder / "export";
  ASSERT_TRUE(node.export_to(folder).has_value());
  const std::string areas = files_in(folder).at("area.ndjson");
  const std::string last = areas.substr(areas.rfind('\n', areas.size() - 2) + 1);
  node.folder.write("export/area.ndjson", areas + last);
  Node other;
  const auto imported = other.import({folder});
  ASSERT_FALSE(imported.has_value());
  EXPECT_NE(imported.error().text().find("zweimal"), std::string::npos) << imported.error().text();
}

TEST(XzufiExport, OfOurFixturesComesBackWhole) {
  Node node;
  ASSERT_TRUE(
      node.import({test_file("transfer-2.2.0.xml"), test_file("transfer-2.3.1.xml"), test_file("answer-2.1.xml")}));
  check_comes_back(node, "");
}

TEST(XzufiExport, OfAnEmptyNodeComesBackEmpty) {
  Node node;
  check_comes_back(node, "");
  EXPECT_EQ(files_in(node.folder / "export").size(), 2u);
}

TEST(XzufiExport, ListsItsFilesHoldersBeforeResponsibilities) {
  Node node;
  ASSERT_TRUE(node.import({test_file("transfer-2.2.0.xml")}));
  const auto exported = node.export_to(node.folder / "export");
  ASSERT_TRUE(exported.has_value());
  EXPECT_EQ(files_in(node.folder / "export").at("index.txt"),
            "organisationseinheit-0001.xml\nleistung-0001.xml\nspezialisierung-0001.xml\nonlinedienst-0001.xml\n"
            "zustaendigkeit-0001.xml\n");
  EXPECT_EQ(exported->files.at(4), (std::pair<std::string, std::int64_t>{"zustaendigkeit-0001.xml", 2}));
}

TEST(XzufiExport, BeginsANewFileAfterTenThousandObjects) {
  Node node;
  auto written = node.database->write([&](store::Connection& connection) -> Result<void> {
    ObjectStore objects(connection);
    Responsibility one;
    one.holder = {"T1", "h"};
    one.service = {"T1", "s"};
    for (int i = 0; i < 10'001; ++i) {
      one.id = {"T1", "r" + std::to_string(i)};
      objects.put(one, "q", node.clock.now());
    }
    return {};
  });
  ASSERT_TRUE(written.has_value());
  const auto exported = node.export_to(node.folder / "export");
  ASSERT_TRUE(exported.has_value());
  EXPECT_EQ(exported->files, (std::vector<std::pair<std::string, std::int64_t>>{{"zustaendigkeit-0001.xml", 10'000},
                                                                                {"zustaendigkeit-0002.xml", 1}}));
  const auto files = files_in(node.folder / "export");
  const auto uuid = [&](const std::string& name) {
    const auto& bytes = files.at(name);
    const auto at = bytes.find("<xzufi:nachrichtUUID>");
    return bytes.substr(at + 21, 36);
  };
  EXPECT_NE(uuid("zustaendigkeit-0001.xml"), uuid("zustaendigkeit-0002.xml"));
  EXPECT_EQ(uuid("zustaendigkeit-0001.xml")[14], '8');
  EXPECT_EQ(uuid("zustaendigkeit-0001.xml")[8], '-');
}

TEST(XzufiExport, RefusesAFolderThatIsNotEmpty) {
  Node node;
  node.folder.write("voll/datei.txt", "x");
  const auto exported = node.export_to(node.folder / "voll");
  ASSERT_FALSE(exported.has_value());
  EXPECT_EQ(exported.error().code, ErrorCode::conflict);
  EXPECT_EQ(files_in(node.folder / "voll").size(), 1u);
  EXPECT_FALSE(node.export_to((node.folder / "voll/datei.txt")).has_value());
}

TEST(XzufiExport, AreasOfAnotherNodeDoNotReplaceItsOwnWhereThereAreObjects) {
  Node one, two;
  fill(one, 2, 2);
  fill(two, 4, 2);
  ASSERT_TRUE(one.export_to(one.folder / "export").has_value());
  ASSERT_TRUE(two.export_to(two.folder / "before").has_value());
  const auto imported = two.import({one.folder / "export"}, "andere");
  ASSERT_TRUE(imported.has_value()) << imported.error().text();
  const bool told = std::any_of(imported->findings.begin(), imported->findings.end(), [](const ImportFinding& finding) {
    return finding.file.ends_with("area.ndjson") && finding.severity == ImportFinding::Severity::warning;
  });
  EXPECT_TRUE(told);
  ASSERT_TRUE(two.export_to(two.folder / "after").has_value());
  EXPECT_EQ(files_in(two.folder / "after").at("area.ndjson"), files_in(two.folder / "before").at("area.ndjson"));
}

TEST(XzufiExport, AreasThatDoNotReadAbortTheImport) {
  const std::string day = "{\"list_day\":\"2026-01-31\"}\n";
  const std::string rows[] = {"kein json\n", "[]\n", "{}\n", day + "{\"key\":1}\n", day + "{\"unbekannt\":\"x\"}\n",
                              day + "{\"key\":\"01\",\"name\":\"" + std::string(100'000, 'x') + "\"}\n"};
  for (const auto& bytes : rows) {
    Node node;
    node.folder.write("s/index.txt", "a.xml\n");
    node.folder.write("s/a.xml", message(service_xml("1", "Eins")));
    node.folder.write("s/area.ndjson", bytes);
    const auto imported = node.import({node.folder / "s"});
    ASSERT_FALSE(imported.has_value()) << bytes.substr(0, 60);
    EXPECT_NE(imported.error().where.find("area.ndjson"), std::string::npos) << imported.error().text();
    EXPECT_EQ(node.last_sequence(), 0);
  }
}

}  // namespace
}  // namespace verbund::directory::xzufi
