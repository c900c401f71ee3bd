// SPDX-License-Identifier: EUPL-1.2
#include "directory/learning/search_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/objects/object_store.h"
#include "kits/store/testing/folder.h"

namespace verbund::directory {
namespace {

class SearchReportTest : public ::testing::Test {
 protected:
  SearchReportTest() {
    auto migrations = directory_migrations();
    for (auto& step : learning_migrations()) migrations.push_back(std::move(step));
    auto opened = store::Database::open({.path = folder_.store("node.sqlite")}, migrations);
    if (!opened) throw std::runtime_error(opened.error().text());
    database_ = std::move(*opened);
    const auto done = database_->write([](store::Connection& connection) -> Result<void> {
      Service dog;
      dog.id = *make_object_id("a", "hund");
      TextModule title;
      title.code = text_code::citizen_title;
      title.content = {{"de", "=Hund anmelden"}};
      dog.modules.texts.push_back(title);
      ObjectStore(connection).put(dog, "test", Instant());
      SearchCountStore(connection)
          .add({{"2026-06-01", "zu alt", 0, 50, 0},
                {"2026-06-07", "hund hexen", 0, 7, 0},
                {"2026-06-08", "hund hexen", 0, 5, 0},
                {"2026-06-08", "qqqq", 0, 30, 0},
                {"2026-06-07", "hund", 20, 0, 9},
                {"2026-06-08", "hund", 20, 0, 0},      // less than five clicks: how many is not known
                {"2026-06-08", "beliebt", 20, 0, 15},
                {"2026-06-09", "zu neu", 0, 50, 0}});
      return {};
    });
    if (!done) throw std::runtime_error(done.error().text());
  }
  SearchReport report() {
    SearchReport out;
    database_->read([&](store::Connection& connection) {
      out = report_searches(connection, *Snapshot::build(connection), "2026-06-08", 2);
    });
    return out;
  }

  store::testing::Folder folder_;
  std::unique_ptr<store::Database> database_;
};

TEST_F(SearchReportTest, ListsWhatFoundNothingWithTheNearestService) {
  const SearchReport found = report();
  EXPECT_EQ(found.first_day, "2026-06-07");
  ASSERT_EQ(found.without_result.size(), 2u);
  EXPECT_EQ(found.without_result[0].query, "qqqq");
  EXPECT_EQ(found.without_result[0].searches, 30);
  EXPECT_FALSE(found.without_result[0].nearest);
  EXPECT_EQ(found.without_result[1].query, "hund hexen");
  EXPECT_EQ(found.without_result[1].searches, 12);
  EXPECT_EQ(found.without_result[1].days, 2);
  ASSERT_TRUE(found.without_result[1].nearest);
  EXPECT_EQ(found.without_result[1].nearest->id.local, "hund");
}

TEST_F(SearchReportTest, SaysHowManyClicksThereCanHaveBeen) {
  const SearchReport found = report();
  ASSERT_EQ(found.seldom_clicked.size(), 1u);
  EXPECT_EQ(found.seldom_clicked[0].query, "hund");
  EXPECT_EQ(found.seldom_clicked[0].searches, 40);
  EXPECT_EQ(found.seldom_clicked[0].clicks_least, 9);
  EXPECT_EQ(found.seldom_clicked[0].clicks_most, 13);
}

TEST_F(SearchReportTest, ASpreadsheetGetsNoFormula) {
  EXPECT_THAT(to_tsv(report()), ::testing::HasSubstr("without_result\thund hexen\t12\t0\t0\t2\ta.LB.hund\t'=Hund anmelden\n"));
}

}  // namespace
}  // namespace verbund::directory
