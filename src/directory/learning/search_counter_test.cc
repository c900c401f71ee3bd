// SPDX-License-Identifier: EUPL-1.2
#include "directory/learning/search_counter.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "kits/store/testing/folder.h"

namespace verbund::directory {
namespace {

using store::testing::Folder;
using Outcome = SearchCounter::Outcome;

std::unique_ptr<store::Database> open_in(const Folder& folder, int busy_timeout_ms = 30'000) {
  auto database =
      store::Database::open({.path = folder.store("node.sqlite"), .busy_timeout_ms = busy_timeout_ms}, learning_migrations());
  if (!database) throw std::runtime_error(database.error().text());
  return std::move(*database);
}

std::vector<SearchCount> rows(store::Database& database) {
  std::vector<SearchCount> out;
  database.read([&](store::Connection& connection) {
    SearchCountStore(connection).each("0000-00-00", "9999-99-99", [&](const SearchCount& one) { out.push_back(one); });
  });
  return out;
}

// All bytes of all files of the node, the write-ahead log too.
std::string bytes_on_disk(const Folder& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    all += bytes.str();
  }
  return all;
}

void count(SearchCounter& counter, std::string_view query, Outcome outcome, int times) {
  for (int i = 0; i < times; ++i) counter.count(query, outcome);
}

class SearchCounterTest : public ::testing::Test {
 protected:
  void save() { ASSERT_TRUE(counter_.save(*database_).has_value()); }

  Folder folder_;
  FixedClock clock_{*parse_time("2026-06-08T10:00:00Z")};
  std::unique_ptr<store::Database> database_ = open_in(folder_);
  SearchCounter counter_{clock_, 400};
};

TEST_F(SearchCounterTest, FourSearchesLeaveNothingOnTheDisk) {
  count(counter_, "Hundeführerschein", Outcome::nothing, 4);
  count(counter_, "Hundeführerschein", Outcome::found, 4);
  count(counter_, "Hundeführerschein", Outcome::clicked, 4);
  count(counter_, "anderes", Outcome::nothing, 5);
  save();
  EXPECT_EQ(bytes_on_disk(folder_).find("hundef"), std::string::npos);
  if (!store::testing::on_server()) {   // whose files lie elsewhere: there the rows below must do
    EXPECT_NE(bytes_on_disk(folder_).find("anderes"), std::string::npos);
  }
  EXPECT_EQ(rows(*database_), (std::vector<SearchCount>{{"2026-06-08", "anderes", 0, 5, 0}}));
}

TEST_F(SearchCounterTest, TheFifthSearchBringsTheCountThere) {
  count(counter_, "Hundeführerschein", Outcome::nothing, 4);
  save();
  EXPECT_TRUE(rows(*database_).empty());
  counter_.count(" HUNDEFÜHRERSCHEIN?", Outcome::nothing);
  save();
  EXPECT_EQ(rows(*database_), (std::vector<SearchCount>{{"2026-06-08", "hundeführerschein", 0, 5, 0}}));
  counter_.count("hundeführerschein", Outcome::nothing);
  save();
  save();
  EXPECT_EQ(rows(*database_)[0].without_result, 6);
}

TEST_F(SearchCounterTest, EachOutcomeHasItsOwnThreshold) {
  count(counter_, "ausweis", Outcome::found, 9);
  count(counter_, "ausweis", Outcome::nothing, 4);
  count(counter_, "ausweis", Outcome::clicked, 5);
  save();
  EXPECT_EQ(rows(*database_), (std::vector<SearchCount>{{"2026-06-08", "ausweis", 9, 0, 5}}));
}

TEST_F(SearchCounterTest, TheDayEndsInBerlin) {
  clock_.set(*parse_time("2026-06-08T21:59:59Z"));   // 23:59:59 in Berlin
  count(counter_, "ausweis", Outcome::found, 5);
  count(counter_, "selten", Outcome::found, 4);
  clock_.set(*parse_time("2026-06-08T22:00:00Z"));
  count(counter_, "ausweis", Outcome::found, 4);
  EXPECT_EQ(counter_.queries(), 1u);
  counter_.count("selten", Outcome::found);          // the first of this day
  save();
  EXPECT_EQ(rows(*database_), (std::vector<SearchCount>{{"2026-06-08", "ausweis", 5, 0, 0}}));
  counter_.count("ausweis", Outcome::found);
  save();
  EXPECT_EQ(rows(*database_),
            (std::vector<SearchCount>{{"2026-06-08", "ausweis", 5, 0, 0}, {"2026-06-09", "ausweis", 5, 0, 0}}));
}

TEST_F(SearchCounterTest, ADayWithoutVisitorsIsForgottenAtTheNextSave) {
  count(counter_, "selten", Outcome::found, 4);
  clock_.set(*parse_time("2026-06-10T10:00:00Z"));
  save();
  EXPECT_EQ(counter_.queries(), 0u);
  EXPECT_TRUE(rows(*database_).empty());
}

TEST_F(SearchCounterTest, PersonalWordsAreNotEvenInMemory) {
  count(counter_, "erika@example.de", Outcome::nothing, 9);
  count(counter_, "Rathausallee 50", Outcome::nothing, 9);
  count(counter_, "0171 1234567", Outcome::nothing, 9);
  EXPECT_EQ(counter_.queries(), 0u);
}

TEST_F(SearchCounterTest, AFloodOfDistinctWordsKeepsWhatIsSearchedOften) {
  count(counter_, "ausweis", Outcome::found, 4);
  count(counter_, "alt", Outcome::found, 1);
  const auto word = [](int i) {
    std::string out = "w";
    for (; i > 0; i /= 26) out += static_cast<char>('a' + i % 26);
    return out;
  };
  for (int i = 0; i < 50'000; ++i) {
    counter_.count(word(i), Outcome::nothing);
    ASSERT_LE(counter_.queries(), SearchCounter::most_queries);
  }
  counter_.count("ausweis", Outcome::found);
  count(counter_, "alt", Outcome::found, 4);          // its first one was forgotten: rare and old
  save();
  EXPECT_EQ(rows(*database_), (std::vector<SearchCount>{{"2026-06-08", "ausweis", 5, 0, 0}}));
}

TEST_F(SearchCounterTest, AFloodAboveTheThresholdFillsNeitherMemoryNorDisk) {
  int number = 0;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 3'000; ++i, ++number) {
      std::string word = "w";
      for (int rest = number; rest > 0; rest /= 26) word += static_cast<char>('a' + rest % 26);
      count(counter_, word, Outcome::found, 5);
    }
    ASSERT_LE(counter_.queries(), SearchCounter::most_queries);
    save();
  }
  EXPECT_EQ(rows(*database_).size(), static_cast<std::size_t>(SearchCountStore::most_rows_a_day));
}

