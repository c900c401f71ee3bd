// SPDX-License-Identifier: EUPL-1.2
// Time, handed in so that a test can hold it. Instants are UTC; days of validity are calendar days in Europe/Berlin.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace verbund {

using Instant = std::chrono::sys_seconds;  // UTC, whole seconds

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock : public Clock {
 public:
  Instant now() const override;
};

class FixedClock : public Clock {
 public:
  explicit FixedClock(Instant at) : at_(at) {}
  Instant now() const override { return at_; }
  void set(Instant at) { at_ = at; }

 private:
  Instant at_;
};

// "2026-06-08T07:41:01Z" (RFC 3339, UTC, whole seconds).
std::string to_rfc3339(Instant at);

// Reads RFC 3339 and xs:dateTime: offset or Z; without an offset the time is taken as Europe/Berlin; fractions of a
// second are cut; a bare date "2026-06-08" is its first second in Europe/Berlin. Years 1 to 9999. Nothing if malformed.
std::optional<Instant> parse_time(std::string_view text);

// A calendar day and wall time in Europe/Berlin (rule of Directive 2000/84/EC, valid for years from 1996).
struct BerlinTime {
  int year, month, day;    // month 1-12, day 1-31
  int hour, minute;        // 0-23, 0-59
  int weekday;             // 1 = Monday ... 7 = Sunday (ISO 8601)
};
BerlinTime to_berlin(Instant at);

}  // namespace verbund
