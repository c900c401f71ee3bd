// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/rows.h"

#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace verbund::search::rows {
namespace {

// Eight bits as eight bytes of 0 or 255.
constexpr std::array<std::uint64_t, 256> spread_table = [] {
  std::array<std::uint64_t, 256> out{};
  for (std::uint64_t bits = 0; bits < 256; ++bits) {
    for (std::uint64_t i = 0; i < 8; ++i) {
      if ((bits >> i & 1) != 0) out[bits] |= std::uint64_t{255} << (8 * i);
    }
  }
  return out;
}();

// Eight documents: their bits as eight masks of 16 bits.
__m128i spread(std::uint64_t bits) {
  const __m128i bytes = _mm_cvtsi64_si128(static_cast<long long>(spread_table[bits & 255]));
  return _mm_unpacklo_epi8(bytes, bytes);
}

__m128i load(const std::uint16_t* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }
void save(std::uint16_t* at, __m128i value) { _mm_storeu_si128(reinterpret_cast<__m128i*>(at), value); }

// SSE2 has no maximum of unsigned 16 bits: max(a, b) = b + saturating (a - b).
__m128i larger(__m128i a, __m128i b) { return _mm_add_epi16(b, _mm_subs_epu16(a, b)); }

std::uint32_t largest_of(__m128i eight) {
  alignas(16) std::uint16_t values[8];
  _mm_store_si128(reinterpret_cast<__m128i*>(values), eight);
  return *std::max_element(values, values + 8);
}

// Mask of the documents with score >= least (> 0): saturating least - score is 0.
__m128i reaches(__m128i score, __m128i least) {
  return _mm_cmpeq_epi16(_mm_subs_epu16(least, score), _mm_setzero_si128());
}

}  // namespace

void take_largest(std::uint8_t* __restrict row, const std::uint8_t* __restrict source, std::uint32_t weight) {
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

void take_smallest(std::uint8_t* __restrict row, const std::uint8_t* __restrict source) {
  for (std::uint32_t i = 0; i < block_size; ++i) row[i] = row[i] < source[i] ? row[i] : source[i];
}

void clear(std::uint8_t* row) { std::memset(row, 0, block_size); }

Sum sum(const std::uint8_t* row) {
  __m128i total = _mm_setzero_si128(), most = _mm_setzero_si128();
  for (std::uint32_t i = 0; i < block_size; i += 16) {
    const __m128i values = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + i));
    total = _mm_add_epi64(total, _mm_sad_epu8(values, _mm_setzero_si128()));
    most = _mm_max_epu8(most, values);
  }
  alignas(16) std::uint8_t values[16];
  _mm_store_si128(reinterpret_cast<__m128i*>(values), most);
  const auto low = static_cast<std::uint32_t>(_mm_cvtsi128_si64(total));
  const auto high = static_cast<std::uint32_t>(_mm_cvtsi128_si64(_mm_srli_si128(total, 8)));
  return {low + high, *std::max_element(values, values + 16)};
}

std::uint32_t combine(const std::uint8_t* const* values, const std::uint16_t* weights, std::size_t words,
                      std::uint16_t* text) {
  const __m128i zero = _mm_setzero_si128();
  const __m128i base = _mm_set1_epi16(6554), slope = _mm_set1_epi16(9830);
  __m128i most = zero;
  for (std::uint32_t i = 0; i < block_size; i += 16) {
    __m128i total_low = zero, total_high = zero, covered_low = zero, covered_high = zero;
    for (std::size_t word = 0; word < words; ++word) {
      const __m128i value = _mm_loadu_si128(reinterpret_cast<const __m128i*>(values[word] + i));
      const __m128i twice = _mm_adds_epu8(value, value);
      const __m128i weight = _mm_set1_epi16(static_cast<short>(weights[word]));
      total_low = _mm_add_epi16(total_low, _mm_mullo_epi16(_mm_unpacklo_epi8(value, zero), weight));
      total_high = _mm_add_epi16(total_high, _mm_mullo_epi16(_mm_unpackhi_epi8(value, zero), weight));
      covered_low = _mm_add_epi16(covered_low, _mm_mullo_epi16(_mm_unpacklo_epi8(twice, zero), weight));
      covered_high = _mm_add_epi16(covered_high, _mm_mullo_epi16(_mm_unpackhi_epi8(twice, zero), weight));
    }
    const auto finish = [&](__m128i total, __m128i covered, std::uint16_t* out) {
      const __m128i c = _mm_srli_epi16(covered, 8);
      const __m128i factor = _mm_add_epi16(base, _mm_mulhi_epu16(_mm_mullo_epi16(c, c), slope));
      const __m128i score = _mm_mulhi_epu16(total, factor);
      save(out, score);
      most = larger(most, score);
    };
    finish(total_low, covered_low, text + i);
    finish(total_high, covered_high, text + i + 8);
  }
  return largest_of(most);
}

