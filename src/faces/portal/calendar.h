// SPDX-License-Identifier: EUPL-1.2
// The next time an authority is open, as an entry for a calendar: with its address and what to bring.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "directory/catalogue/parts.h"
#include "directory/organisation/unit.h"
#include "faces/portal/visit.h"

namespace verbund::portal {

struct Opening {
  std::string begins, ends;      // wall time in Berlin: "20260609T073000"
  bool with_appointment = false; // only who has one may come
};
// The first span that begins after `now`, within two weeks: one when anybody may come, else one for appointments. Hours
// on the telephone do not count. Nothing if no such hours are given. Holidays are not known here.
std::optional<Opening> next_opening(const std::vector<directory::OpeningHours>& hours, Instant now);

// "/kalender/buergeramt-norderstedt.ics?dienst=..."; "" if the authority has no hours for a visit. `service`: slug and
// place of the page it stands on, may be empty.
std::string calendar_url(const Visit& visit, const directory::OrganisationalUnit& unit, const Query& service = {});

// GET /kalender/{file}: text/calendar, or nothing: no such authority, or no hours.
std::optional<http::Response> calendar_file(const Visit& visit, Instant now);

}  // namespace verbund::portal
