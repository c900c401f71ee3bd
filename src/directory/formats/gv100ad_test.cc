// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "directory/formats/formats.h"
#include "directory/formats/lines.h"
#include "directory/formats/testing/gv_lines.h"
#include "directory/formats/testing/test_node.h"

namespace verbund::directory {
namespace {

using ::testing::HasSubstr;
using testing::gv_line;
using testing::TestNode;

std::vector<std::string> small_list(const std::string& day = "20231130") {
  return {
      gv_line({.kind = "10", .day = day, .key = "01", .name = "Nordland", .seat = "Köhl"}),
      gv_line({.kind = "40", .day = day, .key = "01001", .name = "Köhl, Stadt", .kind_code = "41"}),
      gv_line({.kind = "50", .day = day, .key = "01001   0000", .name = "Köhl, Stadt", .kind_code = "50"}),
      gv_line({.day = day, .key = "010010000000", .name = "Köhl, Stadt", .kind_code = "61", .hectares = 5000,
               .population = 90000, .postal_code = "24937"}),
      gv_line({.kind = "40", .day = day, .key = "01060", .name = "Seekreis", .kind_code = "43"}),
      gv_line({.kind = "50", .day = day, .key = "01060   5005", .name = "Süderamt", .kind_code = "51"}),
      gv_line({.day = day, .key = "010600015005", .name = "Dorf", .kind_code = "64", .hectares = 10, .population = 3}),
  };
}

std::string joined(const std::vector<std::string>& lines, const std::string& end = "\n") {
  std::string out;
  for (const auto& line : lines) out += line + end;
  return out;
}

std::string as_latin1(const std::string& utf8) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x80) out += utf8[i];
    else out += static_cast<char>(((byte & 0x03) << 6) | (static_cast<unsigned char>(utf8[++i]) & 0x3F));
  }
  return out;
}

Result<ImportSummary> import(TestNode& node, const std::string& content) {
  return import_gv100ad(node.database(), node.clock(), node.folder().file("gv.txt", content), {});
}

TEST(Gv100adImport, TakesUtf8AndLatin1WithEitherLineEnd) {
  std::string first;
  for (const std::string& content : {joined(small_list()), joined(small_list(), "\r\n"),
                                     as_latin1(joined(small_list())), "\xEF\xBB\xBF" + joined(small_list())}) {
    TestNode node;
    const auto done = import(node, content);
    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(done->kinds.at("area").added, 5);
    if (first.empty()) first = node.state();
    EXPECT_EQ(node.state(), first);
  }
  EXPECT_THAT(first, HasSubstr("areas of 2023-11-30"));
  EXPECT_THAT(first, HasSubstr("Köhl, Stadt"));
}

TEST(Gv100adImport, HasNoEffectTheSecondTime) {
  TestNode node;
  ASSERT_TRUE(import(node, joined(small_list())));
  const std::string before = node.state();
  const auto again = import(node, joined(small_list()));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->kinds.at("area").unchanged, 5);
  EXPECT_EQ(again->kinds.at("area").added + again->kinds.at("area").changed, 0);
  EXPECT_EQ(node.state(), before);
}

TEST(Gv100adImport, EndsAreasThatANewerListDoesNotHave) {
  TestNode node;
  ASSERT_TRUE(import(node, joined(small_list())));
  auto newer = small_list("20241231");
  newer.back() = gv_line({.day = "20241231", .key = "010600025005", .name = "Großdorf", .kind_code = "64"});
  const auto done = import(node, joined(newer));
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->kinds.at("area").withdrawn, 1);
  EXPECT_EQ(done->kinds.at("area").added, 1);
}

TEST(Gv100adImport, RefusesAnOlderList) {
  TestNode node;
  ASSERT_TRUE(import(node, joined(small_list("20241231"))));
  const std::string before = node.state();
  const auto older = import(node, joined(small_list("20231130")));
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::conflict);
  EXPECT_EQ(node.state(), before);
}

TEST(Gv100adImport, RefusesAListThatIsMuchShorterThanTheOneThatIsThere) {
  TestNode node;
  auto lines = small_list();
  for (int i = 100; i < 300; ++i) {
    lines.push_back(gv_line({.key = "01060" + std::to_string(i) + "5005", .name = "Dorf " + std::to_string(i)}));
  }
  ASSERT_TRUE(import(node, joined(lines)));
  const std::string before = node.state();
  lines.resize(lines.size() - 100);  // cut at the end of a line: every record by itself is sound
  const auto cut = import(node, joined(lines));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::conflict);
  EXPECT_THAT(cut.error().message, HasSubstr("abgeschnitten"));
  EXPECT_EQ(node.state(), before);
}

