// SPDX-License-Identifier: EUPL-1.2
// Table uptime: how many minutes of a day a part of the node worked, as the node itself saw it. A minute in which the
// program did not run was not good: it leaves no row, so a gap counts as down. Owner: incidents. Days are those of
// Europe/Berlin; minutes are counted from the first of the day, so a day has 1380, 1440 or 1500.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "kits/store/store.h"

namespace verbund::commons {

struct UptimeSample {
  std::string part;        // of incident_parts
  bool good = false;
};

struct UptimeDay {
  std::string day;         // "2026-06-08"
  std::int64_t minutes = 0;   // that were to be good: from the first one ever seen to now or the end of the day; 0: not
                              // observed yet
  std::int64_t good = 0;      // of them
};

class UptimeStore {
 public:
  explicit UptimeStore(store::Connection& connection) : connection_(connection) {}

  // Counts the minute of `now` once, whoever asks how often. Requires: inside Database::write.
  void add(Instant now, const std::vector<UptimeSample>& samples);
  // The `days` days that end with the one of `now`, oldest first. Requires: days >= 1.
  std::vector<UptimeDay> days(std::string_view part, Instant now, int days) const;
  // Deletes all days before `day`; gives the number of rows. Requires: inside Database::write.
  std::int64_t remove_before(std::string_view day);

 private:
  store::Connection& connection_;
};

// The calendar day in Europe/Berlin, "2026-06-08", and the one `days` later (earlier if negative).
std::string berlin_day(Instant at);
std::string day_plus(std::string_view day, int days);   // Requires: `day` is one

}  // namespace verbund::commons
