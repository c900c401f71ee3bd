// SPDX-License-Identifier: EUPL-1.2
// Which portal of a network carries the pages of a place, so that no two compete for one service at one place.
#pragma once

#include <string>
#include <string_view>

#include "directory/geography/area.h"
#include "network/membership/member.h"

namespace verbund::app {

// The first address of the active member with the narrowest mandate that contains `place` and a portal (an address): the
// town's where it has one, else that of the district or state. "" if that is the member named `own`, or nobody. Of two
// equally narrow ones `own` wins, else the first by name. `today`: "2026-11-27".
std::string carrier_of_place(const network::Membership& membership, std::string_view own,
                             const directory::AreaKey& place, std::string_view today);

}  // namespace verbund::app