TEST(Gv100adImport, ChangesNothingOnHostileInput) {
  TestNode node;
  ASSERT_TRUE(import(node, joined(small_list())));
  const std::string before = node.state();
  const std::string good = joined(small_list());
  std::string with_nul = good;
  with_nul[300] = '\0';
  std::string control = good;
  control[300] = '\x07';
  std::string letters = good;
  letters.replace(letters.find("00000090000"), 4, "0x00");
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>((i * 7919) >> 3);
  std::string utf16;
  for (char c : good) utf16 += {c, '\0'};
  const std::map<std::string, std::string> hostile = {
      {"empty", ""},
      {"blank lines", "\n\n\n"},
      {"cut in a record", good.substr(0, good.size() - 120)},
      {"cut at the first municipality of an association", good.substr(0, good.rfind('\n', good.size() - 2) + 1)},
      {"another format", "<?xml version=\"1.0\"?><a/>"},
      {"a line without end", std::string(30'000'000, '6')},
      {"null bytes", with_nul},
      {"control characters", control},
      {"UTF-16", utf16},
      {"letters for numbers", letters},
      {"twice", good + good},
      {"two days", good + joined(small_list("20241231"))},
      {"more lines than Germany has", std::string(200'000, '\n')},
      {"bytes that are no text", bytes},
  };
  for (const auto& [what, content] : hostile) {
    const auto result = import(node, content);
    ASSERT_FALSE(result) << what;
    EXPECT_FALSE(result.error().message.empty()) << what;
    EXPECT_THAT(result.error().where, HasSubstr("gv.txt")) << what;
    EXPECT_EQ(node.state(), before) << what;
  }
}

TEST(Gv100adImport, SaysWhenThereIsNoFile) {
  TestNode node;
  const auto none = import_gv100ad(node.database(), node.clock(), node.folder().path("none"), {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::unavailable);
  EXPECT_FALSE(import_gv100ad(node.database(), node.clock(), node.folder().path(), {}));  // a folder
}

TEST(Gv100adImport, ReadsTheListOfGermany) {
  const std::string folder = VERBUND_SOURCE_DIR "/../shared/reference/gebiete/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: reference data is not there";
  TestNode node;
  std::uint64_t reported = 0;
  const auto done = import_gv100ad(node.database(), node.clock(), folder + "gv100ad-2023-11-30.txt",
                                   [&](std::uint64_t, std::uint64_t, std::uint64_t) { ++reported; });
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_GT(reported, 20u);

  std::map<AreaLevel, int> by_level, by_top_level;
  std::int64_t population = 0, hectares = 0;
  std::map<std::string, Area> by_key;
  node.database().read([&](store::Connection& connection) {
    AreaStore(connection).each_area([&](const Area& area) {
      ++by_level[area.level];
      ++by_top_level[area.top_level];
      population += area.population;
      hectares += area.hectares;
      by_key[area.key.digits()] = area;
    });
  });
  EXPECT_EQ(by_level[AreaLevel::municipality], 10'981);
  EXPECT_EQ(by_top_level[AreaLevel::state], 16);
  EXPECT_EQ(by_top_level[AreaLevel::region], 29);  // 57 units above districts = 16 states + 29 + 12 planning regions
  EXPECT_EQ(by_top_level[AreaLevel::district], 400 - 2);  // Berlin and Hamburg are states
  EXPECT_EQ(by_level[AreaLevel::association], 4597 - 3392);  // without those of one municipality (kind 50)
  EXPECT_EQ(population, 84'358'845);
  EXPECT_EQ(by_key.at("09162").name, "München, Landeshauptstadt");
  EXPECT_EQ(by_key.at("09162").level, AreaLevel::municipality);
  EXPECT_EQ(by_key.at("02").short_name, "Hamburg");
  EXPECT_EQ(by_key.at("11").top_level, AreaLevel::state);
  EXPECT_EQ(by_key.at("010600063063").short_name, "Norderstedt");

  // Row by row what the derived table says.
  std::size_t rows = 0;
  std::ifstream table(folder + "gemeinden-2023-11-30.csv");
  const auto same = [&](const std::vector<std::string>& row, std::size_t line) -> Result<void> {
    if (line == 1) return {};  // ars,ags,name,typ,typ_text,flaeche_ha,einwohner,einwohner_maennlich,plz_sitz ...
    const auto key = AreaKey::parse(row[0]);
    if (!key || !by_key.contains(key->digits())) return fail(ErrorCode::not_found, row[0]);
    const Area& area = by_key.at(key->digits());
    EXPECT_THAT((std::vector<std::string>{municipality_key(area), area.name, area.kind_code,
                                          std::to_string(area.hectares), std::to_string(area.population),
                                          area.seat_postal_code}),
                ::testing::ElementsAre(row[1], row[2], row[3], row[5], row[6], row[8]));
    ++rows;
    return {};
  };
  const auto compared = read_csv(table, "gemeinden", same);
  ASSERT_TRUE(compared) << compared.error().text();
  EXPECT_EQ(rows, 10'981u);

  // The postal codes that belong to it: 15 municipality keys are of another year.
  const auto codes = import_postcodes(node.database(), node.clock(), folder + "plz-ort-ags.csv", {});
  ASSERT_TRUE(codes) << codes.error().text();
  const auto& count = codes->kinds.at("postal_code");
  EXPECT_EQ(codes->findings_total, 15);
  EXPECT_EQ(count.skipped, 16);
  EXPECT_EQ(count.added, 12'855);
  const std::string before = node.state();
  ASSERT_TRUE(import_postcodes(node.database(), node.clock(), folder + "plz-ort-ags.csv", {}));
  EXPECT_EQ(node.state(), before);
}

}  // namespace
}  // namespace verbund::directory
