// SPDX-License-Identifier: EUPL-1.2
// Table barrier_report: what somebody could not use, until it is repaired. Owner: voice. Personal data: the contact, if
// somebody leaves one, and whatever they write. Purpose: to answer and to repair.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "kits/store/store.h"

namespace verbund::commons {

struct BarrierReport {
  std::string number;      // "B-7K3QF-9MZ2T": 50 random bits; who has it may read the answer
  std::string received;    // calendar day in Europe/Berlin
  std::string page;        // where, as typed: an address of the portal or words; may be empty
  std::string language;    // of the form
  std::string text;        // what
  std::string contact;     // "": none left, or deleted when the report was closed
  std::string state;       // "open", "answered", "closed"
  std::string answer;      // for everybody who has the number
  std::string answered;    // day of the answer; "": none
  std::string delete_on;   // day on which the whole report is deleted

  bool operator==(const BarrierReport&) const = default;
};

// "B-7K3QF-9MZ2T" from how people write it: any case, without marks, O for 0, I and L for 1. "" if it is no number.
std::string barrier_number(std::string_view typed);

class BarrierStore {
 public:
  // A flood must neither fill the disk nor close the form to everybody for long: so many are taken on one day, and when so
  // many are open, one without a contact of the day with most of them gives way (the day of the flood).
  static constexpr std::int64_t most_a_day = 200, most_open = 1000;
  static constexpr std::size_t longest_text = 2000, longest_page = 300, longest_contact = 200;   // code points

  explicit BarrierStore(store::Connection& connection) : connection_(connection) {}

  // Takes `text`, `page`, `contact`, `language`, `received` and `delete_on`; gives the new number.
  // Errors: invalid (no text), too_large (a field over its limit; `where` is its name), unavailable (most_a_day; or most_open and all of
  // them with a contact).
  // Requires: inside Database::write.
  Result<std::string> add(BarrierReport report);
  std::optional<BarrierReport> find(std::string_view number) const;
  // Of a state ("": all), oldest first.
  std::vector<BarrierReport> list(std::string_view state) const;
  // Errors: not_found; conflict (closed); invalid (empty), too_large. Requires: inside Database::write.
  Result<void> answer(std::string_view number, std::string_view text, std::string_view day);
  // Deletes the contact. Errors: not_found. Requires: inside Database::write.
  Result<void> close(std::string_view number);
  // Deletes what is due on `today`; gives the number of rows. Requires: inside Database::write.
  std::int64_t remove_due(std::string_view today);

 private:
  bool make_room();
  store::Connection& connection_;
};

}  // namespace verbund::commons
