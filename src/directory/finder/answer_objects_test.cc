// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/answer_objects.h"

#include <gtest/gtest.h>

#include "directory/finder/finder_test_support.h"

namespace verbund::directory {
namespace {

using namespace testing;

TEST(AnswerObjects, AreTheServiceWhoDoesItHereAndWhoSaysSo) {
  FinderStore store;
  put_test_services(store);
  const Finder finder(store.database(), {}, day());
  const auto snapshot = finder.snapshot();
  store.database().read([&](store::Connection& connection) {
    SayingIndex sayings;
    std::size_t answered = 0;
    for (const auto& row : rows("services.tsv")) {
      const std::size_t dot = row[0].find('.');
      const ObjectId service = oid(row[0].substr(0, dot), row[0].substr(dot + 1));
      const auto nobody = objects_of_answer(*snapshot, connection, sayings, service, key("99")).value();
      ASSERT_FALSE(nobody.empty());
      EXPECT_EQ(nobody.front(), ObjectName(ObjectKind::service, service));
      if (row[1] == "-") continue;
      const auto here = objects_of_answer(*snapshot, connection, sayings, service, key(row[1])).value();
      ASSERT_EQ(here.size(), 3u) << row[0];
      EXPECT_EQ(here[1], ObjectName(ObjectKind::unit, oid("A", row[1])));
      EXPECT_EQ(here[2], ObjectName(ObjectKind::responsibility, service));
      ++answered;
    }
    EXPECT_GT(answered, 0u);
  });
}

}  // namespace
}  // namespace verbund::directory
