// SPDX-License-Identifier: EUPL-1.2
// Counts searches without knowing who searched: in memory by (day, words, what came of it); only a count that has
// reached the threshold goes to the store. What stays below it is forgotten at the end of the day in Europe/Berlin, at
// stop, or when the table is full. Thread-safe; count() never waits for the store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "directory/learning/search_count_store.h"
#include "kits/store/store.h"

namespace verbund::directory {

class SearchCounter {
 public:
  static constexpr std::int64_t threshold = 5;             // counts of one outcome on one day
  static constexpr std::size_t most_queries = 4096;        // in memory; over it the rarest, then the oldest go

  enum class Outcome { found, nothing, clicked };

  // `keep_days`: rows older than this are deleted by save().
  SearchCounter(const Clock& clock, std::int64_t keep_days) : clock_(clock), keep_days_(keep_days) {}

  // `typed` as it came; what countable_query refuses is not counted.
  void count(std::string_view typed, Outcome outcome);
  // Writes what has reached the threshold since the last call, in one transaction, and deletes rows past their time.
  // What could not be written is kept for the next call. Not concurrently. Errors: as Database::write; store::Failure.
  Result<void> save(store::Database& database);

  std::size_t queries() const;    // in memory now, at most most_queries
  std::string today() const;      // calendar day in Europe/Berlin

 private:
  struct Counts {
    std::int64_t seen[3] = {0, 0, 0};     // by Outcome
    std::int64_t saved[3] = {0, 0, 0};    // of these, in the store or on the way there
    std::uint64_t last = 0;               // tick of the last count
    std::int64_t sum() const { return seen[0] + seen[1] + seen[2]; }
  };
  void enter_day();                // of now: hands over what is due and forgets the rest
  void hand_over();                // what has reached the threshold goes to due_
  bool make_room();                // false if everything waits for the store

  const Clock& clock_;
  const std::int64_t keep_days_;
  mutable std::mutex mutex_;
  std::string day_;
  std::uint64_t tick_ = 0;
  std::unordered_map<std::string, Counts> counts_;
  std::vector<SearchCount> due_;   // at most most_due
  std::string pruned_on_;          // day of the last deletion
};

// The calendar day `days` before `day`; both "2026-06-08". Requires: `day` is one.
std::string day_before(std::string_view day, std::int64_t days);

}  // namespace verbund::directory
