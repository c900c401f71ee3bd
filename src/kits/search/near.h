// SPDX-License-Identifier: EUPL-1.2
// Words at a small distance from a misspelt one, found by symmetric deletes: two words are within distance d only if
// leaving at most d letters out of the first seven of each can make them equal (W. Garbe, SymSpell). Every word is
// filed under what remains of its beginning; a look-up probes what remains of the misspelt word's.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kits/flat/flat.h"

namespace verbund::search {

// Code points of a word. Limit: longest_word; broken UTF-8 counts byte by byte.
struct Letters {
  std::array<char32_t, 64> at;
  std::uint32_t count = 0;
  explicit Letters(std::string_view utf8);
  Letters cut(std::uint32_t letters) const;   // the beginning
};

// Optimal string alignment distance (insert, delete, replace, swap neighbours) if at most `most` (1 or 2), else most + 1.
unsigned distance(const Letters& a, const Letters& b, unsigned most);

class NearIndex {
 public:
  static constexpr std::uint32_t key_letters = 7;
  static constexpr std::size_t most_looked_at = 20'000;   // Limit: entries of one look-up

  struct Word {
    std::uint32_t id;
    std::string_view text;
    unsigned distance;   // 1 or 2: up to which it wants to be found
  };
  static NearIndex build(const std::vector<Word>& words);

  // Calls each(id) for a superset of the words within `distance` of the letters; an id may come several times.
  template <typename Each>
  void candidates(const Letters& word, unsigned distance, bool whole, const Each& each) const;

  // Bits for the letters that occur and the length: tells most candidates apart without reading them.
  static std::uint32_t signature(const Letters& word);
  // False: words with these signatures are further apart.
  static bool may_be(std::uint32_t a, std::uint32_t b, unsigned distance);

  std::size_t bytes() const { return begin_.bytes() + entries_.bytes(); }
  void save(flat::Writer& out, const std::string& name) const;
  Result<void> load(const flat::File& file, const std::string& name, std::uint32_t ids);

 private:
  struct Entry {
    std::uint32_t id, signature;
  };
  struct Keys {
    std::array<std::uint64_t, 40> at;
    std::size_t count = 0;
  };
  static Keys keys_of(const Letters& word, unsigned deletes);
  std::size_t bucket(std::uint64_t key) const { return static_cast<std::size_t>((key >> 32) * (begin_.size() - 1) >> 32); }

  flat::Array<std::uint32_t> begin_;   // buckets + 1
  flat::Array<Entry> entries_;
};

// Inline: `each` is called for thousands of entries at times.
inline bool NearIndex::may_be(std::uint32_t a, std::uint32_t b, unsigned distance) {
  const int a_length = static_cast<int>(a >> 26), b_length = static_cast<int>(b >> 26);
  const int longer = a_length > b_length ? a_length - b_length : b_length - a_length;
  return longer <= static_cast<int>(distance) &&
         __builtin_popcount((a ^ b) & ((1U << 26) - 1)) <= static_cast<int>(2 * distance);
}

// `whole`: the words are compared as wholes (else by their beginnings: no signature can rule one out).
template <typename Each>
void NearIndex::candidates(const Letters& word, unsigned distance, bool whole, const Each& each) const {
  if (begin_.size() < 2) return;
  const Keys keys = keys_of(word, distance);
  for (std::size_t i = 0; i < keys.count; ++i) __builtin_prefetch(begin_.data() + bucket(keys.at[i]));
  for (std::size_t i = 0; i < keys.count; ++i) __builtin_prefetch(entries_.data() + begin_[bucket(keys.at[i])]);
  const std::uint32_t own = signature(word);
  std::size_t looked_at = 0;
  for (std::size_t i = 0; i < keys.count; ++i) {
    const std::size_t at = bucket(keys.at[i]);
    for (std::uint32_t entry = begin_[at]; entry < begin_[at + 1]; ++entry) {
      if (++looked_at > most_looked_at) return;
      if (!whole || may_be(own, entries_[entry].signature, distance)) each(entries_[entry].id);
    }
  }
}

}  // namespace verbund::search
