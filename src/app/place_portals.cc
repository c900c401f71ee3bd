// SPDX-License-Identifier: EUPL-1.2
#include "app/place_portals.h"

#include <algorithm>

#include "network/register/register_store.h"

namespace verbund::app {

std::string carrier_of_place(const network::Membership& membership, std::string_view own,
                             const directory::AreaKey& place, std::string_view today) {
  const auto bare = [](std::string_view address) {
    while (address.ends_with('/')) address.remove_suffix(1);
    return address;
  };
  const auto is_own = [&](const network::Member& member) {
    return std::any_of(member.addresses.begin(), member.addresses.end(),
                       [&](const std::string& address) { return bare(address) == bare(own); });
  };
  const network::Member* best = nullptr;
  std::size_t best_length = 0;
  for (const network::Member& member : membership.members()) {   // by name
    if (!member.active(today) || member.addresses.empty()) continue;
    for (const std::string& area : member.mandate.areas) {
      if (!place.digits().starts_with(area)) continue;
      const bool narrower = best == nullptr || area.size() > best_length;
      const bool ours = best != nullptr && area.size() == best_length && is_own(member);
      if (!narrower && !ours) continue;
      best = &member;
      best_length = area.size();
    }
  }
  return best == nullptr || is_own(*best) ? std::string() : best->addresses[0];
}

std::string PlacePortals::carrier(const directory::AreaKey& place) const {
  const auto state = state_.load();
  return carrier_of_place(state->membership, own_, place, state->today);
}

bool PlacePortals::refresh(store::Connection& connection, std::string_view today) {
  const network::RegisterStore members(connection);
  const std::int64_t version = members.version();
  const auto before = state_.load();
  if (before->version == version && before->today == today) return false;
  state_.store(std::make_shared<const State>(State{members.membership(), std::string(today), version}));
  version_.fetch_add(1);
  return true;
}

}  // namespace verbund::app
