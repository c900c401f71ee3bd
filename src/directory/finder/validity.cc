// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/validity.h"

#include <algorithm>
#include <tuple>

namespace verbund::directory {
namespace {

using namespace std::chrono_literals;

// An xs:date has no "T": that day still counts.
bool is_day(const Period& period) { return period.end.find('T') == std::string::npos; }

auto berlin_day(Instant at) {
  const BerlinTime time = to_berlin(at);
  return std::tuple(time.year, time.month, time.day);
}

}  // namespace

bool is_valid_at(const std::vector<Period>& periods, Instant now) {
  if (periods.empty()) return true;
  return std::any_of(periods.begin(), periods.end(), [&](const Period& period) {
    const auto begin = parse_time(period.begin);
    if (begin && now < *begin) return false;
    const auto end = parse_time(period.end);
    if (!end) return true;
    return is_day(period) ? berlin_day(now) <= berlin_day(*end) : now <= *end;
  });
}

std::optional<Instant> next_turn(const std::vector<Period>& periods, Instant now) {
  std::optional<Instant> next;
  const auto take = [&](Instant at) {
    if (at > now && (!next || at < *next)) next = at;
  };
  for (const Period& period : periods) {
    if (const auto begin = parse_time(period.begin)) take(*begin);
    const auto end = parse_time(period.end);
    if (!end) continue;
    if (!is_day(period)) {
      take(*end + 1s);
      continue;
    }
    Instant after = *end + 23h;   // a day has 23, 24 or 25 hours
    while (berlin_day(after) == berlin_day(*end)) after += 1h;
    take(after);
  }
  return next;
}

}  // namespace verbund::directory
