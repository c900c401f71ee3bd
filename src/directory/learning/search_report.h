// SPDX-License-Identifier: EUPL-1.2
// What an editorial office reads out of the counts: words that find nothing, and hits that nobody wants.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/finder/finder.h"
#include "directory/learning/search_count_store.h"
#include "kits/store/store.h"

namespace verbund::directory {

struct SearchedWords {
  std::string query;
  std::int64_t searches = 0;          // counted ones of this outcome
  std::int64_t clicks_least = 0;      // of those with hits: counted clicks ...
  std::int64_t clicks_most = 0;       // ... and how many there can have been: a day's number below the threshold is unknown
  std::int64_t days = 0;              // with such a count
  std::optional<ServiceBrief> nearest;  // what this node offers nearest to the words today, if anything
};

struct SearchReport {
  std::string first_day, last_day;              // inclusive
  std::vector<SearchedWords> without_result;    // most searched first, then by words
  std::vector<SearchedWords> seldom_clicked;    // hits, and less than every second search led to a counted click
};

// Over `days` days that end with `last_day`. Requires: days >= 1.
SearchReport report_searches(store::Connection& connection, const Snapshot& snapshot, std::string_view last_day,
                             std::int64_t days);

// The best hit for the words; if there is none, for one of the words alone, the longest first.
std::optional<ServiceBrief> nearest_service(const Snapshot& snapshot, std::string_view words);

// The report as tab-separated lines with a head line, for a spreadsheet: outcome, words, searches, clicks_least,
// clicks_most, days, service, title. No cell begins with a character that a spreadsheet takes for a formula.
std::string to_tsv(const SearchReport& report);

}  // namespace verbund::directory
