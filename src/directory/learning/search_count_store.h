// SPDX-License-Identifier: EUPL-1.2
// Table search_count: how often words were searched on a day. Owner: learning. No person, no place, no time of day; a
// number is 0 (less than the threshold of SearchCounter) or at least that threshold.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kits/store/store.h"

namespace verbund::directory {

struct SearchCount {
  std::string day;                   // calendar day in Europe/Berlin, "2026-06-08"
  std::string query;                 // see countable_query
  std::int64_t found = 0;            // searches with hits
  std::int64_t without_result = 0;   // searches without
  std::int64_t clicked = 0;          // services opened from the hits

  bool operator==(const SearchCount&) const = default;
};

std::vector<store::Migration> learning_migrations();

class SearchCountStore {
 public:
  static constexpr std::int64_t most_rows_a_day = 5000;   // a flood must not fill the disk: further words are dropped

  explicit SearchCountStore(store::Connection& connection) : connection_(connection) {}

  // Adds to what is there for the same day and query. Gives how many were dropped at most_rows_a_day.
  // Requires: inside Database::write.
  std::int64_t add(const std::vector<SearchCount>& counts);
  // By day, query.
  void each(std::string_view first_day, std::string_view last_day,
            const std::function<void(const SearchCount&)>& each) const;
  // Deletes all days before `day`; gives the number of rows. Requires: inside Database::write.
  std::int64_t remove_before(std::string_view day);

 private:
  store::Connection& connection_;
};

}  // namespace verbund::directory
