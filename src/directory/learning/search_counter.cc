// SPDX-License-Identifier: EUPL-1.2
#include "directory/learning/search_counter.h"

#include <algorithm>
#include <cstdio>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "directory/learning/countable_query.h"

namespace verbund::directory {
namespace {

// What waits for a store that cannot be written is bounded too: the oldest goes.
constexpr std::size_t most_due = 2 * SearchCounter::most_queries;

std::string day_text(int year, unsigned month, unsigned day) {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", year, month, day);
  return text;
}

}  // namespace

std::string day_before(std::string_view day, std::int64_t days) {
  VERBUND_CHECK(day.size() == 10);
  const auto year = parse_number(day.substr(0, 4)), month = parse_number(day.substr(5, 2)), of = parse_number(day.substr(8, 2));
  VERBUND_CHECK(year && month && of);
  const std::chrono::year_month_day at{std::chrono::year(static_cast<int>(*year)),
                                       std::chrono::month(static_cast<unsigned>(*month)),
                                       std::chrono::day(static_cast<unsigned>(*of))};
  const std::chrono::year_month_day before{std::chrono::sys_days(at) - std::chrono::days(days)};
  return day_text(static_cast<int>(before.year()), static_cast<unsigned>(before.month()), static_cast<unsigned>(before.day()));
}

std::string SearchCounter::today() const {
  const BerlinTime now = to_berlin(clock_.now());
  return day_text(now.year, static_cast<unsigned>(now.month), static_cast<unsigned>(now.day));
}

void SearchCounter::count(std::string_view typed, Outcome outcome) {
  std::string query = countable_query(typed);
  if (query.empty()) return;
  const std::lock_guard lock(mutex_);
  enter_day();
  if (!counts_.contains(query) && counts_.size() >= most_queries && !make_room()) return;
  Counts& counts = counts_[std::move(query)];
  ++counts.seen[static_cast<std::size_t>(outcome)];
  counts.last = ++tick_;
}

void SearchCounter::enter_day() {
  std::string now = today();
  if (now == day_) return;
  hand_over();
  counts_.clear();
  day_ = std::move(now);
}

void SearchCounter::hand_over() {
  for (auto& [query, counts] : counts_) {
    std::int64_t more[3] = {0, 0, 0};
    for (std::size_t i = 0; i < 3; ++i) {
      if (counts.seen[i] < threshold) continue;
      more[i] = counts.seen[i] - counts.saved[i];
      counts.saved[i] = counts.seen[i];
    }
    if (more[0] + more[1] + more[2] == 0) continue;
    due_.push_back({day_, query, more[0], more[1], more[2]});
  }
  if (due_.size() > most_due) due_.erase(due_.begin(), due_.end() - static_cast<std::ptrdiff_t>(most_due));
}

bool SearchCounter::make_room() {
  using Entry = decltype(counts_)::iterator;
  std::vector<Entry> rare;
  for (Entry entry = counts_.begin(); entry != counts_.end(); ++entry) {
    const Counts& counts = entry->second;
    bool waits = false;
    for (std::size_t i = 0; i < 3; ++i) waits |= counts.seen[i] >= threshold && counts.seen[i] > counts.saved[i];
    if (!waits) rare.push_back(entry);
  }
  if (rare.empty()) return false;
  // A part at once, so that a flood of distinct words costs little for each.
  const std::size_t part = std::min(rare.size(), most_queries / 8);
  std::nth_element(rare.begin(), rare.begin() + static_cast<std::ptrdiff_t>(part - 1), rare.end(), [](Entry a, Entry b) {
    return std::pair(a->second.sum(), a->second.last) < std::pair(b->second.sum(), b->second.last);
  });
  for (std::size_t i = 0; i < part; ++i) counts_.erase(rare[i]);
  return true;
}

Result<void> SearchCounter::save(store::Database& database) {
  std::vector<SearchCount> writing;
  std::string today_now;
  {
    const std::lock_guard lock(mutex_);
    enter_day();
    hand_over();
    writing.swap(due_);
    today_now = day_;
  }
  const bool prune = pruned_on_ != today_now;
  if (writing.empty() && !prune) return {};
  // By day and words, so that not even the order of rows tells when something was searched.
  std::sort(writing.begin(), writing.end(), [](const SearchCount& a, const SearchCount& b) {
    return std::tie(a.day, a.query) < std::tie(b.day, b.query);
  });
  const auto keep = [&] {
    const std::lock_guard lock(mutex_);
    due_.insert(due_.begin(), writing.begin(), writing.end());
  };
  try {
    const std::string oldest = day_before(today_now, keep_days_);
    const auto done = database.write([&](store::Connection& connection) -> Result<void> {
      SearchCountStore store(connection);
      store.add(writing);
      if (prune) store.remove_before(oldest);
      return {};
    }, store::Again::yes);
    if (!done) {
      keep();
      return done;
    }
  } catch (const store::Failure&) {
    keep();
    throw;
  }
  pruned_on_ = today_now;
  return {};
}

std::size_t SearchCounter::queries() const {
  const std::lock_guard lock(mutex_);
  return counts_.size();
}

}  // namespace verbund::directory
