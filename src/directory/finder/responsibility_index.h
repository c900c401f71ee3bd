// SPDX-License-Identifier: EUPL-1.2
// Who does a service where: sorted arrays, 9 bytes an entry, searched by halving. Knows services, holders and roles as
// numbers and areas as keys; immutable after building, all const methods are thread-safe.
//
// Rule: the responsible units of the smallest matching area per role (what a state or the federation does is inherited
// downwards), every online service and every text whose area contains the place.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "directory/geography/area.h"

namespace verbund::directory::finder {

// The 12 digits as a number. Keeps the order, and everything within an area is one range of numbers.
std::uint64_t area_code(const AreaKey& key);
AreaKey area_of_code(std::uint64_t code);

// text: the service itself says that it is valid there.
enum class HolderKind : std::uint8_t { unit, online_service, specialisation, text };

class ResponsibilityIndex {
 public:
  static constexpr std::size_t most_levels = 6;

  struct Entry {
    std::uint32_t service;
    std::uint64_t area;            // area_code
    std::uint32_t holder = 0;      // < 2^30
    HolderKind kind = HolderKind::text;
    std::uint8_t role = 0;         // in the order wanted
  };

  ResponsibilityIndex() = default;
  // Takes entries in any order; the same one twice counts once.
  ResponsibilityIndex(std::uint32_t services, std::uint32_t units, std::vector<Entry> entries);

  // A place, looked up once per question: its own area and those above it that occur at all, smallest first, and what
  // lies within it.
  struct Place {
    std::array<std::uint32_t, most_levels> areas{};
    std::size_t count = 0;
    std::uint32_t within_begin = 0, within_end = 0;   // areas
  };
  Place place(const AreaKey& key) const;

  // How well a service fits a place.
  enum class Offer {
    elsewhere,   // areas are known and none touches the place
    unknown,     // nobody said where
    within,      // somewhere inside the place only
    here,
  };
  Offer offer(std::uint32_t service, const Place& place) const;
  // Length of the smallest matching area's key, -1 if none matches.
  int nearness(std::uint32_t service, const Place& place) const;

  bool has_online(std::uint32_t service, const Place& place) const;

  struct Role {
    std::uint8_t role;
    std::uint64_t area;
    std::vector<std::uint32_t> units;           // ascending
  };
  struct Placed {
    std::uint32_t holder;
    std::uint64_t area;                         // the smallest that matches
  };
  struct Answer {
    std::vector<Role> roles;                    // by role
    std::vector<Placed> online;                 // smallest area first
    std::vector<Placed> specialisations;        // largest area first
  };
  Answer at(std::uint32_t service, const Place& place) const;

  std::span<const std::uint32_t> services_of_unit(std::uint32_t unit) const;   // ascending
  // Units of a service, ascending, at most `most`.
  std::vector<std::uint32_t> units_of(std::uint32_t service, std::size_t most) const;
  std::size_t size() const { return area_.size(); }
  std::size_t bytes() const;

 private:
  std::pair<std::size_t, std::size_t> range(std::uint32_t service, std::uint32_t area) const;
  HolderKind kind(std::size_t entry) const { return static_cast<HolderKind>(holder_[entry] >> 30); }
  std::uint32_t holder(std::size_t entry) const { return holder_[entry] & ((1U << 30) - 1); }

  std::vector<std::uint64_t> areas_;            // sorted codes; an area's number is its rank
  std::vector<std::uint32_t> begin_;            // services + 1
  std::vector<std::uint32_t> area_;             // per service: by area, kind, role, holder
  std::vector<std::uint32_t> holder_;           // kind in the two highest bits
  std::vector<std::uint8_t> role_;
  std::vector<std::uint32_t> unit_begin_;       // units + 1
  std::vector<std::uint32_t> unit_services_;
};

}  // namespace verbund::directory::finder
