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

// What a word is worth in each document.
struct Row {
  std::vector<std::uint8_t> values;       // one byte per document, zero where not touched; zero between queries
  std::vector<std::uint64_t> touched;     // a bit per document that may have a value
  const std::uint8_t* data = nullptr;     // the values, or a dense list as it stands in the index
  bool whole = false;                     // any document may have a value: the bits do not count
  std::uint32_t count = 0;                // documents touched
  Sum sum;                                // of all values, and the largest
};

struct Scratch::Memory {
  std::array<Reading, most_query_words> readings;
  std::array<QueryWord, most_query_words> words;
  std::array<Row, most_query_words> rows;
  std::array<std::uint16_t, most_query_words> rarity;
  std::vector<std::uint64_t> active;      // a bit per block with any value
  std::vector<std::uint64_t> seen;        // a bit per document that was looked at
  std::vector<std::uint64_t> inside;      // a bit per document of any layer
  std::vector<std::uint64_t> candidates;  // a bit per document to be looked at in one step
  std::vector<std::uint16_t> text, score;
  std::vector<std::uint16_t> block_best;
  std::vector<Boost> exact;
  std::vector<std::uint32_t> documents;   // looked at in one step
  std::vector<std::uint64_t> found;       // score, then documents from the last
  std::vector<std::uint64_t> outside;     // the same of documents in no layer
};

// One query at work.
struct Task {
  const TextIndex& index;
  const TextOverlay* overlay;             // nullptr: nothing changed
  const Query& query;
  Scratch::Memory& memory;
  std::uint32_t documents;
  std::size_t words;
};

inline constexpr std::uint32_t most_score = 65'535;

// How found documents are kept: sorted from the largest on they come in the order of hits.
inline std::uint64_t found_as(std::uint32_t score, std::uint32_t document) {
  return std::uint64_t{score} << 32 | (most_documents - document);
}

// Puts the best `wanted` of `found` in order and those from `skip` on into the answer; `found` is used up. Requires: at
// least `wanted` of them have a score of `least` or more, and all that have are there.
void take_best(std::vector<std::uint64_t>& found, std::size_t skip, std::size_t wanted, std::uint32_t least,
               bool outside, const Preference& preference, Answer& answer);
// The grain of a preference, within its limits.
std::uint32_t grain_of(const Preference& preference);

// Calls each(n) for the bits that are set, ascending.
template <typename Each>
void each_bit(const std::vector<std::uint64_t>& bits, const Each& each) {
  for (std::size_t word = 0; word < bits.size(); ++word) {
    for (std::uint64_t left = bits[word]; left != 0; left &= left - 1) {
      each(static_cast<std::uint32_t>(word * 64) + static_cast<std::uint32_t>(__builtin_ctzll(left)));
    }
  }
}

inline void set_bit(std::vector<std::uint64_t>& bits, std::uint32_t n) { bits[n / 64] |= std::uint64_t{1} << (n % 64); }

}  // namespace verbund::search
