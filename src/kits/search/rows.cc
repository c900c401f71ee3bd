// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/rows.h"

#include <emmintrin.h>

#include <algorithm>
#include <array>

#include "kits/search/rows_loops.h"

namespace verbund::search::rows {
namespace {

struct Sse2 {
  using Reg = __m128i;
  static constexpr std::uint32_t lanes = 8;
  static constexpr const char* name = "SSE2";
  static Reg zero() { return _mm_setzero_si128(); }
  static Reg all(std::uint16_t value) { return _mm_set1_epi16(static_cast<short>(value)); }
  static Reg all_bytes(std::uint8_t value) { return _mm_set1_epi8(static_cast<char>(value)); }
  static Reg load(const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); }
  static void save(void* at, Reg value) { _mm_storeu_si128(static_cast<__m128i*>(at), value); }
  static Reg load_half(const void* at) { return _mm_loadl_epi64(static_cast<const __m128i*>(at)); }
  static Reg twice_bytes(Reg value) { return _mm_adds_epu8(value, value); }
  static Reg widen(Reg bytes) { return _mm_unpacklo_epi8(bytes, zero()); }
  static Reg add(Reg a, Reg b) { return _mm_add_epi16(a, b); }
  static Reg add_full(Reg a, Reg b) { return _mm_adds_epu16(a, b); }
  static Reg less(Reg a, Reg b) { return _mm_sub_epi16(a, b); }
  static Reg product(Reg a, Reg b) { return _mm_mullo_epi16(a, b); }
  static Reg high_product(Reg a, Reg b) { return _mm_mulhi_epu16(a, b); }
  static Reg upper_byte(Reg value) { return _mm_srli_epi16(value, 8); }
  // SSE2 has no maximum of unsigned 16 bits: max(a, b) = b + saturating (a - b).
  static Reg larger(Reg a, Reg b) { return _mm_add_epi16(b, _mm_subs_epu16(a, b)); }
  static Reg larger_bytes(Reg a, Reg b) { return _mm_max_epu8(a, b); }
  static Reg equal(Reg a, Reg b) { return _mm_cmpeq_epi16(a, b); }
  static Reg both(Reg a, Reg b) { return _mm_and_si128(a, b); }
  static Reg either(Reg a, Reg b) { return _mm_or_si128(a, b); }
  static Reg without(Reg not_this, Reg that) { return _mm_andnot_si128(not_this, that); }
  // Mask of the lanes with a >= b: saturating b - a is 0.
  static Reg reaches(Reg a, Reg b) { return _mm_cmpeq_epi16(_mm_subs_epu16(b, a), zero()); }
  static std::uint32_t bytes_that_reach(Reg a, Reg b) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(a, b), a)));
  }
  static std::uint32_t bits_of(Reg low, Reg high) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
  }
  // The lowest bits as masks of lanes.
  static Reg spread(std::uint64_t bits) {
    const Reg each = _mm_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128);
    return _mm_cmpeq_epi16(_mm_and_si128(all(static_cast<std::uint16_t>(bits)), each), each);
  }
  static std::uint32_t largest(Reg value) {
    alignas(16) std::uint16_t values[8];
    _mm_store_si128(reinterpret_cast<__m128i*>(values), value);
    return *std::max_element(values, values + 8);
  }
  static std::uint32_t largest_byte(Reg value) {
    alignas(16) std::uint8_t values[16];
    _mm_store_si128(reinterpret_cast<__m128i*>(values), value);
    return *std::max_element(values, values + 16);
  }
  static Reg add_sum_of_bytes(Reg total, Reg values) { return _mm_add_epi64(total, _mm_sad_epu8(values, zero())); }
  static std::uint32_t sum_of(Reg total) {
    return static_cast<std::uint32_t>(_mm_cvtsi128_si64(total)) +
           static_cast<std::uint32_t>(_mm_cvtsi128_si64(_mm_srli_si128(total, 8)));
  }
};

constexpr const Loops* narrow_loops = &loops_of<Sse2>;

bool has_wide() { return wide_loops != nullptr && __builtin_cpu_supports("avx2") != 0; }

}  // namespace

std::span<const Loops* const> all_loops() {
  static const std::array<const Loops*, 2> all{narrow_loops, wide_loops};
  return {all.data(), has_wide() ? 2U : 1U};
}

const Loops& best = has_wide() ? *wide_loops : *narrow_loops;

}  // namespace verbund::search::rows
