// SPDX-License-Identifier: EUPL-1.2
// Which portal of a network carries the pages of a place, so that no two compete for one service at one place.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "directory/geography/area.h"
#include "kits/store/store.h"
#include "network/membership/member.h"

namespace verbund::app {

// The first address of the active member with the narrowest mandate that contains `place` and a portal (an address): the
// town's where it has one, else that of the district or state. "" if that is the member with the address `own`, or
// nobody. Of two equally narrow ones `own` wins, else the first by name. `today`: "2026-11-27".
std::string carrier_of_place(const network::Membership& membership, std::string_view own,
                             const directory::AreaKey& place, std::string_view today);

// The same for the members that the store knows. carrier() on any thread, without waiting; refresh() on one.
class PlacePortals {
 public:
  explicit PlacePortals(std::string own) : own_(std::move(own)) {}
  std::string carrier(const directory::AreaKey& place) const;
  std::uint64_t version() const { return version_.load(); }
  // True: there are other members, or another day.
  bool refresh(store::Connection& connection, std::string_view today);

 private:
  struct State {
    network::Membership membership;
    std::string today;
    std::int64_t version = -1;
  };
  const std::string own_;
  std::atomic<std::shared_ptr<const State>> state_{std::make_shared<const State>()};
  std::atomic<std::uint64_t> version_{0};
};

}  // namespace verbund::app
