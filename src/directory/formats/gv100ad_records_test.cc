// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/formats/gv100ad.h"
#include "directory/formats/testing/gv_lines.h"

namespace verbund::directory {
namespace {

using testing::gv_line;

GvRecord record(const std::string& line) {
  auto parsed = parse_gv_record(line);
  EXPECT_TRUE(parsed.has_value()) << parsed.error().text();
  EXPECT_TRUE(parsed->has_value());
  return **parsed;
}

std::string problem(const std::string& line) {
  auto parsed = parse_gv_record(line);
  return parsed ? "accepted" : parsed.error().message;
}

Result<std::vector<Area>> areas_of(const std::vector<std::string>& lines) {
  GvAreas areas;
  for (const auto& line : lines) {
    auto parsed = parse_gv_record(line);
    if (!parsed) return pass(parsed);
    if (!*parsed) continue;
    if (auto added = areas.add(**parsed); !added) return pass(added);
  }
  return areas.finish();
}

TEST(Gv100ad, ReadsTheColumnsOfAMunicipality) {
  const auto town = record(gv_line({.kind = "60", .key = "010600630063", .name = "Nordstädt, Stadt", .kind_code = "63",
                                    .hectares = 5810, .population = 81880, .postal_code = "22846"}));
  EXPECT_EQ(town.level, AreaLevel::municipality);
  EXPECT_EQ(town.digits, "010600063063");  // the association stands before the municipality in the key
  EXPECT_EQ(town.day, "2023-11-30");
  EXPECT_EQ(town.name, "Nordstädt, Stadt");
  EXPECT_EQ(town.kind_code, "63");
  EXPECT_EQ(town.hectares, 5810);
  EXPECT_EQ(town.population, 81880);
  EXPECT_EQ(town.postal_code, "22846");
}

TEST(Gv100ad, ReadsEachKindOfRecordWithItsLengthOfKey) {
  EXPECT_EQ(record(gv_line({.kind = "10", .key = "01", .name = "Land", .seat = "Sitz"})).digits, "01");
  EXPECT_EQ(record(gv_line({.kind = "10", .key = "01", .name = "Land", .seat = "Sitz"})).seat, "Sitz");
  EXPECT_EQ(record(gv_line({.kind = "20", .key = "031", .name = "Region"})).digits, "031");
  EXPECT_EQ(record(gv_line({.kind = "40", .key = "01060", .name = "Kreis"})).digits, "01060");
  EXPECT_EQ(record(gv_line({.kind = "50", .key = "01060   5005", .name = "Amt"})).digits, "010605005");
}

TEST(Gv100ad, LeavesOutPlanningRegionsWhichAreNoPartOfTheKey) {
  auto parsed = parse_gv_record(gv_line({.kind = "30", .key = "0811", .name = "Region Stuttgart"}));
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->has_value());
}

TEST(Gv100ad, RefusesWhatIsNoRecord) {
  const std::string good = gv_line({.kind = "60", .key = "010600630063", .name = "Ort", .population = 1});
  EXPECT_THAT(problem(""), ::testing::HasSubstr("220 Zeichen"));
  EXPECT_THAT(problem(std::string(5000, '6')), ::testing::HasSubstr("220 Zeichen"));
  EXPECT_THAT(problem("70" + good.substr(2)), ::testing::HasSubstr("Satzart"));
  EXPECT_THAT(problem("6020231330" + good.substr(10)), ::testing::HasSubstr("kein Tag"));
  EXPECT_THAT(problem(good.substr(0, 12) + "x" + good.substr(13)), ::testing::HasSubstr("Regionalschlüssel"));
  EXPECT_THAT(problem(good.substr(0, 22) + std::string(198, ' ')), ::testing::HasSubstr("Name"));
  EXPECT_THAT(problem(good.substr(0, 60)), ::testing::HasSubstr("keine Zahl"));  // cut in the middle
  EXPECT_THAT(problem(good.substr(0, 140) + "-1" + good.substr(142)), ::testing::HasSubstr("keine Zahl"));
  EXPECT_THAT(problem(good.substr(0, 165) + "2x846" + good.substr(170)), ::testing::HasSubstr("Postleitzahl"));
  EXPECT_THAT(problem(good.substr(0, 30) + "\x01" + good.substr(31)), ::testing::HasSubstr("Steuerzeichen"));
  EXPECT_THAT(problem(good.substr(0, 30) + "\xFF" + good.substr(31)), ::testing::HasSubstr("kein Text"));
}

TEST(Gv100ad, MakesOneAreaOfOneTerritory) {
  auto areas = areas_of({
      gv_line({.kind = "10", .key = "02", .name = "Hansestadt", .seat = "Hansestadt"}),
      gv_line({.kind = "40", .key = "02000", .name = "Hansestadt, Freie und Hansestadt", .kind_code = "41"}),
      gv_line({.kind = "50", .key = "02000   0000", .name = "Hansestadt, Freie und Hansestadt", .kind_code = "50"}),
      gv_line({.kind = "60", .key = "020000000000", .name = "Hansestadt, Freie und Hansestadt", .kind_code = "61",
               .hectares = 75509, .population = 1892122, .postal_code = "20095"}),
  });
  ASSERT_TRUE(areas) << areas.error().text();
  ASSERT_EQ(areas->size(), 1u);
  const Area& city = areas->front();
  EXPECT_EQ(city.key.digits(), "02");
  EXPECT_EQ(city.top_level, AreaLevel::state);
  EXPECT_EQ(city.level, AreaLevel::municipality);
  EXPECT_EQ(city.name, "Hansestadt, Freie und Hansestadt");
  EXPECT_EQ(city.short_name, "Hansestadt");
  EXPECT_EQ(city.kind_code, "61");
  EXPECT_EQ(city.seat, "Hansestadt");
  EXPECT_EQ(city.seat_postal_code, "20095");
  EXPECT_EQ(city.population, 1892122);
}

std::vector<std::string> district_with_two() {
  return {
      gv_line({.kind = "10", .key = "01", .name = "Land"}),
      gv_line({.kind = "40", .key = "01060", .name = "Kreis", .kind_code = "43"}),
      gv_line({.kind = "50", .key = "01060   0063", .name = "Alleinstadt", .kind_code = "50"}),
      gv_line({.kind = "60", .key = "010600630063", .name = "Alleinstadt, Stadt", .kind_code = "63"}),
      gv_line({.kind = "50", .key = "01060   5005", .name = "Amt", .kind_code = "51"}),
      gv_line({.kind = "60", .key = "010600015005", .name = "Dorf", .kind_code = "64"}),
  };
}

TEST(Gv100ad, KeepsAssociationsButNotThatOfAMunicipalityOfItsOwn) {
  auto areas = areas_of(district_with_two());
  ASSERT_TRUE(areas) << areas.error().text();
  std::vector<std::string> keys;
  for (const auto& area : *areas) keys.push_back(area.key.digits());
  EXPECT_THAT(keys, ::testing::ElementsAre("01", "01060", "010600063063", "010605005", "010605005001"));
}

TEST(Gv100ad, NoticesAListThatCannotBeWhole) {
  auto lines = district_with_two();
  lines.pop_back();  // the association lost its municipality
  auto cut = areas_of(lines);
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().message, ::testing::HasSubstr("abgeschnitten"));

  lines = district_with_two();
  lines.erase(lines.begin());
  auto stateless = areas_of(lines);
  ASSERT_FALSE(stateless);
  EXPECT_THAT(stateless.error().message, ::testing::HasSubstr("Das Land"));

  EXPECT_FALSE(areas_of({}));
}

TEST(Gv100ad, RefusesAKeyTwiceAndASecondDay) {
  auto lines = district_with_two();
  lines.push_back(lines.back());
  auto twice = areas_of(lines);
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().message, ::testing::HasSubstr("zweimal"));

  lines = district_with_two();
  lines.push_back(gv_line({.kind = "60", .day = "20240101", .key = "010600025005", .name = "Dorf 2"}));
  auto other_day = areas_of(lines);
  ASSERT_FALSE(other_day);
  EXPECT_THAT(other_day.error().message, ::testing::HasSubstr("Stand"));
}

TEST(Gv100ad, ReadsLatin1) { EXPECT_EQ(latin1_to_utf8("K\xF6ln \xDF A"), "Köln ß A"); }

}  // namespace
}  // namespace verbund::directory
