// SPDX-License-Identifier: EUPL-1.2
// Loops over one block of documents (256 of them), written so that the compiler turns them into SSE2; `place` and
// `at_least` use its intrinsics, because g++ 12 finds no good code for bits and positions. Inside this kit only.
#pragma once

#include <cstdint>

#include "kits/search/text_index.h"

namespace verbund::search::rows {

// row[i] = max(row[i], source[i] * weight / 256). Requires: weight <= 256.
void take_largest(std::uint8_t* row, const std::uint8_t* source, std::uint32_t weight);
// row[i] = min(row[i], source[i])
void take_smallest(std::uint8_t* row, const std::uint8_t* source);
void clear(std::uint8_t* row);

Sum sum(const std::uint8_t* row);

// text[i] from the values of up to 16 words: total = sum of weight * value, covered = sum of weight * min(255, 2 value),
// c = covered >> 8; text = total * (6554 + (c * c * 9830 >> 16)) >> 16. Gives the largest.
// Requires: weights sum to at most 256.
std::uint32_t combine(const std::uint8_t* const* values, const std::uint16_t* weights, std::size_t words,
                      std::uint16_t* text);

// score[i] = text[i] - (text[i] * cut >> 16) where the bit of the document is set and score[i] is 0 so far; `bits` are
// four words of 64 documents, nullptr: all. Gives the largest score.
std::uint32_t place(const std::uint16_t* text, const std::uint64_t* bits, std::uint16_t cut, std::uint16_t* score);
// score[i] += bonus where the bit is set and score[i] > 0, up to 65535. Gives the largest.
std::uint32_t add_bonus(const std::uint64_t* bits, std::uint16_t bonus, std::uint16_t* score);
// Of 64 values: a bit for each that is at least `least`. Requires: least > 0.
std::uint64_t reaches(const std::uint8_t* values, std::uint8_t least);
// How many are at least `least`. Requires: least > 0.
std::uint32_t count_at_least(const std::uint16_t* score, std::uint16_t least);
// Their positions in the block, ascending, into `out` (room for block_size); gives how many.
std::uint32_t at_least(const std::uint16_t* score, std::uint16_t least, std::uint8_t* out);

}  // namespace verbund::search::rows