std::uint32_t place(const std::uint16_t* text, const std::uint64_t* bits, std::uint16_t cut, std::uint16_t* score) {
  const __m128i zero = _mm_setzero_si128();
  const __m128i take = _mm_set1_epi16(static_cast<short>(cut));
  __m128i most = zero;
  for (std::uint32_t i = 0; i < block_size; i += 8) {
    const __m128i now = load(score + i), value = load(text + i);
    __m128i mask = _mm_cmpeq_epi16(now, zero);
    if (bits != nullptr) mask = _mm_and_si128(mask, spread(bits[i / 64] >> (i % 64)));
    const __m128i reduced = _mm_sub_epi16(value, _mm_mulhi_epu16(value, take));
    const __m128i result = _mm_or_si128(now, _mm_and_si128(mask, reduced));
    save(score + i, result);
    most = larger(most, result);
  }
  return largest_of(most);
}

std::uint32_t add_bonus(const std::uint64_t* bits, std::uint16_t bonus, std::uint16_t* score) {
  const __m128i zero = _mm_setzero_si128();
  const __m128i add = _mm_set1_epi16(static_cast<short>(bonus));
  __m128i most = zero;
  for (std::uint32_t i = 0; i < block_size; i += 8) {
    const __m128i now = load(score + i);
    const __m128i mask = _mm_andnot_si128(_mm_cmpeq_epi16(now, zero), spread(bits[i / 64] >> (i % 64)));
    const __m128i result = _mm_adds_epu16(now, _mm_and_si128(mask, add));
    save(score + i, result);
    most = larger(most, result);
  }
  return largest_of(most);
}

std::uint64_t reaches(const std::uint8_t* values, std::uint8_t least) {
  const __m128i bound = _mm_set1_epi8(static_cast<char>(least));
  std::uint64_t out = 0;
  for (unsigned i = 0; i < 64; i += 16) {
    const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(values + i));
    const auto bits = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(here, bound), here)));
    out |= std::uint64_t{bits} << i;
  }
  return out;
}

std::uint32_t count_at_least(const std::uint16_t* score, std::uint16_t least) {
  const __m128i bound = _mm_set1_epi16(static_cast<short>(least));
  __m128i count = _mm_setzero_si128();
  for (std::uint32_t i = 0; i < block_size; i += 8) count = _mm_sub_epi16(count, reaches(load(score + i), bound));
  alignas(16) std::uint16_t values[8];
  _mm_store_si128(reinterpret_cast<__m128i*>(values), count);
  std::uint32_t total = 0;
  for (const std::uint16_t value : values) total += value;
  return total;
}

std::uint32_t at_least(const std::uint16_t* score, std::uint16_t least, std::uint8_t* out) {
  const __m128i bound = _mm_set1_epi16(static_cast<short>(least));
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < block_size; i += 16) {
    const __m128i low = reaches(load(score + i), bound), high = reaches(load(score + i + 8), bound);
    auto bits = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
    for (; bits != 0; bits &= bits - 1) {
      out[count++] = static_cast<std::uint8_t>(i + static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
  }
  return count;
}

}  // namespace verbund::search::rows
