// SPDX-License-Identifier: EUPL-1.2
#include "commons/incidents/uptime_store.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/check.h"

namespace verbund::commons {
namespace {

std::string written(int year, int month, int day) {
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
  return text;
}

Instant begin_of(std::string_view day) {
  const auto at = parse_time(day);
  VERBUND_CHECK(at.has_value());
  return *at;
}

std::int64_t minutes_between(Instant from, Instant to) {
  return std::chrono::floor<std::chrono::minutes>(to - from).count();
}

}  // namespace

std::string berlin_day(Instant at) {
  const BerlinTime time = to_berlin(at);
  return written(time.year, time.month, time.day);
}

std::string day_plus(std::string_view day, int days) {
  // Noon is far from both turns of the clock.
  return berlin_day(begin_of(day) + std::chrono::hours{12} + std::chrono::days{days});
}

void UptimeStore::add(Instant now, const std::vector<UptimeSample>& samples) {
  const std::string day = berlin_day(now);
  const std::int64_t minute = minutes_between(begin_of(day), now);
  auto update = connection_.prepare(
      "UPDATE uptime SET last_minute = $3, good = good + $4 WHERE day = $1 AND part = $2 AND last_minute < $3");
  auto there = connection_.prepare("SELECT last_minute FROM uptime WHERE day = $1 AND part = $2");
  auto insert = connection_.prepare(
      "INSERT INTO uptime(day, part, first_minute, last_minute, good) VALUES ($1, $2, $3, $3, $4)");
  for (const UptimeSample& sample : samples) {
    const std::int64_t good = sample.good ? 1 : 0;
    update.bind(1, day).bind(2, sample.part).bind(3, minute).bind(4, good).run();
    if (update.changes() > 0) continue;
    there.reset();
    there.bind(1, day).bind(2, sample.part);
    if (!there.step()) insert.bind(1, day).bind(2, sample.part).bind(3, minute).bind(4, good).run();
    there.reset();
  }
}

std::vector<UptimeDay> UptimeStore::days(std::string_view part, Instant now, int days) const {
  struct Row { std::int64_t first, last, good; };
  std::map<std::string, Row, std::less<>> rows;
  auto statement = connection_.prepare("SELECT day, first_minute, last_minute, good FROM uptime WHERE part = $1");
  statement.bind(1, part);
  while (statement.step()) rows.emplace(statement.text(0), Row{statement.number(1), statement.number(2), statement.number(3)});
  const std::string today = berlin_day(now);
  std::vector<UptimeDay> out;
  for (int back = days - 1; back >= 0; --back) {
    UptimeDay one{day_plus(today, -back), 0, 0};
    if (!rows.empty() && one.day >= rows.begin()->first) {
      const Instant begin = begin_of(one.day);
      one.minutes = minutes_between(begin, one.day == today ? now : begin_of(day_plus(one.day, 1)));
      // The minute that passes counts when it was looked at.
      if (const auto row = rows.find(one.day); one.day == today && row != rows.end() && row->second.last >= one.minutes) ++one.minutes;
      if (one.day == rows.begin()->first) one.minutes -= rows.begin()->second.first;
      if (const auto row = rows.find(one.day); row != rows.end()) one.good = std::min(row->second.good, one.minutes);
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::int64_t UptimeStore::remove_before(std::string_view day) {
  auto statement = connection_.prepare("DELETE FROM uptime WHERE day < $1");
  statement.bind(1, day).run();
  return statement.changes();
}

}  // namespace verbund::commons
