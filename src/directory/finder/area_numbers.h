// SPDX-License-Identifier: EUPL-1.2
// Areas as small numbers, so that a set of areas is a bitmap.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "directory/geography/area.h"
#include "kits/flat/flat.h"

namespace verbund::directory::finder {

// The 12 digits as a number. Keeps the order, and everything within an area is one range of numbers.
std::uint64_t area_code(const AreaKey& key);
AreaKey area_of_code(std::uint64_t code);
// Digits of the key in its shortest form: 12, 9, 5, 3, 2, 0.
int area_digits(std::uint64_t code);
// The next area above; Germany (0) is above itself.
std::uint64_t area_above(std::uint64_t code);
// One past the last code within the area.
std::uint64_t area_end(std::uint64_t code);

// Codes known when the index was built have their rank as number; later ones follow in the order they came.
class AreaNumbers {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::size_t most_levels = 6;

  AreaNumbers() = default;
  // Requires: ascending, each once.
  explicit AreaNumbers(flat::Array<std::uint64_t> codes) : codes_(std::move(codes)) {}

  std::uint32_t size() const { return static_cast<std::uint32_t>(codes_.size() + later_.size()); }
  std::uint64_t code(std::uint32_t number) const {
    return number < codes_.size() ? codes_[number] : later_[number - codes_.size()];
  }
  std::uint32_t find(std::uint64_t code) const;
  std::uint32_t intern(std::uint64_t code);
  // Ranked numbers [first, second) of the areas within, itself included; later() come on top.
  std::pair<std::uint32_t, std::uint32_t> within(std::uint64_t code) const;
  std::uint32_t ranked() const { return static_cast<std::uint32_t>(codes_.size()); }
  std::size_t later() const { return later_.size(); }
  const flat::Array<std::uint64_t>& codes() const { return codes_; }

 private:
  flat::Array<std::uint64_t> codes_;
  std::vector<std::uint64_t> later_;   // few: an area that no list and no object had named
};

}  // namespace verbund::directory::finder
