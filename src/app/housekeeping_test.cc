// SPDX-License-Identifier: EUPL-1.2
#include "app/housekeeping.h"

#include <gtest/gtest.h>

#include "app/node.h"
#include "commons/voice/barrier_store.h"
#include "commons/voice/feedback_store.h"
#include "kits/store/testing/folder.h"

namespace verbund::app {
namespace {

using commons::BarrierStore;
using commons::FeedbackStore;

TEST(Housekeeping, DeletesWhatIsDueAndNotesWhatWorks) {
  const store::testing::Folder folder;
  const Instant now = *parse_time("2026-06-08T10:00:00Z");
  auto database = store::Database::open({.path = folder.store("node.sqlite")}, node_migrations()).value();
  ASSERT_TRUE(database->write([&](store::Connection& connection) -> Result<void> {
    FeedbackStore feedback(connection);
    for (const char* day : {"2026-05-09", "2026-05-08"}) {
      commons::Feedback one;
      one.id = day;
      one.day = day;
      one.subject = {"stadt", "1"};
      if (auto added = feedback.add(one, now); !added) return added;
    }
    for (const char* day : {"2026-06-08", "2026-06-09"}) {
      commons::BarrierReport report;
      report.text = day;
      report.delete_on = day;
      if (auto added = BarrierStore(connection).add(report); !added) return pass(added);
    }
    return {};
  }));
  const HousekeepingOptions options{.keep_feedback_days = 30, .keep_uptime_days = 400, .look = [] {
    return std::vector<commons::UptimeSample>{{"search", true}, {"network", false}};
  }};
  ASSERT_TRUE(Housekeeping::round(*database, now, options));
  database->read([&](store::Connection& connection) {
    std::vector<std::string> left;
    FeedbackStore(connection).each({}, [&](const commons::Feedback& one) { left.push_back(one.day); });
    EXPECT_EQ(left, std::vector<std::string>{"2026-05-09"});
    const auto reports = BarrierStore(connection).list("");
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].delete_on, "2026-06-09");
    EXPECT_EQ(commons::UptimeStore(connection).days("search", now, 1)[0].good, 1);
    EXPECT_EQ(commons::UptimeStore(connection).days("network", now, 1)[0].good, 0);
  });
}

}  // namespace
}  // namespace verbund::app
