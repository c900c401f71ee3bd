// SPDX-License-Identifier: EUPL-1.2
#include "app/place_portals.h"

namespace verbund::app {

std::string carrier_of_place(const network::Membership& membership, std::string_view own,
                             const directory::AreaKey& place, std::string_view today) {
  const network::Member* best = nullptr;
  std::size_t best_length = 0;
  for (const network::Member& member : membership.members()) {   // by name
    if (!member.active(today) || member.addresses.empty()) continue;
    for (const std::string& area : member.mandate.areas) {
      if (!place.digits().starts_with(area)) continue;
      const bool narrower = best == nullptr || area.size() > best_length;
      const bool ours = best != nullptr && area.size() == best_length && member.name == own;
      if (!narrower && !ours) continue;
      best = &member;
      best_length = area.size();
    }
  }
  return best == nullptr || best->name == own ? std::string() : best->addresses[0];
}

}  // namespace verbund::app
