// SPDX-License-Identifier: EUPL-1.2
// What the words of a query may stand for. Inside this kit only.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "kits/search/searcher.h"

namespace verbund::search {

struct Alternative {
  std::uint32_t list;
  std::uint32_t weight;                     // of 256
  Taken how;
  std::uint32_t form;                       // it was taken for, or none
};

struct Reading {
  static constexpr std::size_t most = 64;   // Limit: alternatives of one word
  std::array<Alternative, most> alternatives;
  std::size_t count = 0;
  std::array<std::uint32_t, Dictionary::most_parts> parts;   // all of them together are one more
  std::size_t part_count = 0;
  std::uint32_t part_weight = 0;
  WordTaken taken;
  std::uint32_t stem = none;                // for phrases: of the word or of what it was corrected to
  std::uint32_t form = none;
  const TextOverlay::Word* own = nullptr;   // a word of the overlay

  std::span<const Alternative> span() const { return {alternatives.data(), count}; }
};

// Of 255: less than this gives a word only where words weigh little.
inline constexpr std::uint32_t weak_value = 64;

class Reader {
 public:
  Reader(const TextIndex& index, const TextOverlay* overlay) : index_(index), words_(index.words()), overlay_(overlay) {}
  // All words of a query; `out`: as many readings.
  void read(std::span<const QueryWord> words, std::span<Reading> out) const;
  // For a query that found nothing: what is known inside the word.
  void relax(const QueryWord& word, Reading& out) const;
  // For a word that leads nowhere. A compound whose parts no document holds together where words weigh: first near
  // misses, then (`pieces`) each part alone. Else, with `pieces`, what is known of it at one end. Gives whether there
  // are new alternatives; known words have none.
  bool look_again(const QueryWord& word, bool pieces, Reading& out) const;
  std::string_view text_of(const Alternative& alternative) const;

 private:
  // A word and what it makes with the next one: forms, without and with an "s" between, or none.
  struct Key {
    std::uint64_t raw, hash;
    std::array<std::uint32_t, 2> joined;
  };
  void read(std::span<const QueryWord> words, std::size_t at, std::span<const Key> keys, Reading& out) const;
  bool holds(std::uint32_t list) const;
  bool add(Reading& out, std::uint32_t list, std::uint32_t weight, Taken how, std::uint32_t form) const;
  void add_exact(Reading& out, std::string_view word, std::uint64_t hash, std::uint32_t weight, Taken how) const;
  void join_more(std::span<const QueryWord> words, std::size_t at, Reading& out) const;
  void complete(Reading& out, std::string_view word, std::uint64_t hash) const;
  void add_range(Reading& out, Dictionary::Range range, std::size_t typed, std::uint32_t weight, Taken how) const;
  void correct(Reading& out, const QueryWord& word, bool known) const;

  const TextIndex& index_;
  const Dictionary& words_;
  const TextOverlay* overlay_;
};

}  // namespace verbund::search
