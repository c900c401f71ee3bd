// SPDX-License-Identifier: EUPL-1.2
// Chance that is the same on every machine: SplitMix64 (Steele, Lea, Flood 2014), whole numbers only.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace verbund::directory::workload {

inline std::uint64_t mix(std::uint64_t a) {
  a += 0x9e3779b97f4a7c15ULL;
  a = (a ^ (a >> 30)) * 0xbf58476d1ce4e5b9ULL;
  a = (a ^ (a >> 27)) * 0x94d049bb133111ebULL;
  return a ^ (a >> 31);
}
// One number for several; the order counts.
template <typename... More>
std::uint64_t mix(std::uint64_t a, std::uint64_t b, More... more) {
  return mix(mix(a) ^ (b * 0xd6e8feb86659fd93ULL), more...);
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(mix(seed)) {}
  std::uint64_t next() { return mix(state_++); }
  // 0 ... n - 1. Requires: n > 0.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  // least ... most
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(below(static_cast<std::size_t>(most - least + 1)));
  }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <typename List>
  decltype(auto) pick(const List& list) {
    return list[below(list.size())];
  }
  template <typename T>
  void shuffle(std::vector<T>& list) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[below(i)]);
  }
  // A rank from 0 to n - 1, small ones often (density about 1/rank).
  std::size_t rank(std::size_t n) {
    const double unit = static_cast<double>(next() >> 11) * 0x1.0p-53;
    return static_cast<std::size_t>(std::pow(static_cast<double>(n), unit)) - 1;
  }

 private:
  std::uint64_t state_;
};

}  // namespace verbund::directory::workload
