// SPDX-License-Identifier: EUPL-1.2
// The loops of rows.h in registers of 32 bytes. Called only where the processor has them.
#include "kits/search/rows.h"

#include <immintrin.h>

#ifdef __clang__   // another pragma; the program is built with g++, this is for fuzzers

namespace verbund::search::rows {
const Loops* const wide_loops = nullptr;
}

#else

#pragma GCC push_options
#pragma GCC target("avx2")

#include "kits/search/rows_loops.h"

namespace verbund::search::rows {
namespace {

struct Avx2 {
  using Reg = __m256i;
  static constexpr std::uint32_t lanes = 16;
  static constexpr const char* name = "AVX2";
  static Reg zero() { return _mm256_setzero_si256(); }
  static Reg all(std::uint16_t value) { return _mm256_set1_epi16(static_cast<short>(value)); }
  static Reg all_bytes(std::uint8_t value) { return _mm256_set1_epi8(static_cast<char>(value)); }
  static Reg load(const void* at) { return _mm256_loadu_si256(static_cast<const __m256i*>(at)); }
  static void save(void* at, Reg value) { _mm256_storeu_si256(static_cast<__m256i*>(at), value); }
  static __m128i load_half(const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); }
  static __m128i twice_bytes(__m128i value) { return _mm_adds_epu8(value, value); }
  static Reg widen(__m128i bytes) { return _mm256_cvtepu8_epi16(bytes); }
  static Reg add(Reg a, Reg b) { return _mm256_add_epi16(a, b); }
  static Reg add_full(Reg a, Reg b) { return _mm256_adds_epu16(a, b); }
  static Reg less(Reg a, Reg b) { return _mm256_sub_epi16(a, b); }
  static Reg product(Reg a, Reg b) { return _mm256_mullo_epi16(a, b); }
  static Reg high_product(Reg a, Reg b) { return _mm256_mulhi_epu16(a, b); }
  static Reg upper_byte(Reg value) { return _mm256_srli_epi16(value, 8); }
  static Reg larger(Reg a, Reg b) { return _mm256_max_epu16(a, b); }
  static Reg larger_bytes(Reg a, Reg b) { return _mm256_max_epu8(a, b); }
  static Reg equal(Reg a, Reg b) { return _mm256_cmpeq_epi16(a, b); }
  static Reg both(Reg a, Reg b) { return _mm256_and_si256(a, b); }
  static Reg either(Reg a, Reg b) { return _mm256_or_si256(a, b); }
  static Reg without(Reg not_this, Reg that) { return _mm256_andnot_si256(not_this, that); }
  static Reg reaches(Reg a, Reg b) { return _mm256_cmpeq_epi16(_mm256_max_epu16(a, b), a); }
  static std::uint32_t bytes_that_reach(Reg a, Reg b) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(a, b), a)));
  }
  static std::uint32_t bits_of(Reg low, Reg high) {
    const Reg packed = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xD8);   // each half was packed apart
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(packed));
  }
  static Reg spread(std::uint64_t bits) {
    const Reg each = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768);
    return _mm256_cmpeq_epi16(_mm256_and_si256(all(static_cast<std::uint16_t>(bits)), each), each);
  }
  static std::uint32_t largest(Reg value) {
    const __m128i eight = _mm_max_epu16(_mm256_castsi256_si128(value), _mm256_extracti128_si256(value, 1));
    // There is an instruction for the smallest.
    const __m128i turned = _mm_minpos_epu16(_mm_xor_si128(eight, _mm_set1_epi16(-1)));
    return 0xFFFFU ^ static_cast<std::uint16_t>(_mm_cvtsi128_si32(turned));
  }
  static std::uint32_t largest_byte(Reg value) {
    alignas(32) std::uint8_t values[32];
    _mm256_store_si256(reinterpret_cast<__m256i*>(values), value);
    std::uint8_t out = 0;
    for (const std::uint8_t each : values) out = each > out ? each : out;
    return out;
  }
  static Reg add_sum_of_bytes(Reg total, Reg values) {
    return _mm256_add_epi64(total, _mm256_sad_epu8(values, zero()));
  }
  static std::uint32_t sum_of(Reg total) {
    alignas(32) std::uint64_t values[4];
    _mm256_store_si256(reinterpret_cast<__m256i*>(values), total);
    return static_cast<std::uint32_t>(values[0] + values[1] + values[2] + values[3]);
  }
};

}  // namespace

const Loops* const wide_loops = &loops_of<Avx2>;

}  // namespace verbund::search::rows

#pragma GCC pop_options

#endif
