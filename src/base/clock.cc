// SPDX-License-Identifier: EUPL-1.2
#include "base/clock.h"

#include <cstdio>

#include "base/text.h"

namespace verbund {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Summer time lasts from the last Sunday of March to the last Sunday of October, 01:00 UTC each.
// Source: Directive 2000/84/EC, articles 2 and 3. Before 1996 the end was another: we take winter time throughout.
bool is_summer(Instant at) {
  namespace c = std::chrono;
  const c::year year = c::year_month_day(c::floor<days>(at)).year();
  if (year < c::year(1996)) return false;
  const auto begin = c::sys_days(year / c::March / c::Sunday[c::last]) + hours(1);
  const auto end = c::sys_days(year / c::October / c::Sunday[c::last]) + hours(1);
  return begin <= at && at < end;
}

// A wall time that happens twice means its first, one that is skipped counts from winter time (02:30 is 03:30).
Instant from_berlin(Instant wall) {
  const Instant as_summer = wall - hours(2);
  return is_summer(as_summer) ? as_summer : wall - hours(1);
}

// Takes digits and marks from the front of a text; once something is amiss all further answers are worthless.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    const std::string_view part = rest_.substr(0, digits);
    if (part.size() != digits || !is_digits(part)) {
      ok_ = false;
      return 0;
    }
    rest_.remove_prefix(digits);
    return static_cast<int>(*parse_number(part));
  }
  bool accept(char mark) {
    if (rest_.empty() || rest_.front() != mark) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char mark) { ok_ = accept(mark) && ok_; }
  void skip_fraction() {
    if (!accept('.')) return;
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') ++count;
    if (count == 0) ok_ = false;
    rest_.remove_prefix(count);
  }
  bool at_end() const { return rest_.empty(); }
  bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// The offset from UTC at the end of a time, or nothing if there is none (or a fault, kept in the scanner).
std::optional<minutes> scan_offset(Scanner& scan) {
  if (scan.accept('Z') || scan.accept('z')) return minutes(0);
  const bool east = scan.accept('+');
  if (!east && !scan.accept('-')) return std::nullopt;
  const int hour = scan.number(2);
  scan.expect(':');
  const int minute = scan.number(2);
  if (hour > 23 || minute > 59) scan.number(1000);  // no such offset: spoils the scan
  return (hours(hour) + minutes(minute)) * (east ? 1 : -1);
}

}  // namespace

Instant SystemClock::now() const {
  return std::chrono::floor<seconds>(std::chrono::system_clock::now());
}

std::string to_rfc3339(Instant at) {
  const auto day = std::chrono::floor<days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<seconds> time(at - day);
  char out[48];
  const int length = std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                   static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                                   static_cast<int>(time.seconds().count()));
  return std::string(out, static_cast<std::size_t>(length));
}

std::optional<Instant> parse_time(std::string_view text) {
  namespace c = std::chrono;
  Scanner scan(trim(text));
  const int year = scan.number(4);
  scan.expect('-');
  const int month = scan.number(2);
  scan.expect('-');
  const int day = scan.number(2);
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (scan.accept('T') || scan.accept('t') || scan.accept(' ')) {
    hour = scan.number(2);
    scan.expect(':');
    minute = scan.number(2);
    scan.expect(':');
    second = scan.number(2);
    scan.skip_fraction();
  }
  const std::optional<minutes> offset = scan_offset(scan);
  if (!scan.ok() || !scan.at_end()) return std::nullopt;

  const c::year_month_day date(c::year(year), c::month(static_cast<unsigned>(month)),
                               c::day(static_cast<unsigned>(day)));
  // xs:dateTime writes the end of a day as 24:00:00; a leap second (60) falls on the first of the next minute.
  const bool end_of_day = hour == 24 && minute == 0 && second == 0;
  if (!date.ok() || (hour > 23 && !end_of_day) || minute > 59 || second > 60) return std::nullopt;
  const Instant wall = c::sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
  const Instant at = offset ? wall - *offset : from_berlin(wall);
  const Instant first = c::sys_days(c::year(1) / c::January / 1);
  const Instant last = c::sys_days(c::year(10000) / c::January / 1);
  if (year < 1 || at < first || at >= last) return std::nullopt;
  return at;
}

BerlinTime to_berlin(Instant at) {
  const Instant wall = at + hours(is_summer(at) ? 2 : 1);
  const auto day = std::chrono::floor<days>(wall);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<seconds> time(wall - day);
  return BerlinTime{
      .year = static_cast<int>(date.year()),
      .month = static_cast<int>(static_cast<unsigned>(date.month())),
      .day = static_cast<int>(static_cast<unsigned>(date.day())),
      .hour = static_cast<int>(time.hours().count()),
      .minute = static_cast<int>(time.minutes().count()),
      .weekday = static_cast<int>(std::chrono::weekday(day).iso_encoding()),
  };
}

}  // namespace verbund
