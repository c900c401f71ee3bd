// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/places.h"

#include <charconv>

#include "directory/finder/finder_test_support.h"

namespace verbund::directory::finder {
namespace {

using testing::key;

Places some_places() { return Places(testing::some_areas(), testing::some_postal_codes()); }

std::string keys_of(const Places& places, std::string_view query, std::size_t limit = 10) {
  std::string out;
  for (const Places::Match& match : places.find(query, limit)) {
    out += (out.empty() ? "" : " ") + match.area->key.digits() + (match.exact ? "!" : "");
  }
  return out;
}

std::string only(const Places& places, std::string_view query) {
  const Area* area = places.only(query);
  return area == nullptr ? "none" : area->key.digits();
}

TEST(Places, FindsByKeyPostalCodeAndName) {
  const Places places = some_places();
  const struct { const char* query; const char* found; } cases[] = {
      {"010600063063", "010600063063!"},            // ARS
      {"01060063", "010600063063!"},                // AGS
      {"01002000", "01002!"},
      {"01060", "01060!"},                          // a district
      {"22846", "010600063063!"},                   // postal code
      {"2284", "010600063063"},                     // being typed
      {"23795", "010600063063! 010600005005!"},     // two municipalities share it (one joined Norderstedt)
      {"22846 Norderstedt", "010600063063!"},
      {"Norderstedt", "010600063063!"},
      {"norderstedt, stadt", "010600063063!"},
      {"  NORDER ", "010600063063"},
      {"Muenchen", "09162! 09184!"},                // the city before the district of the same name
      {"münchen", "09162! 09184!"},
      {"Munchen", "09162! 09184!"},
      {"Landkreis München", "09184!"},
      {"Kreis Segeberg", "01060!"},
      {"Frankfurt", "06412 12053"},                 // by population
      {"Frankfurt (Oder)", "12053!"},
      {"frankfurt oder", "12053!"},
      {"Neustadt", "065340016016! 071435004053! 010550032032"},
      {"Neustadt (Westerwaldkreis)", "071435004053!"},
      {"Neustadt (Landkreis Marburg-Biedenkopf)", "065340016016!"},
      {"Neustadt, Westerwald", "071435004053!"},
      {"Segeberg", "01060! 010600005005"},
      {"Oder", "12053"},                            // a word inside
      {"Nordersted", "010600063063"},
      {"Norderstadt", "010600063063"},              // one letter wrong
      {"Hambrug", "02"},
      {"Altdorf", ""},                              // it ended
      {"", ""}, {"  ", ""}, {"(", ""}, {"99999", ""}, {"1234567890123456", ""}, {"Atlantis", ""}, {"\xff\xfe", ""},
  };
  for (const auto& one : cases) EXPECT_EQ(keys_of(places, one.query), one.found) << one.query;
}

TEST(Places, KnowsTheOnePlaceMeantOrNone) {
  const Places places = some_places();
  const struct { const char* query; const char* found; } cases[] = {
      {"22846", "010600063063"}, {"23795", "none"},   {"norderstedt", "010600063063"}, {"München", "09162"},
      {"Neustadt", "none"},      {"Frankfurt", "none"}, {"frankfurt-am-main", "06412"},
      {"neustadt-westerwald", "071435004053"},
      {"Neustadt (Westerwaldkreis)", "071435004053"}, {"01", "01"}, {"Hessen", "06"}, {"Hamburg", "02"},
      {"Norder", "none"}, {"", "none"}, {"010600099099", "010600063063"}, {"altdorf", "010600063063"},
  };
  for (const auto& one : cases) EXPECT_EQ(only(places, one.query), one.found) << one.query;
}

TEST(Places, EveryLabelFindsItsPlaceAgain) {
  const Places places = some_places();
  for (const Area& area : testing::some_areas()) {
    if (!area.valid_until.empty()) continue;
    EXPECT_EQ(only(places, places.label(area.key)), area.key.digits()) << places.label(area.key);
    EXPECT_EQ(only(places, area.key.digits()), area.key.digits());
    ASSERT_NE(places.by_slug(area.slug), nullptr) << area.slug;
    EXPECT_EQ(places.by_slug(area.slug)->key, area.key);
  }
}

TEST(Places, LabelsNameTheDistrictWhereTheNameIsShared) {
  const Places places = some_places();
  EXPECT_EQ(places.label(key("010600063063")), "Norderstedt");
  EXPECT_EQ(places.label(key("071435004053")), "Neustadt (Westerwaldkreis)");
  EXPECT_EQ(places.label(key("065340016016")), "Neustadt (Landkreis Marburg-Biedenkopf)");
  EXPECT_EQ(places.label(key("01060")), "Kreis Segeberg");
  EXPECT_EQ(places.label(AreaKey()), "Deutschland");
  EXPECT_EQ(places.label(key("16")), "16");
}

TEST(Places, SpellingDecidesWhereUmlautsAreTheOnlyDifference) {
  const Places places({testing::area("071435009242", "Höhn", AreaLevel::municipality, 3'000),
                       testing::area("010585847078", "Hohn", AreaLevel::municipality, 2'400)}, {});
  EXPECT_EQ(only(places, "Höhn"), "071435009242");
  EXPECT_EQ(only(places, "hohn"), "010585847078");
  EXPECT_EQ(only(places, "Hoehn"), "none");
}

TEST(Places, LandOfNoMunicipalityDoesNotMakeATownAmbiguous) {
  Area land = testing::area("031549502502", "Helmstedt, gemfr. Gebiet", AreaLevel::municipality, 0);
  land.kind_code = "66";
  const Places places({testing::area("031540028028", "Helmstedt, Stadt", AreaLevel::municipality, 25'000), land}, {});
  EXPECT_EQ(only(places, "Helmstedt"), "031540028028");
  EXPECT_EQ(places.label(key("031540028028")), "Helmstedt");
  EXPECT_EQ(only(places, places.label(land.key)), "031549502502");
}

TEST(Places, FollowsSuccessorsAndGoesUpWhereNothingIsKnown) {
  const Places places = some_places();
  EXPECT_EQ(places.nearest(key("010600099099"))->key, key("010600063063"));
  EXPECT_EQ(places.nearest(key("010600001001"))->key, key("01060"));
  EXPECT_EQ(places.nearest(key("16055")), nullptr);
  EXPECT_EQ(places.postal_codes(key("010600063063")), (std::vector<std::string>{"22844", "22846", "23795"}));
}

TEST(Places, ARingOfSuccessorsEnds) {
  std::vector<Area> areas = testing::some_areas();
  for (Area& area : areas) {
    if (area.slug == "norderstedt") {
      area.valid_until = "2026-01-01";
      area.successor = key("010600099099");
    }
  }
  const Places places(areas, {});
  EXPECT_NE(places.nearest(key("010600099099")), nullptr);
}

std::int64_t number(const std::string& text) {
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

// All of Germany, from the data inside the program.
std::vector<std::vector<std::string>> table(const std::string& name) {
  std::ifstream in(std::string(VERBUND_SOURCE_DIR "/data/geography/") + name);
  std::vector<std::vector<std::string>> out;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    out.emplace_back();
    for (const std::string_view cell : split(line, '\t')) out.back().emplace_back(cell);
  }
  return out;
}

TEST(Places, EveryMunicipalityOfGermanyIsFoundByItsLabelAndItsKey) {
  std::vector<Area> areas;
  for (const auto& row : table("areas.tsv")) {
    ASSERT_GE(row.size(), 7U);
    Area area;
    area.key = key(row[0]);
    area.level = *area_level_from_name(row[1]);
    area.top_level = *area_level_from_name(row[2]);
    area.kind_code = row[3];
    area.name = row[4];
    area.short_name = row[5];
    area.population = number(row[6]);
    areas.push_back(area);
  }
  std::vector<PostalCodeEntry> codes;
  for (const auto& row : table("postal-codes.tsv")) codes.push_back({row.at(0), key(row.at(1)), row.at(2)});
  const Places places(areas, codes);
  std::size_t municipalities = 0, unclear = 0;
  for (const Area& area : areas) {
    if (area.level != AreaLevel::municipality) continue;
    ++municipalities;
    EXPECT_EQ(only(places, area.key.padded()), area.key.digits());
    if (only(places, places.label(area.key)) != area.key.digits()) {
      ++unclear;
      if (unclear < 10) ADD_FAILURE() << area.key.digits() << " " << places.label(area.key);
    }
  }
  EXPECT_GT(municipalities, 10'000U);
  EXPECT_EQ(unclear, 0U);
  EXPECT_EQ(places.find("Frankfurt", 10).at(0).area->key, key("06412"));
  EXPECT_EQ(only(places, "22846"), "010600063063");
}

}  // namespace
}  // namespace verbund::directory::finder
