// SPDX-License-Identifier: EUPL-1.2
// The loops of rows.h for one width of registers, `V`: 16 or 32 bytes (rows.cc, rows_wide.cc). Inside these files only:
// what is here is compiled for the instructions that are switched on where it is included.
#pragma once

#include "kits/search/rows.h"

namespace verbund::search::rows {

// V: `Reg`, `lanes` of 16 bits in one, and the operations used below, all on lanes of 16 bits but those with "bytes".
template <typename V>
struct LoopsOf {
  using Reg = typename V::Reg;
  static constexpr std::uint32_t lanes = V::lanes;

  static void take_largest(std::uint8_t* __restrict row, const std::uint8_t* __restrict source, std::uint32_t weight) {
    if (weight >= 256) {
      for (std::uint32_t i = 0; i < block_size; ++i) row[i] = row[i] > source[i] ? row[i] : source[i];
      return;
    }
    const auto factor = static_cast<std::uint16_t>(weight);
    for (std::uint32_t i = 0; i < block_size; ++i) {
      const auto value = static_cast<std::uint8_t>(static_cast<std::uint16_t>(source[i] * factor) >> 8);
      row[i] = row[i] > value ? row[i] : value;
    }
  }

  static void take_smallest(std::uint8_t* __restrict row, const std::uint8_t* __restrict source) {
    for (std::uint32_t i = 0; i < block_size; ++i) row[i] = row[i] < source[i] ? row[i] : source[i];
  }

  static Sum sum(const std::uint8_t* row) {
    Reg total = V::zero(), most = V::zero();
    for (std::uint32_t i = 0; i < block_size; i += 2 * lanes) {
      const Reg values = V::load(row + i);
      total = V::add_sum_of_bytes(total, values);
      most = V::larger_bytes(most, values);
    }
    return {V::sum_of(total), V::largest_byte(most)};
  }

  static std::uint32_t combine(const std::uint8_t* const* values, const std::uint16_t* weights, std::size_t words,
                               std::uint16_t* text) {
    switch (words) {
      case 1: return combine_words<1>(values, weights, words, text);
      case 2: return combine_words<2>(values, weights, words, text);
      case 3: return combine_words<3>(values, weights, words, text);
      default: return combine_words<0>(values, weights, words, text);
    }
  }

  static std::uint32_t place(const std::uint16_t* text, const std::uint64_t* bits, std::uint16_t cut,
                             std::uint16_t* score) {
    const Reg zero = V::zero(), take = V::all(cut);
    Reg most = zero;
    for (std::uint32_t i = 0; i < block_size; i += lanes) {
      const Reg now = V::load(score + i), value = V::load(text + i);
      Reg mask = V::equal(now, zero);
      if (bits != nullptr) mask = V::both(mask, V::spread(bits[i / 64] >> (i % 64)));
      const Reg result = V::either(now, V::both(mask, V::less(value, V::high_product(value, take))));
      V::save(score + i, result);
      most = V::larger(most, result);
    }
    return V::largest(most);
  }

  static std::uint32_t add_bonus(const std::uint64_t* bits, std::uint16_t bonus, std::uint16_t* score) {
    const Reg zero = V::zero(), add = V::all(bonus);
    Reg most = zero;
    for (std::uint32_t i = 0; i < block_size; i += lanes) {
      const Reg now = V::load(score + i);
      const Reg mask = V::without(V::equal(now, zero), V::spread(bits[i / 64] >> (i % 64)));
      const Reg result = V::add_full(now, V::both(mask, add));
      V::save(score + i, result);
      most = V::larger(most, result);
    }
    return V::largest(most);
  }

  static void keep_reaching(const std::uint8_t* values, std::uint8_t least, std::size_t words, std::uint64_t* bits) {
    const Reg bound = V::all_bytes(least);
    for (std::size_t word = 0; word < words; ++word) {
      if (bits[word] == 0) continue;
      std::uint64_t out = 0;
      for (unsigned i = 0; i < 64; i += 2 * lanes) {
        out |= std::uint64_t{V::bytes_that_reach(V::load(values + word * 64 + i), bound)} << i;
      }
      bits[word] &= out;
    }
  }

  static std::uint32_t count_at_least(const std::uint16_t* score, std::uint16_t least) {
    const Reg bound = V::all(least);
    Reg count = V::zero();
    for (std::uint32_t i = 0; i < block_size; i += lanes) {
      count = V::less(count, V::reaches(V::load(score + i), bound));   // true is -1
    }
    alignas(64) std::uint16_t values[lanes];
    V::save(values, count);
    std::uint32_t total = 0;
    for (const std::uint16_t value : values) total += value;
    return total;
  }

  static void keep_reaching_scores(const std::uint16_t* score, std::uint16_t least, std::uint64_t* bits) {
    const Reg bound = V::all(least);
    for (std::uint32_t word = 0; word < block_size / 64; ++word) {
      std::uint64_t out = 0;
      for (unsigned i = 0; i < 64; i += 2 * lanes) {
        const std::uint16_t* const at = score + word * 64 + i;
        out |= std::uint64_t{V::bits_of(V::reaches(V::load(at), bound), V::reaches(V::load(at + lanes), bound))} << i;
      }
      bits[word] &= out;
    }
  }

 private:
  // `known`: the number of words, or 0 for any.
  template <std::size_t known>
  static std::uint32_t combine_words(const std::uint8_t* const* values, const std::uint16_t* weights, std::size_t words,
                                     std::uint16_t* text) {
    const std::size_t count = known == 0 ? words : known;
    const Reg base = V::all(6554), slope = V::all(9830);
    Reg most = V::zero();
    for (std::uint32_t i = 0; i < block_size; i += lanes) {
      Reg total = V::zero(), covered = V::zero();
      for (std::size_t word = 0; word < count; ++word) {
        const Reg weight = V::all(weights[word]);
        const auto value = V::load_half(values[word] + i);
        total = V::add(total, V::product(V::widen(value), weight));
        covered = V::add(covered, V::product(V::widen(V::twice_bytes(value)), weight));
      }
      const Reg c = V::upper_byte(covered);
      const Reg score = V::high_product(total, V::add(base, V::high_product(V::product(c, c), slope)));
      V::save(text + i, score);
      most = V::larger(most, score);
    }
    return V::largest(most);
  }
};

template <typename V>
inline constexpr Loops loops_of{V::name,
                                &LoopsOf<V>::take_largest,
                                &LoopsOf<V>::take_smallest,
                                &LoopsOf<V>::sum,
                                &LoopsOf<V>::combine,
                                &LoopsOf<V>::place,
                                &LoopsOf<V>::add_bonus,
                                &LoopsOf<V>::keep_reaching,
                                &LoopsOf<V>::count_at_least,
                                &LoopsOf<V>::keep_reaching_scores};

}  // namespace verbund::search::rows
