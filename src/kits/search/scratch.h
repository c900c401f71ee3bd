// SPDX-License-Identifier: EUPL-1.2
// What one query needs while it runs. Inside this kit only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "kits/search/reading.h"
#include "kits/search/searcher.h"

namespace verbund::search {

// One byte per document, zero but in touched blocks.
struct Row {
  std::vector<std::uint8_t> values;
  std::vector<std::uint64_t> touched;     // a bit per block
};

struct Scratch::Memory {
  std::array<Reading, most_query_words> readings;
  std::array<QueryWord, most_query_words> words;
  std::array<Row, most_query_words> rows;
  Row joint, part;                        // parts of compounds
  std::array<std::uint16_t, most_query_words> rarity;
  std::vector<std::uint64_t> active;      // blocks with any value
  std::vector<std::uint16_t> text, score;
  std::vector<std::uint16_t> block_best;
  std::vector<Boost> exact;
  std::vector<std::uint64_t> found;       // score, then documents from the last
};

// Calls each(block) for the blocks whose bit is set, ascending.
template <typename Each>
void each_block(const std::vector<std::uint64_t>& bits, const Each& each) {
  for (std::size_t word = 0; word < bits.size(); ++word) {
    for (std::uint64_t left = bits[word]; left != 0; left &= left - 1) {
      each(static_cast<std::uint32_t>(word * 64) + static_cast<std::uint32_t>(__builtin_ctzll(left)));
    }
  }
}

}  // namespace verbund::search
