// SPDX-License-Identifier: EUPL-1.2
// Table feedback: whether a page helped, and what somebody wants to say about it. Owner: voice. No person, no address,
// no time of day; who said it is not known and cannot be found out.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::commons {

struct Feedback {
  std::string id;                    // 32 hexadecimal digits, random: whoever has it may add the text, once
  std::string day;                   // calendar day in Europe/Berlin, "2026-06-08"
  directory::ObjectKind kind = directory::ObjectKind::service;   // service or unit: what the page is about
  directory::ObjectId subject;
  std::string area;                  // regional key of the place of the page; "": none
  std::string language;              // of the page: "de"
  bool helpful = false;
  std::string text;                  // see said_text; "": nothing said
  std::string forwarded;             // day on which it was handed to the editors; "": not yet
  std::string page = {};             // path of a page that is about no service or unit ("/suche"), without words; else ""

  bool operator==(const Feedback&) const = default;
};

// All about one page's subject, or about one page.
struct FeedbackCount {
  directory::ObjectKind kind;
  directory::ObjectId subject;
  std::string page;
  std::int64_t helpful = 0, unhelpful = 0, texts = 0;
  std::int64_t waiting = 0;          // not handed to the editors yet
};

// Which rows are meant; empty fields do not restrict.
struct FeedbackFilter {
  std::string first_day = {}, last_day = {};   // inclusive
  std::string agency = {};
  std::optional<std::pair<directory::ObjectKind, directory::ObjectId>> subject = {};
  bool only_unhelpful = false;
  bool only_waiting = false;         // not handed on yet
  bool only_texts = false;
};

std::vector<store::Migration> voice_migrations();

class FeedbackStore {
 public:
  static constexpr std::int64_t most_rows_a_day = 5000;   // a flood must not fill the disk
  static constexpr std::size_t longest_text = 1000;       // code points
  static constexpr std::chrono::minutes open_for{60};     // how long a text may be added

  explicit FeedbackStore(store::Connection& connection) : connection_(connection) {}

  // Notes it without text. Errors: unavailable (most_rows_a_day). Requires: inside Database::write.
  Result<void> add(const Feedback& feedback, Instant now);
  // Errors: not_found (no such row, its time is over, or it has a text), too_large, invalid (empty).
  // Requires: inside Database::write.
  Result<void> add_text(std::string_view id, std::string_view text, Instant now);
  // By day, newest first, then subject. Filters of agency and subject leave out pages that are about neither.
  void each(const FeedbackFilter& filter, const std::function<void(const Feedback&)>& each) const;
  // By subject, most unhelpful first.
  std::vector<FeedbackCount> counts(const FeedbackFilter& filter) const;
  // Marks what the filter means as handed on; gives the number of rows. Requires: inside Database::write.
  std::int64_t forward(const FeedbackFilter& filter, std::string_view day);
  // Deletes all days before `day`; gives the number of rows. Requires: inside Database::write.
  std::int64_t remove_before(std::string_view day);
  // From then on nobody can add to what is older than open_for: the random number goes. Requires: as above.
  std::int64_t close(Instant now);

 private:
  store::Connection& connection_;
};

}  // namespace verbund::commons
