// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/splitter.h"

#include <algorithm>
#include <array>

namespace verbund::search {
namespace {

constexpr std::size_t least_part = 4;          // letters; shorter ones split nonsense ("an" + "meldung")
constexpr std::size_t least_compound = 8;
constexpr std::size_t longest_compound = 48;
constexpr int most_depth = 3;
constexpr std::size_t longest_ending = 8;      // that a stemmer takes off

// Letters that German puts between the parts of a compound, most usual first.
constexpr std::array<std::string_view, 7> links{"", "s", "n", "en", "es", "er", "e"};

bool is_abbreviation(std::string_view text) {   // kfz, pkw, lkw: the only short parts that are safe
  return text.size() == 3 && text.find_first_of("aeiouy0123456789") == std::string_view::npos;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

// The stem of a word that may be a part, or none. In front a bare stem will do ("schul" in "schulanmeldung").
std::uint32_t Splitter::known(const PieceHashes& hashes, std::string_view word, std::size_t begin, std::size_t end,
                              bool head) const {
  const std::string_view text = word.substr(begin, end - begin);
  if (text.size() < least_part && (head || !is_abbreviation(text))) return none;
  const std::uint64_t hash = hashes.of(begin, end);
  const auto allowed = [&] {
    return words_.not_part_slots_.find(hash, [&](std::uint32_t id) { return words_.not_parts_.at(id) == text; }) ==
           none;
  };
  if (words_.may_know(hash)) {
    if (const std::uint32_t form = words_.find_form(text, hash); form != none) {
      return allowed() ? words_.stem_of(form) : none;
    }
    if (text.size() >= least_part && !head) {
      if (const std::uint32_t stem = words_.find_stem(text, hash); stem != none) return allowed() ? stem : none;
    }
  }
  if (text.size() < least_part) return none;
  // The stemmer is dear: only where some beginning of the piece is a stem.
  const std::size_t shortest = std::max(begin + 2, end - std::min(end - begin, longest_ending));
  for (std::size_t at = end; at >= shortest; --at) {
    if (!words_.may_know(hashes.of(begin, at))) continue;
    return allowed() ? words_.find_stem(words_.stemmer_(text)) : none;
  }
  return none;
}

void Splitter::split(const PieceHashes& hashes, std::string_view word, std::size_t begin, std::size_t end, int depth,
                     Dictionary::Parts& out) const {
  const std::size_t size = end - begin;
  if (size < least_compound || size > longest_compound || depth >= most_depth) return;
  struct Best {
    std::size_t shorter_side = 0, left_end = 0, right_begin = 0;
    std::uint32_t left = none, right = none;
  } best;
  for (std::size_t right_begin = begin + 3; right_begin + least_part <= end; ++right_begin) {
    if (continues(word[right_begin])) continue;
    if (std::min(right_begin - begin, end - right_begin) <= best.shorter_side) continue;   // cannot be better
    const std::uint32_t right = known(hashes, word, right_begin, end, true);
    if (right == none) continue;
    const std::string_view before = word.substr(begin, right_begin - begin);
    for (const std::string_view link : links) {
      if (!before.ends_with(link)) continue;
      const std::size_t left_end = right_begin - link.size();
      const std::uint32_t left = known(hashes, word, begin, left_end, false);
      if (left == none) continue;
      const std::size_t shorter_side = std::min(left_end - begin, end - right_begin);
      if (shorter_side > best.shorter_side) best = {shorter_side, left_end, right_begin, left, right};
      break;
    }
  }
  if (best.left == none) return split_chain(hashes, word, begin, end, depth, out);
  const auto add = [&](std::size_t from, std::size_t to, std::uint32_t stem) {
    if (out.count == out.at.size()) return;
    const std::size_t at = out.count++;
    out.at[at] = {stem, true};
    split(hashes, word, from, to, depth + 1, out);
    out.at[at].leaf = out.count == at + 1;
  };
  add(begin, best.left_end, best.left);
  add(best.right_begin, end, best.right);
}

// No two known words make it, but perhaps more ("ausser" + "betrieb" + "setzung"): the longest known end before which a
// compound stands.
void Splitter::split_chain(const PieceHashes& hashes, std::string_view word, std::size_t begin, std::size_t end,
                           int depth, Dictionary::Parts& out) const {
  for (std::size_t right_begin = begin + least_compound; right_begin + least_part <= end; ++right_begin) {
    if (continues(word[right_begin])) continue;
    const std::uint32_t right = known(hashes, word, right_begin, end, true);
    if (right == none) continue;
    const std::string_view before = word.substr(begin, right_begin - begin);
    for (const std::string_view link : links) {
      if (!before.ends_with(link)) continue;
      Dictionary::Parts left;
      split(hashes, word, begin, right_begin - link.size(), depth + 1, left);
      if (left.count == 0) continue;
      for (const Dictionary::Part& part : left.span()) {
        if (out.count < out.at.size()) out.at[out.count++] = part;
      }
      if (out.count < out.at.size()) out.at[out.count++] = {right, true};
      return;
    }
  }
}

Dictionary::Parts Splitter::split(std::string_view word) const {
  Dictionary::Parts out;
  if (word.size() < least_compound || word.size() > longest_compound) return out;
  if (word.find_first_of("0123456789") != std::string_view::npos) return out;
  split(PieceHashes(word), word, 0, word.size(), 0, out);
  return out;
}

std::uint32_t Splitter::piece(std::string_view word) const {
  if (word.size() > longest_compound || word.find_first_of("0123456789") != std::string_view::npos) return none;
  const PieceHashes hashes(word);
  for (std::size_t size = word.size(); size-- > least_part;) {
    if (!continues(word[word.size() - size])) {
      const std::uint32_t tail = known(hashes, word, word.size() - size, word.size(), true);
      if (tail != none) return tail;
    }
    if (!continues(word[size])) {
      const std::uint32_t begin = known(hashes, word, 0, size, false);
      if (begin != none) return begin;
    }
  }
  return none;
}

}  // namespace verbund::search
