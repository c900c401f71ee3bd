// SPDX-License-Identifier: EUPL-1.2
// German (and other Latin) text for finding and sorting. ICU normalises, Snowball stems, in text.cc only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace verbund::text {

// Lower case, NFKC, ä/ö/ü -> a/o/u, ae/oe/ue stay as typed, ß -> ss, accents dropped, soft hyphens and zero-width
// characters dropped. "Führungszeugnis" -> "fuhrungszeugnis".
std::string fold(std::string_view utf8);

// For showing, not for comparing: lower case, NFKC, umlauts and accents kept; white space and control characters become
// single blanks, none at the ends; invisible characters dropped; digits of every script become 0-9.
std::string lower(std::string_view utf8);

// As fold, and ae/oe/ue -> a/o/u where they stand for an umlaut ("fuehrerschein" -> "fuhrerschein"; not after a vowel
// or q: "neue", "quer", "steuer" stay).
std::string fold_umlauts(std::string_view utf8);

// Words of a text: runs of letters and digits, folded with fold_umlauts, in order; hyphens split ("Kfz-Steuer" gives
// "kfz", "steuer"); a word longer than 64 bytes is cut.
std::vector<std::string> words(std::string_view utf8);

// The same without an allocation once the list is warm.
class WordList {
 public:
  std::size_t size() const { return words_.size(); }
  bool empty() const { return words_.empty(); }
  std::string_view operator[](std::size_t i) const { return std::string_view(text_).substr(words_[i].begin, words_[i].size); }
  // Where in the text read the word stood, if the run of letters and digits it came from was this one word; else empty.
  std::string_view source(std::size_t i, std::string_view utf8) const {
    return utf8.substr(words_[i].source_begin, words_[i].source_size);
  }
  std::size_t end(std::size_t i) const { return words_[i].source_end; }   // of that run, in the text read
  // Limit: 4 GiB.
  void read(std::string_view utf8);

 private:
  struct Word {
    std::uint32_t begin, size, source_begin, source_size, source_end;
  };
  std::string text_;
  std::vector<Word> words_;
};

// Snowball German stem of a folded word. Thread-safe.
std::string stem_german(std::string_view folded_word);
// The same; the view is good until the next call in this thread.
std::string_view stem_german_view(std::string_view folded_word);

// Optimal string alignment distance (insert, delete, replace, swap neighbours), by code point; stops early and gives
// limit + 1 when it is larger than limit.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// A piece of an address: "Führungszeugnis für Behörden" -> "fuehrungszeugnis-fuer-behoerden" (ä -> ae, ß -> ss,
// other accents dropped, everything else to single hyphens, at most 80 bytes cut at a hyphen). Never empty: "x".
std::string slug(std::string_view utf8);

// Key for alphabetical order as DIN 5007-1 (ICU collation de); compare keys bytewise.
std::string sort_key(std::string_view utf8);

}  // namespace verbund::text
