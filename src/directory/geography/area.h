// SPDX-License-Identifier: EUPL-1.2
// Areas of Germany by regional key.
// Source: Destatis regional key (ARS, 12 digits = state 2, region 1, district 2, association 4, municipality 3) and
// municipality key (AGS, 8 digits = state 2, region 1, district 2, municipality 3).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::directory {

// A regional key in its shortest form: "" (Germany), 2 (state), 3 (region), 5 (district), 9 (association) or 12 digits
// (municipality). Trailing all-zero parts are cut, so that one territory has one key: "010010000000" and "01001" (a city
// that is its own district) are both "01001"; "000000000000", "00" and "" are Germany; Berlin is "11".
// A key contains another exactly if it is its prefix.
class AreaKey {
 public:
  AreaKey() = default;  // Germany
  // Takes 0 to 12 digits of ARS; a length between two parts is padded with zeros first. Errors: invalid.
  static Result<AreaKey> parse(std::string_view ars);
  const std::string& digits() const { return digits_; }
  std::string padded() const;                         // 12 digits
  bool contains(const AreaKey& other) const { return other.digits_.starts_with(digits_); }
  std::vector<AreaKey> with_ancestors() const;        // this first, Germany last; distinct forms only (lengths 12 9 5 3 2 0)
  auto operator<=>(const AreaKey&) const = default;

 private:
  explicit AreaKey(std::string digits) : digits_(std::move(digits)) {}
  std::string digits_;
};

enum class AreaLevel { federation, state, region, district, association, municipality };  // ordered from the top
std::string_view name(AreaLevel level);
Result<AreaLevel> area_level_from_name(std::string_view name);

// One territory. A city state or a city that is its own district is one area: `level` is its lowest level
// (municipality), `top_level` its highest (state, district); else both are equal.
struct Area {
  AreaKey key;
  std::string name;            // official: "Norderstedt, Stadt", "Hamburg, Freie und Hansestadt"
  std::string short_name;      // for people: "Norderstedt", "Hamburg"
  AreaLevel level = AreaLevel::municipality;
  AreaLevel top_level = AreaLevel::municipality;
  std::string kind_code;       // Destatis Textkennzeichen ("61", "63" ...), may be empty
  std::int64_t population = 0; // 0: unknown
  std::int64_t hectares = 0;
  std::string seat;            // seat of the administration (higher levels), may be empty
  std::string seat_postal_code;
  std::string valid_from;      // calendar day "2023-11-30", may be empty (unknown)
  std::string valid_until;     // first day it is no longer valid; empty: still valid
  AreaKey successor;           // only with valid_until; Germany ("") means none known
  std::string slug;            // unique among all areas: "norderstedt", "neustadt-in-holstein"; given at import, stays
};

struct PostalCodeEntry {
  std::string postal_code;     // 5 digits
  AreaKey area;                // municipality
  std::string place;           // name in the source
};

// AGS of a municipality key: 8 digits; empty for other levels. "01001" (own district) -> "01001000".
std::string municipality_key(const Area& area);

}  // namespace verbund::directory
