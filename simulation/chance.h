// SPDX-License-Identifier: EUPL-1.2
// Seeded chance: the same seed gives the same run on every machine.
#pragma once

#include <cstdint>

namespace verbund::simulation {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  // Any number. Source: SplitMix64 (Steele, Lea, Flood 2014).
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  // 0 to `end` - 1. Requires: end > 0.
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
  bool percent(unsigned share) { return below(100) < share; }

 private:
  std::uint64_t state_;
};

}  // namespace verbund::simulation
