// SPDX-License-Identifier: EUPL-1.2
// Who does most of what is done at a place.
#pragma once

#include <string>
#include <vector>

#include "faces/portal/visit.h"

namespace verbund::portal {

struct PlaceAuthority {
  directory::AuthorityBrief brief;
  std::size_t services = 0;      // of those given
  std::string url;
};

// Those responsible at the place for `services` (the first 400 are looked at), nearest level first, then who does most;
// at most `most`, only those with a page; without a store all of them, without an address.
std::vector<PlaceAuthority> place_authorities(const Visit& visit, const directory::Area& place,
                                              const std::vector<directory::ServiceBrief>& services, std::size_t most);

}  // namespace verbund::portal
