// SPDX-License-Identifier: EUPL-1.2
// Germany as the areas say it is, with an authority on each territory and its offices.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "directory/geography/area.h"
#include "directory/organisation/unit.h"
#include "directory/workload/concept.h"

namespace verbund::directory::workload {

inline constexpr std::string_view federal_agency = "B100019";
std::string state_agency(std::string_view state_digits);         // "01" -> "L100001"

// Areas by number: 0 is Germany, then by key.
class Country {
 public:
  // Requires: `areas` have slugs, every municipality lies in a state.
  Country(std::vector<Area> areas, const std::vector<PostalCodeEntry>& codes, std::uint64_t seed, double scale);

  struct Authority {
    std::uint32_t first_unit = 0, units = 0;   // units 0: no offices of its own
  };

  std::size_t size() const { return areas_.size(); }
  const Area& area(std::uint32_t number) const { return areas_[number]; }
  std::span<const Area> areas() const { return areas_; }
  Level level(std::uint32_t number) const { return levels_[number]; }
  // This area first, Germany last.
  const std::vector<std::uint32_t>& above(std::uint32_t number) const { return above_[number]; }
  std::uint32_t state_of(std::uint32_t number) const { return state_[number]; }
  const Authority& authority(std::uint32_t number) const { return authorities_[number]; }
  // Numbers of all areas of a level in a state (its own area number), or in all of Germany (0).
  const std::vector<std::uint32_t>& of_level(Level level, std::uint32_t state) const {
    return by_level_[static_cast<std::size_t>(level)][state];
  }
  std::uint32_t find(std::string_view digits) const { return numbers_.at(std::string(digits)); }
  std::span<const std::uint32_t> states() const { return states_; }
  bool has_association(std::uint32_t municipality) const;

  std::uint32_t unit_count() const { return static_cast<std::uint32_t>(unit_area_.size()); }
  std::uint32_t area_of_unit(std::uint32_t unit) const { return unit_area_[unit]; }
  ObjectId unit_id(std::uint32_t unit) const;
  // `edition` 0 as first delivered, later ones differ in phone, hours or house number.
  OrganisationalUnit unit(std::uint32_t unit, std::uint32_t edition = 0) const;
  // The office of an authority for a group of things; `which` chooses among several. Requires: it has units.
  std::uint32_t office(std::uint32_t area, char group, std::uint64_t which) const;
  std::string authority_name(std::uint32_t area) const;     // "Stadt Norderstedt"

 private:
  std::uint32_t units_wanted(std::uint32_t area, double scale) const;
  std::string_view office_row(std::uint32_t unit) const;

  std::vector<Area> areas_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<Level> levels_;
  std::vector<std::vector<std::uint32_t>> above_;
  std::vector<std::uint32_t> state_, states_;
  std::vector<std::string> postal_code_;
  std::vector<Authority> authorities_;
  std::vector<std::uint32_t> unit_area_;
  std::vector<std::uint8_t> has_members_;       // of an association
  std::array<std::vector<std::vector<std::uint32_t>>, 6> by_level_;   // by area number of the state
  std::uint64_t seed_;
};

}  // namespace verbund::directory::workload
