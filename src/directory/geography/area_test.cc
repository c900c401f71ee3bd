// SPDX-License-Identifier: EUPL-1.2
#include "directory/geography/area.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace verbund::directory {
namespace {

using ::testing::ElementsAre;

AreaKey area_key(std::string_view digits) { return AreaKey::parse(digits).value(); }

std::vector<std::string> ancestors(std::string_view digits) {
  std::vector<std::string> out;
  for (const AreaKey& above : area_key(digits).with_ancestors()) out.push_back(above.digits());
  return out;
}

TEST(AreaKeys, HaveOneShortestForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"00", ""},
      {"000000000000", ""},
      {"01", "01"},
      {"010", "01"},
      {"01000", "01"},
      {"110000000000", "11"},                  // Berlin
      {"01001", "01001"},                      // Flensburg: region 0 stays inside the key
      {"010010000000", "01001"},
      {"053", "053"},
      {"05300", "053"},
      {"05334", "05334"},
      {"053340000", "05334"},
      {"053340002002", "053340002002"},
      {"010600063063", "010600063063"},        // Norderstedt
      {"01060006", "010600060"},               // 8 digits are padded to an association
      {"0106006306", "010600630600"},
      {"1", "10"},
      {"000000000001", "000000000001"},        // no part is cut before one that says something
  };
  for (const auto& [given, expected] : cases) EXPECT_EQ(area_key(given).digits(), expected) << given;
}

TEST(AreaKeys, RefuseWhatIsNoKey) {
  for (const char* text : {"x", "01x", "-1", " 01", "0100100000000", "٠١"})
    EXPECT_FALSE(AreaKey::parse(text)) << text;
}

TEST(AreaKeys, PadToTwelveDigits) {
  EXPECT_EQ(area_key("").padded(), "000000000000");
  EXPECT_EQ(area_key("01001").padded(), "010010000000");
  EXPECT_EQ(area_key(area_key("053340002002").padded()), area_key("053340002002"));
}

TEST(AreaKeys, ContainWhatTheyArePrefixOf) {
  EXPECT_TRUE(area_key("").contains(area_key("010600063063")));
  EXPECT_TRUE(area_key("01060").contains(area_key("010600063063")));
  EXPECT_TRUE(area_key("01060").contains(area_key("01060")));
  EXPECT_FALSE(area_key("01060").contains(area_key("01")));
  EXPECT_FALSE(area_key("01060").contains(area_key("01061")));
}

TEST(AreaKeys, KnowTheirAncestors) {
  EXPECT_THAT(ancestors("053340002002"), ElementsAre("053340002002", "053340002", "05334", "053", "05", ""));
  EXPECT_THAT(ancestors("010600063063"), ElementsAre("010600063063", "010600063", "01060", "01", ""));
  EXPECT_THAT(ancestors("010600000012"), ElementsAre("010600000012", "01060", "01", ""));
  EXPECT_THAT(ancestors("01001"), ElementsAre("01001", "01", ""));
  EXPECT_THAT(ancestors("11"), ElementsAre("11", ""));
  EXPECT_THAT(ancestors(""), ElementsAre(""));
}

TEST(AreaKeys, AreContainedInEachAncestor) {
  for (const char* digits : {"053340002002", "010600063063", "01001", "09162", "11", ""})
    for (const AreaKey& above : area_key(digits).with_ancestors()) EXPECT_TRUE(above.contains(area_key(digits)));
}

TEST(Areas, HaveAMunicipalityKeyIfTheyAreOne) {
  Area area;
  area.key = area_key("010600063063");
  EXPECT_EQ(municipality_key(area), "01060063");
  area.key = area_key("01001");
  area.top_level = AreaLevel::district;
  EXPECT_EQ(municipality_key(area), "01001000");
  area.key = area_key("11");
  EXPECT_EQ(municipality_key(area), "11000000");
  area.level = AreaLevel::district;
  EXPECT_EQ(municipality_key(area), "");
}

TEST(Areas, KnowTheirLevelsByName) {
  for (const AreaLevel level : {AreaLevel::federation, AreaLevel::region, AreaLevel::municipality})
    EXPECT_EQ(area_level_from_name(name(level)).value(), level);
  EXPECT_FALSE(area_level_from_name("town"));
}

}  // namespace
}  // namespace verbund::directory
