// SPDX-License-Identifier: EUPL-1.2
// What people type, made ready for the index: folded words without the ones that only make it a sentence.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kits/search/searcher.h"
#include "kits/text/text.h"

namespace verbund::directory::finder {

inline constexpr std::size_t query_bytes_read = 200;   // Limit: the rest of a longer query is not looked at
inline constexpr std::size_t query_words_read = search::most_query_words;

// A query understood. Reusable: no allocation once it is warm. All views are into itself.
class Query {
 public:
  // `place_words`: folded names of the place that is known anyway; they are dropped if anything else is left. The last
  // word counts as still being typed unless a space or punctuation follows it. Any bytes may come in: what is not UTF-8
  // counts as space. Limit: the first query_words_read words of content.
  void read(std::string_view typed, std::span<const std::string_view> place_words);

  std::span<const search::QueryWord> words() const { return {words_.data(), count_}; }
  std::string_view typed(std::size_t word) const { return typed_[word]; }   // as typed, for showing a correction
  std::string_view digits() const { return digits_; }   // all digits if there is nothing else but spaces, dots, dashes
  std::string_view folded() const { return folded_; }   // every word of the query, one space between
  void drop(std::size_t word);

  // "melde ... an": gives the verb its other reading "anmelde" where the dictionary knows that.
  void join_verbs(const search::Dictionary& dictionary);


 private:
  void drop_general_endings(const search::Dictionary& dictionary);
  std::string readable_, digits_, folded_, verb_;
  text::WordList list_;
  std::array<search::QueryWord, query_words_read> words_;
  std::array<std::string_view, query_words_read> typed_;
  std::size_t count_ = 0;
  std::string_view particle_;                // at the end of the sentence, or empty
};

// Words that only make a sentence ("für", "der"), folded.
bool makes_sentences(std::string_view folded_word);
// Folded words that never are parts of a compound.
std::vector<std::string> words_never_parts();

// Only well-formed UTF-8 without control characters: everything else becomes a space. Replaces what is in `out`.
void make_readable(std::string_view bytes, std::string& out);
std::string readable(std::string_view bytes);

}  // namespace verbund::directory::finder
