// SPDX-License-Identifier: EUPL-1.2
#include "directory/geography/area_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kits/store/testing/folder.h"

namespace verbund::directory {
namespace {

using ::testing::ElementsAre;

AreaKey key(std::string_view digits) { return AreaKey::parse(digits).value(); }

Area area(std::string_view digits, std::string name, AreaLevel level, std::int64_t population = 0) {
  Area out;
  out.key = key(digits);
  out.name = name + ", amtlich";
  out.short_name = std::move(name);
  out.level = out.top_level = level;
  out.population = population;
  return out;
}

std::vector<Area> small_country() {
  return {area("", "Deutschland", AreaLevel::federation, 84'000'000),
          area("01", "Schleswig-Holstein", AreaLevel::state, 2'900'000),
          area("01055", "Ostholstein", AreaLevel::district),
          area("01060", "Segeberg", AreaLevel::district),
          area("010550032032", "Neustadt", AreaLevel::municipality, 15'000),
          area("010600063063", "Norderstedt", AreaLevel::municipality, 80'000),
          area("09184", "München", AreaLevel::district, 350'000),
          area("09162", "München", AreaLevel::municipality, 1'500'000),
          area("091845101", "München", AreaLevel::association),
          area("064350014014", "Hanau", AreaLevel::municipality, 98'000)};
}

class AreaStoreTest : public ::testing::Test {
 protected:
  AreaStoreTest() {
    auto opened = store::Database::open({.path = folder_.store("node.sqlite")}, area_migrations());
    EXPECT_TRUE(opened) << opened.error().text();
    database_ = std::move(*opened);
  }

  AreaStore::Outcome replace(const std::vector<Area>& areas, std::string_view day) {
    AreaStore::Outcome out;
    auto done = database_->write([&](store::Connection& connection) -> Result<void> {
      auto outcome = AreaStore(connection).replace_all(areas, day);
      if (!outcome) return pass(outcome);
      out = *outcome;
      return {};
    });
    error_ = done ? std::nullopt : std::optional(done.error().code);
    return out;
  }

  AreaStore::Outcome replace_codes(const std::vector<PostalCodeEntry>& entries,
                                   std::vector<PostalCodeEntry>* unknown = nullptr) {
    AreaStore::Outcome out;
    auto done = database_->write([&](store::Connection& connection) -> Result<void> {
      auto outcome = AreaStore(connection).replace_postal_codes(entries, unknown);
      if (!outcome) return pass(outcome);
      out = *outcome;
      return {};
    });
    error_ = done ? std::nullopt : std::optional(done.error().code);
    return out;
  }

  std::optional<Area> find(std::string_view digits) {
    std::optional<Area> out;
    database_->read([&](store::Connection& connection) { out = AreaStore(connection).area(key(digits)); });
    return out;
  }

  std::vector<std::string> codes() {
    std::vector<std::string> out;
    database_->read([&](store::Connection& connection) {
      AreaStore(connection).each_postal_code([&](const PostalCodeEntry& entry) {
        out.push_back(entry.postal_code + " " + entry.area.digits() + " " + entry.place);
      });
    });
    return out;
  }

  store::testing::Folder folder_;
  std::unique_ptr<store::Database> database_;
  std::optional<ErrorCode> error_;
};

TEST_F(AreaStoreTest, KeepsEveryFieldOfAnArea) {
  Area given = area("010600063063", "Norderstedt", AreaLevel::municipality, 81'000);
  given.top_level = AreaLevel::district;
  given.kind_code = "63";
  given.hectares = 5810;
  given.seat = "Rathaus";
  given.seat_postal_code = "22846";
  EXPECT_EQ(replace({given}, "2023-11-30").added, 1);
  const auto found = find("010600063063");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "Norderstedt, amtlich");
  EXPECT_EQ(found->short_name, "Norderstedt");
  EXPECT_EQ(found->level, AreaLevel::municipality);
  EXPECT_EQ(found->top_level, AreaLevel::district);
  EXPECT_EQ(found->kind_code, "63");
  EXPECT_EQ(found->population, 81'000);
  EXPECT_EQ(found->hectares, 5810);
  EXPECT_EQ(found->seat, "Rathaus");
  EXPECT_EQ(found->seat_postal_code, "22846");
  EXPECT_EQ(found->valid_from, "");
  EXPECT_EQ(found->valid_until, "");
  EXPECT_EQ(found->slug, "norderstedt");
  EXPECT_FALSE(find("01060"));
}

TEST_F(AreaStoreTest, IsRepeatableWithoutEffect) {
  EXPECT_EQ(replace(small_country(), "2023-11-30").added, 10);
  const auto again = replace(small_country(), "2023-11-30");
  EXPECT_EQ(again.unchanged, 10);
  EXPECT_EQ(again.added + again.changed + again.ended, 0);
}

TEST_F(AreaStoreTest, GivesTownsTheShortSlug) {
  auto areas = small_country();
  areas.push_back(area("010600075075", "Neustadt", AreaLevel::municipality, 900));
  areas.push_back(area("021230000001", "Neustadt", AreaLevel::municipality, 800));  // no district known
  replace(areas, "2023-11-30");
  EXPECT_EQ(find("010550032032")->slug, "neustadt");
  EXPECT_EQ(find("010600075075")->slug, "neustadt-segeberg");
  EXPECT_EQ(find("021230000001")->slug, "neustadt-021230000001");
  EXPECT_EQ(find("09162")->slug, "muenchen");
  EXPECT_EQ(find("09184")->slug, "muenchen-kreis");
  EXPECT_EQ(find("091845101")->slug, "muenchen-verband");
  EXPECT_EQ(find("01060")->slug, "segeberg");
  EXPECT_EQ(find("")->slug, "deutschland");
}

TEST_F(AreaStoreTest, LetsSlugsStayWhenALargerTownComes) {
  auto areas = small_country();
  replace(areas, "2023-11-30");
  areas.push_back(area("010600075075", "Neustadt", AreaLevel::municipality, 900'000));
  areas[5].short_name = "Norderstedt am See";
  const auto outcome = replace(areas, "2024-06-30");
  EXPECT_EQ(outcome.added, 1);
  EXPECT_EQ(outcome.changed, 1);
  EXPECT_EQ(find("010550032032")->slug, "neustadt");
  EXPECT_EQ(find("010600075075")->slug, "neustadt-segeberg");
  EXPECT_EQ(find("010600063063")->slug, "norderstedt");
  EXPECT_EQ(find("010600063063")->short_name, "Norderstedt am See");
}

TEST_F(AreaStoreTest, EndsAnAreaAndNamesItsSuccessor) {
  auto areas = small_country();
  replace(areas, "2023-11-30");
  areas.back() = area("06415", "Hanau", AreaLevel::municipality, 99'000);
  const auto outcome = replace(areas, "2026-01-01");
  EXPECT_EQ(outcome.added, 1);
  EXPECT_EQ(outcome.ended, 1);
  const auto old = find("064350014014");
  EXPECT_EQ(old->valid_until, "2026-01-01");
  EXPECT_EQ(old->successor, key("06415"));
  EXPECT_EQ(find("06415")->valid_from, "2026-01-01");
  EXPECT_NE(find("06415")->slug, old->slug);
  const auto again = replace(areas, "2026-01-01");
  EXPECT_EQ(again.added + again.changed + again.ended, 0);
}

TEST_F(AreaStoreTest, NamesNoSuccessorWhereSeveralOrOthersFit) {
  auto areas = small_country();
  replace(areas, "2023-11-30");
  areas.back() = area("064350014015", "Hanau", AreaLevel::municipality);
  areas.push_back(area("064350014016", "Hanau", AreaLevel::municipality));
  areas[4] = area("020550032032", "Neustadt", AreaLevel::municipality);  // another state
  replace(areas, "2026-01-01");
  EXPECT_EQ(find("064350014014")->successor, AreaKey());
  EXPECT_EQ(find("010550032032")->valid_until, "2026-01-01");
  EXPECT_EQ(find("010550032032")->successor, AreaKey());
}

TEST_F(AreaStoreTest, TakesAnAreaBackThatHadEnded) {
  const auto all = small_country();
  auto fewer = all;
  fewer.pop_back();
  replace(all, "2023-11-30");
  EXPECT_EQ(replace(fewer, "2024-01-01").ended, 1);
  EXPECT_EQ(replace(all, "2024-02-01").changed, 1);
  EXPECT_EQ(find("064350014014")->valid_until, "");
}

TEST_F(AreaStoreTest, RefusesAnEmptyADoubleAndAnOlderList) {
  replace(small_country(), "2023-11-30");
  replace({}, "2024-01-01");
  EXPECT_EQ(error_, ErrorCode::invalid);
  replace({small_country()[0], small_country()[0]}, "2024-01-01");
  EXPECT_EQ(error_, ErrorCode::invalid);
  replace(small_country(), "2023-11-29");
  EXPECT_EQ(error_, ErrorCode::conflict);
  database_->read([](store::Connection& connection) { EXPECT_EQ(AreaStore(connection).list_day(), "2023-11-30"); });
  EXPECT_EQ(find("01060")->valid_until, "");
}

TEST_F(AreaStoreTest, ReplacesPostalCodesAndGivesUnknownAreasBack) {
  replace(small_country(), "2023-11-30");
  std::vector<PostalCodeEntry> unknown;
  const auto first = replace_codes({{"22846", key("010600063063"), "Norderstedt"},
                                    {"22844", key("010600063063"), "Norderstedt"},
                                    {"22844", key("010550032032"), "Neustadt"},
                                    {"99999", key("160000000001"), "Nirgendwo"}}, &unknown);
  EXPECT_EQ(first.added, 3);
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_EQ(unknown[0].postal_code, "99999");
  EXPECT_THAT(codes(), ElementsAre("22844 010550032032 Neustadt", "22844 010600063063 Norderstedt",
                                   "22846 010600063063 Norderstedt"));
  const auto second = replace_codes({{"22846", key("010600063063"), "Norderstedt-Mitte"},
                                     {"22844", key("010600063063"), "Norderstedt"},
                                     {"22844", key("010600063063"), "Garstedt"}});
  EXPECT_EQ(second.changed, 1);
  EXPECT_EQ(second.unchanged, 1);
  EXPECT_EQ(second.ended, 1);
  EXPECT_THAT(codes(), ElementsAre("22844 010600063063 Norderstedt", "22846 010600063063 Norderstedt-Mitte"));
  replace_codes({});
  EXPECT_EQ(error_, ErrorCode::invalid);
  EXPECT_EQ(codes().size(), 2u);
}

TEST_F(AreaStoreTest, RestoresExactlyWhatAnotherStoreHad) {
  auto areas = small_country();
  replace(areas, "2023-11-30");
  areas.back() = area("06415", "Hanau", AreaLevel::municipality, 99'000);
  replace(areas, "2026-01-01");
  replace_codes({{"22846", key("010600063063"), "Norderstedt"}});
  std::vector<Area> all;
  database_->read([&](store::Connection& connection) {
    AreaStore(connection).each_area([&](const Area& each) { all.push_back(each); });
  });
  ASSERT_EQ(all.size(), 11u);

  auto other = store::Database::open({.path = folder_.store("other.sqlite")}, area_migrations()).value();
  ASSERT_TRUE(other->write([&](store::Connection& connection) -> Result<void> {
    AreaStore(connection).restore(all, {{"22846", key("010600063063"), "Norderstedt"}}, "2026-01-01");
    return {};
  }));
  other->read([&](store::Connection& connection) {
    const AreaStore copy(connection);
    EXPECT_EQ(copy.list_day(), "2026-01-01");
    std::size_t i = 0;
    copy.each_area([&](const Area& each) {
      ASSERT_LT(i, all.size());
      EXPECT_EQ(each.key, all[i].key);
      EXPECT_EQ(each.slug, all[i].slug);
      EXPECT_EQ(each.valid_until, all[i].valid_until);
      EXPECT_EQ(each.successor, all[i].successor);
      ++i;
    });
    EXPECT_EQ(i, all.size());
  });
}

}  // namespace
}  // namespace verbund::directory
