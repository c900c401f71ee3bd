// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/area_numbers.h"

#include <algorithm>

#include "base/check.h"

namespace verbund::directory::finder {
namespace {

// What the digits below a part are worth: municipality 3, association 4, district 2, region 1, state 2.
constexpr std::array<std::uint64_t, 5> below = {1'000ULL, 10'000'000ULL, 1'000'000'000ULL, 10'000'000'000ULL,
                                                1'000'000'000'000ULL};
constexpr std::array<int, 6> digits_of = {12, 9, 5, 3, 2, 0};

// 0 municipality ... 4 state, 5 Germany.
std::size_t level(std::uint64_t code) {
  std::size_t out = 0;
  while (out < below.size() && code % below[out] == 0) ++out;
  return out;
}

}  // namespace

std::uint64_t area_code(const AreaKey& key) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    out = out * 10 + (i < key.digits().size() ? static_cast<std::uint64_t>(key.digits()[i] - '0') : 0);
  }
  return out;
}

AreaKey area_of_code(std::uint64_t code) {
  std::string digits(12, '0');
  for (std::size_t i = 12; i-- > 0; code /= 10) digits[i] = static_cast<char>('0' + code % 10);
  auto key = AreaKey::parse(digits);
  VERBUND_CHECK(key.has_value());
  return std::move(*key);
}

int area_digits(std::uint64_t code) { return digits_of[level(code)]; }

std::uint64_t area_above(std::uint64_t code) {
  const std::size_t own = level(code);
  return own >= below.size() ? 0 : code - code % below[own];
}

std::uint64_t area_end(std::uint64_t code) {
  const std::size_t own = level(code);
  return own == 0 ? code + 1 : code + below[own - 1];
}

std::uint32_t AreaNumbers::find(std::uint64_t code) const {
  const auto at = std::lower_bound(codes_.begin(), codes_.end(), code);
  if (at != codes_.end() && *at == code) return static_cast<std::uint32_t>(at - codes_.begin());
  const auto late = std::find(later_.begin(), later_.end(), code);
  return late == later_.end() ? none : static_cast<std::uint32_t>(codes_.size() + (late - later_.begin()));
}

std::uint32_t AreaNumbers::intern(std::uint64_t code) {
  if (const std::uint32_t known = find(code); known != none) return known;
  later_.push_back(code);
  return size() - 1;
}

std::pair<std::uint32_t, std::uint32_t> AreaNumbers::within(std::uint64_t code) const {
  const auto rank = [&](std::uint64_t bound) {
    return static_cast<std::uint32_t>(std::lower_bound(codes_.begin(), codes_.end(), bound) - codes_.begin());
  };
  return {rank(code), rank(area_end(code))};
}

}  // namespace verbund::directory::finder
