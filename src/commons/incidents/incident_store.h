// SPDX-License-Identifier: EUPL-1.2
// Tables incident, incident_text: what does not work or will not, as the operator tells it. Owner: incidents. No
// personal data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "kits/store/store.h"

namespace verbund::commons {

// Language ("de", "de-simple", "en" ...) -> text. German is always there.
using IncidentTexts = std::map<std::string, std::string, std::less<>>;

// What an incident is about: the keys of the status page. "all" is everything.
inline constexpr std::string_view incident_parts[] = {"all", "search", "online", "directory", "publishing", "network"};
bool is_incident_part(std::string_view part);

struct IncidentUpdate {
  Instant at;
  IncidentTexts texts;      // plain text
};

struct Incident {
  std::int64_t number = 0;  // from 1
  bool maintenance = false; // planned, else something broke
  std::string part = "all";
  bool citizens = true;     // shown on every page while it lasts
  Instant begins;
  std::optional<Instant> ends;   // planned end of a maintenance; of an incident only when it is over
  IncidentTexts titles;
  std::vector<IncidentUpdate> updates;   // oldest first

  bool active(Instant now) const { return begins <= now && !over(now); }
  bool planned(Instant now) const { return begins > now && !over(now); }
  bool over(Instant now) const { return ends && *ends <= now; }
  Instant changed() const;       // of the last update, else the beginning
};

std::vector<store::Migration> incident_migrations();

class IncidentStore {
 public:
  static constexpr std::size_t longest_title = 120, longest_text = 2000;   // bytes

  explicit IncidentStore(store::Connection& connection) : connection_(connection) {}

  // Gives its number. Errors: invalid (no German title, an unknown part, a text over its limit, an end before the
  // beginning). Requires: inside Database::write.
  Result<std::int64_t> open(const Incident& incident);
  // Errors: not_found; conflict (closed); invalid (no German text). Requires: inside Database::write.
  Result<void> update(std::int64_t number, const IncidentTexts& texts, Instant at);
  // With a last text, if `texts` has one. Errors: not_found, conflict. Requires: inside Database::write.
  Result<void> close(std::int64_t number, const IncidentTexts& texts, Instant at);
  std::optional<Incident> find(std::int64_t number) const;
  // Those that are not over, or ended at or after `since`; newest beginning first.
  std::vector<Incident> list(Instant since) const;

 private:
  Result<void> add_texts(std::int64_t number, std::int64_t step, Instant at, const IncidentTexts& texts);
  std::vector<Incident> read(store::Statement rows) const;

  store::Connection& connection_;
};

}  // namespace verbund::commons
