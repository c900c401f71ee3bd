// SPDX-License-Identifier: EUPL-1.2
#include "base/clock.h"

#include <gtest/gtest.h>

namespace verbund {
namespace {

std::string read(std::string_view text) {
  const auto at = parse_time(text);
  return at ? to_rfc3339(*at) : "nothing";
}

TEST(Clock, ReadsTimesWithAnOffset) {
  EXPECT_EQ(read("2026-06-08T07:41:01Z"), "2026-06-08T07:41:01Z");
  EXPECT_EQ(read("2026-06-08T09:41:01+02:00"), "2026-06-08T07:41:01Z");
  EXPECT_EQ(read("2026-06-08T09:41:01.123456789+02:00"), "2026-06-08T07:41:01Z");
  EXPECT_EQ(read("2026-01-01T00:30:00-05:30"), "2026-01-01T06:00:00Z");
  EXPECT_EQ(read("1969-12-31t23:59:59z"), "1969-12-31T23:59:59Z");
  EXPECT_EQ(read(" 2024-02-29T12:00:00Z\n"), "2024-02-29T12:00:00Z");
  EXPECT_EQ(read("2025-12-31T24:00:00Z"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(read("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
}

TEST(Clock, TakesATimeWithoutOffsetAsBerlin) {
  EXPECT_EQ(read("2026-06-08T09:41:01"), "2026-06-08T07:41:01Z");
  EXPECT_EQ(read("2026-01-08T09:41:01"), "2026-01-08T08:41:01Z");
  EXPECT_EQ(read("2026-06-08"), "2026-06-07T22:00:00Z");
  EXPECT_EQ(read("2026-12-24"), "2026-12-23T23:00:00Z");
  EXPECT_EQ(read("2026-12-24Z"), "2026-12-24T00:00:00Z");
  EXPECT_EQ(read("2026-03-29T01:59:59"), "2026-03-29T00:59:59Z");
  EXPECT_EQ(read("2026-03-29T02:30:00"), "2026-03-29T01:30:00Z");  // skipped hour
  EXPECT_EQ(read("2026-03-29T03:00:00"), "2026-03-29T01:00:00Z");
  EXPECT_EQ(read("2026-10-25T01:59:59"), "2026-10-24T23:59:59Z");
  EXPECT_EQ(read("2026-10-25T02:30:00"), "2026-10-25T00:30:00Z");  // happens twice: the first
  EXPECT_EQ(read("2026-10-25T03:00:00"), "2026-10-25T02:00:00Z");
}

TEST(Clock, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "x", "2026", "2026-6-8", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-32", "2026-01-01T",
        "0000-01-01", "2026-01-01T25:00:00Z", "2026-01-01T24:00:01Z", "2026-01-01T12:60:00Z", "2026-01-01T12:00:61Z",
        "2026-01-01T12:00Z", "2026-01-01T12:00:00.Z", "2026-01-01T12:00:00+2", "2026-01-01T12:00:00+24:00",
        "2026-01-01T12:00:00+01:60", "2026-01-01T12:00:00Zx", "12026-01-01T12:00:00Z", "-2026-01-01T12:00:00Z",
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "2026-01-01T12:00:00+", "٢٠٢٦-01-01"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(Clock, WritesWhatItReads) {
  for (std::int64_t at = -62'135'596'800; at < 253'402'300'799; at += 1'234'567'891) {
    const Instant instant{std::chrono::seconds(at)};
    EXPECT_EQ(parse_time(to_rfc3339(instant)), instant);
  }
}

TEST(Clock, KnowsTheWallTimeInBerlin) {
  const auto wall = [](std::string_view text) {
    const BerlinTime t = to_berlin(parse_time(text).value());
    return std::to_string(t.year) + "-" + std::to_string(t.month) + "-" + std::to_string(t.day) + " " +
           std::to_string(t.hour) + ":" + std::to_string(t.minute) + " day " + std::to_string(t.weekday);
  };
  EXPECT_EQ(wall("2026-06-08T07:41:01Z"), "2026-6-8 9:41 day 1");
  EXPECT_EQ(wall("2026-12-31T23:30:00Z"), "2027-1-1 0:30 day 5");
  EXPECT_EQ(wall("2026-03-29T00:59:59Z"), "2026-3-29 1:59 day 7");
  EXPECT_EQ(wall("2026-03-29T01:00:00Z"), "2026-3-29 3:0 day 7");
  EXPECT_EQ(wall("2026-10-25T00:59:59Z"), "2026-10-25 2:59 day 7");
  EXPECT_EQ(wall("2026-10-25T01:00:00Z"), "2026-10-25 2:0 day 7");
  EXPECT_EQ(wall("1990-07-01T12:00:00Z"), "1990-7-1 13:0 day 7");  // before the common European rule
}

TEST(Clock, StandsStillInTests) {
  FixedClock clock(parse_time("2026-06-08T07:41:01Z").value());
  EXPECT_EQ(to_rfc3339(clock.now()), "2026-06-08T07:41:01Z");
  clock.set(clock.now() + std::chrono::hours(1));
  EXPECT_EQ(to_rfc3339(clock.now()), "2026-06-08T08:41:01Z");
  EXPECT_GT(SystemClock().now(), parse_time("2025-01-01T00:00:00Z").value());
}

}  // namespace
}  // namespace verbund
