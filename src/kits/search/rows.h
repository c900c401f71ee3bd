// SPDX-License-Identifier: EUPL-1.2
// Loops over one block of documents (256 of them) in registers of 16 bytes (SSE2) or, where the processor has them, 32
// (AVX2); written with intrinsics where g++ 12 finds no good code. Both give the same. Inside this kit only.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "kits/search/text_index.h"

namespace verbund::search::rows {

struct Loops {
  const char* name;
  // row[i] = max(row[i], source[i] * weight / 256). Requires: weight <= 256.
  void (*take_largest)(std::uint8_t* row, const std::uint8_t* source, std::uint32_t weight);
  // row[i] = min(row[i], source[i])
  void (*take_smallest)(std::uint8_t* row, const std::uint8_t* source);
  Sum (*sum)(const std::uint8_t* row);
  // text[i] from the values of up to 16 words: total = sum of weight * value, covered = sum of weight * min(255,
  // 2 value), c = covered >> 8; text = total * (6554 + (c * c * 9830 >> 16)) >> 16. Gives the largest.
  // Requires: weights sum to at most 256.
  std::uint32_t (*combine)(const std::uint8_t* const* values, const std::uint16_t* weights, std::size_t words,
                           std::uint16_t* text);
  // score[i] = text[i] - (text[i] * cut >> 16) where the bit of the document is set and score[i] is 0 so far; `bits`
  // are four words of 64 documents, nullptr: all. Gives the largest score.
  std::uint32_t (*place)(const std::uint16_t* text, const std::uint64_t* bits, std::uint16_t cut,
                         std::uint16_t* score);
  // score[i] += bonus where the bit is set and score[i] > 0, up to 65535. Gives the largest.
  std::uint32_t (*add_bonus)(const std::uint64_t* bits, std::uint16_t bonus, std::uint16_t* score);
  // Of `words` times 64 values: clears the bits of those below `least`. Requires: least > 0.
  void (*keep_reaching)(const std::uint8_t* values, std::uint8_t least, std::size_t words, std::uint64_t* bits);
  // How many are at least `least`. Requires: least > 0.
  std::uint32_t (*count_at_least)(const std::uint16_t* score, std::uint16_t least);
  // Of a block: clears the bits of those below `least`. Requires: least > 0.
  void (*keep_reaching_scores)(const std::uint16_t* score, std::uint16_t least, std::uint64_t* bits);
};

// All that this processor can run, the quickest last.
std::span<const Loops* const> all_loops();
extern const Loops* const wide_loops;   // of AVX2; nullptr in programs for other processors
extern const Loops& best;               // the quickest. Requires: main() has begun

inline void take_largest(std::uint8_t* row, const std::uint8_t* source, std::uint32_t weight) {
  best.take_largest(row, source, weight);
}
inline void take_smallest(std::uint8_t* row, const std::uint8_t* source) { best.take_smallest(row, source); }
inline void clear(std::uint8_t* row) { std::memset(row, 0, block_size); }
inline Sum sum(const std::uint8_t* row) { return best.sum(row); }
inline std::uint32_t combine(const std::uint8_t* const* values, const std::uint16_t* weights, std::size_t words,
                             std::uint16_t* text) {
  return best.combine(values, weights, words, text);
}
inline std::uint32_t place(const std::uint16_t* text, const std::uint64_t* bits, std::uint16_t cut,
                           std::uint16_t* score) {
  return best.place(text, bits, cut, score);
}
inline std::uint32_t add_bonus(const std::uint64_t* bits, std::uint16_t bonus, std::uint16_t* score) {
  return best.add_bonus(bits, bonus, score);
}
inline void keep_reaching(const std::uint8_t* values, std::uint8_t least, std::size_t words, std::uint64_t* bits) {
  best.keep_reaching(values, least, words, bits);
}
inline std::uint32_t count_at_least(const std::uint16_t* score, std::uint16_t least) {
  return best.count_at_least(score, least);
}
inline void keep_reaching(const std::uint16_t* score, std::uint16_t least, std::uint64_t* bits) {
  best.keep_reaching_scores(score, least, bits);
}

}  // namespace verbund::search::rows
