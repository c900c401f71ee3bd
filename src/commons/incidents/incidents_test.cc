// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commons/incidents/open_incidents.h"
#include "commons/incidents/uptime_store.h"
#include "kits/store/testing/folder.h"

namespace verbund::commons {
namespace {

const Instant noon = *parse_time("2026-06-08T10:00:00Z");
using std::chrono::hours;
using std::chrono::minutes;

class IncidentsTest : public ::testing::Test {
 protected:
  template <typename Work>
  auto write(Work work) {
    std::optional<decltype(work(std::declval<store::Connection&>()))> out;
    EXPECT_TRUE(database_->write([&](store::Connection& connection) -> Result<void> {
      out = work(connection);
      return {};
    }));
    return std::move(*out);
  }
  Result<std::int64_t> open(const Incident& incident) {
    return write([&](store::Connection& c) { return IncidentStore(c).open(incident); });
  }
  std::vector<Incident> list(Instant since) {
    std::vector<Incident> out;
    database_->read([&](store::Connection& c) { out = IncidentStore(c).list(since); });
    return out;
  }
  void sample(Instant at, bool good) {
    write([&](store::Connection& c) {
      UptimeStore(c).add(at, {{"search", good}});
      return 0;
    });
  }
  std::vector<UptimeDay> days(Instant now, int count) {
    std::vector<UptimeDay> out;
    database_->read([&](store::Connection& c) { out = UptimeStore(c).days("search", now, count); });
    return out;
  }

  store::testing::Folder folder_;
  std::unique_ptr<store::Database> database_ =
      std::move(store::Database::open({.path = folder_.store("x.sqlite")}, incident_migrations()).value());
};

Incident broken() {
  Incident out;
  out.part = "search";
  out.begins = noon;
  out.titles = {{"de", "Die Suche ist langsam"}, {"en", "The search is slow"}};
  out.updates = {{noon, {{"de", "Wir suchen den Grund."}}}};
  return out;
}

TEST_F(IncidentsTest, WhatIsIncompleteIsNotOpened) {
  Incident no_title = broken();
  no_title.titles.erase("de");
  Incident part = broken();
  part.part = "kaffee";
  Incident late = broken();
  late.ends = noon - hours{1};
  Incident longer = broken();
  longer.titles["de"] = std::string(121, 'x');
  for (const Incident& one : {no_title, part, late, longer}) EXPECT_EQ(open(one).error().code, ErrorCode::invalid);
}

TEST_F(IncidentsTest, AnIncidentIsOpenedToldAndClosed) {
  EXPECT_EQ(open(broken()).value(), 1);
  const auto update = [&](std::int64_t number, IncidentTexts texts) {
    return write([&](store::Connection& c) { return IncidentStore(c).update(number, texts, noon + minutes{5}); });
  };
  EXPECT_EQ(update(2, {{"de", "x"}}).error().code, ErrorCode::not_found);
  EXPECT_EQ(update(1, {{"en", "x"}}).error().code, ErrorCode::invalid);
  EXPECT_TRUE(update(1, {{"de", "Gefunden."}, {"en", "Found."}}));
  auto now = list(noon + hours{1});
  ASSERT_EQ(now.size(), 1u);
  EXPECT_EQ(now[0].titles.find("en")->second, "The search is slow");
  ASSERT_EQ(now[0].updates.size(), 2u);
  EXPECT_EQ(now[0].updates[1].texts.find("en")->second, "Found.");
  EXPECT_EQ(now[0].changed(), noon + minutes{5});
  EXPECT_TRUE(now[0].active(noon));
  EXPECT_FALSE(now[0].active(noon - minutes{1}));

  const auto close = [&] {
    return write([&](store::Connection& c) { return IncidentStore(c).close(1, {{"de", "Behoben."}}, noon + hours{1}); });
  };
  EXPECT_TRUE(close());
  EXPECT_EQ(close().error().code, ErrorCode::conflict);
  EXPECT_EQ(list(noon + hours{1}).size(), 1u);
  EXPECT_EQ(list(noon + hours{2}).size(), 0u);
}

TEST_F(IncidentsTest, PagesAreToldOfWhatConcernsCitizensNow) {
  OpenIncidents open_now;
  const auto refresh = [&](Instant at) {
    bool changed = false;
    database_->read([&](store::Connection& c) { changed = open_now.refresh(c, at); });
    return changed;
  };
  EXPECT_FALSE(refresh(noon));
  Incident quiet = broken();
  quiet.citizens = false;
  Incident planned = broken();
  planned.maintenance = true;
  planned.begins = noon + hours{2};
  planned.ends = noon + hours{3};
  ASSERT_TRUE(open(quiet) && open(planned));
  EXPECT_FALSE(refresh(noon));
  EXPECT_TRUE(refresh(noon + hours{2}));
  EXPECT_EQ(open_now.now()->size(), 1u);
  EXPECT_FALSE(refresh(noon + hours{2} + minutes{1}));
  EXPECT_TRUE(refresh(noon + hours{3}));
  EXPECT_TRUE(open_now.now()->empty());
  EXPECT_EQ(open_now.version(), 2u);
}

TEST_F(IncidentsTest, AMinuteCountsOnceAndAGapIsDown) {
  EXPECT_EQ(days(noon, 2)[1].minutes, 0) << "nothing was observed";
  sample(noon, true);
  sample(noon + std::chrono::seconds{30}, true);
  sample(noon + minutes{1}, false);
  sample(noon + minutes{4}, true);   // two minutes without the program
  const auto today = days(noon + minutes{4}, 2);
  EXPECT_EQ(today[0].minutes, 0) << "before the first observation";
  EXPECT_EQ(today[1].day, "2026-06-08");
  EXPECT_EQ(today[1].minutes, 5);
  EXPECT_EQ(today[1].good, 2);
  EXPECT_EQ(days(noon + minutes{5}, 1)[0].minutes, 5) << "the minute that passes was not looked at yet";
  EXPECT_EQ(days(noon + minutes{6}, 1)[0].minutes, 6);
  const auto later = days(noon + hours{48}, 3);
  EXPECT_EQ(later[0].minutes, 1440 - 12 * 60);
  EXPECT_EQ(later[1].minutes, 1440);
  EXPECT_EQ(later[1].good, 0);
  EXPECT_EQ(write([&](store::Connection& c) { return UptimeStore(c).remove_before("2026-06-09"); }), 1);
}

TEST(Days, FollowTheClockInBerlin) {
  EXPECT_EQ(berlin_day(*parse_time("2026-06-08T22:30:00Z")), "2026-06-09");
  EXPECT_EQ(day_plus("2026-03-28", 1), "2026-03-29");
  EXPECT_EQ(day_plus("2026-03-29", 1), "2026-03-30");
  EXPECT_EQ(day_plus("2026-10-25", 1), "2026-10-26");
  EXPECT_EQ(day_plus("2026-03-01", -1), "2026-02-28");
}

}  // namespace
}  // namespace verbund::commons