TEST_F(SearchCounterTest, RowsPastTheirTimeAreDeleted) {
  ASSERT_TRUE(database_->write([](store::Connection& connection) -> Result<void> {
    SearchCountStore(connection).add({{"2025-05-03", "alt", 5, 0, 0}, {"2025-05-04", "jung", 5, 0, 0}});
    return {};
  }));
  save();   // 400 days before 2026-06-08 is 2025-05-04
  EXPECT_EQ(rows(*database_), (std::vector<SearchCount>{{"2025-05-04", "jung", 5, 0, 0}}));
  clock_.set(*parse_time("2026-06-09T10:00:00Z"));
  save();
  EXPECT_TRUE(rows(*database_).empty());
}

TEST_F(SearchCounterTest, WhatCouldNotBeWrittenIsWrittenLater) {
  count(counter_, "ausweis", Outcome::found, 5);
  const auto impatient = open_in(folder_, 10);
  ASSERT_TRUE(database_->write([&](store::Connection&) -> Result<void> {   // somebody imports meanwhile
    EXPECT_THROW((void)counter_.save(*impatient), store::Failure);
    counter_.count("ausweis", Outcome::found);
    return {};
  }));
  save();
  EXPECT_EQ(rows(*database_), (std::vector<SearchCount>{{"2026-06-08", "ausweis", 6, 0, 0}}));
}

TEST_F(SearchCounterTest, TwoProcessesAddUp) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // A node of its own on the same folder; nothing of the parent's connections is touched.
    const auto database = open_in(folder_);
    SearchCounter counter(clock_, 400);
    count(counter, "ausweis", Outcome::found, 6);
    count(counter, "selten", Outcome::nothing, 4);
    const bool saved = counter.save(*database).has_value();
    ::_exit(saved ? 0 : 1);
  }
  count(counter_, "ausweis", Outcome::found, 7);
  count(counter_, "selten", Outcome::nothing, 4);      // four here and four there: neither is kept
  save();
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  EXPECT_EQ(rows(*database_), (std::vector<SearchCount>{{"2026-06-08", "ausweis", 13, 0, 0}}));
  EXPECT_EQ(bytes_on_disk(folder_).find("selten"), std::string::npos);
}

TEST_F(SearchCounterTest, ManyThreadsLoseNothing) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] { count(counter_, "ausweis", Outcome::found, 1000); });
  }
  for (int i = 0; i < 5; ++i) save();
  threads.clear();
  save();
  EXPECT_EQ(rows(*database_)[0].found, 4000);
}

TEST(DayBefore, CrossesMonthsAndLeapDays) {
  EXPECT_EQ(day_before("2026-06-08", 0), "2026-06-08");
  EXPECT_EQ(day_before("2026-03-01", 1), "2026-02-28");
  EXPECT_EQ(day_before("2028-03-01", 1), "2028-02-29");
  EXPECT_EQ(day_before("2026-01-01", 400), "2024-11-27");
}

}  // namespace
}  // namespace verbund::directory
