// SPDX-License-Identifier: EUPL-1.2
// What an index is told about its documents: fields and how much they weigh, phrases, synonyms, the language.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kits/search/dictionary.h"

namespace verbund::search {

// How sure, in 1/16384: what scores, boosts and bonuses are counted in.
inline constexpr std::uint32_t one = 16'384;

struct Field {
  float weight;         // 0 to 1: a field can never give more than this, however often a word stands there
  float saturation;     // > 0: how much one occurrence leaves for the next
  float length_norm;    // 0 (length does not matter) to 1
  bool strong = false;  // its words are offered for completion and correction
};

// A kind of whole phrases of a document (a title, a search term). `boost`: how sure a query that is this phrase, in any
// order of its words, means the document (0 to 2). The rest says what a synonym gets that fits the phrase. The words of
// a synonym of several ("lost ID card") say less each than a single one: they have fields of their own.
struct PhraseKind {
  float boost = 1;
  float synonym_boost = 0;            // the synonym means exactly this phrase; 0: synonyms are not looked for
  std::uint8_t synonym_field = 0;     // its words are added there
  std::uint8_t several_field = 0;     // if it has several
  bool inside = false;                // also where the phrase only holds what the synonym means ...
  std::uint8_t inside_field = 0;      // ... a single word goes here, with a boost of 0.3 to 0.7 by how much of it
  std::uint8_t several_inside_field = 0;   // ... several go here, with 0.6 to 0.85
};

// What people say and what documents call it, best first. Folded words.
struct Synonym {
  struct Word {
    std::string folded, shown;
  };
  std::vector<Word> phrase;
  std::vector<std::vector<std::string>> means;
};

struct Rules {
  std::vector<Field> fields;          // Limit: 16
  std::vector<PhraseKind> kinds;
  std::vector<Synonym> synonyms;
  std::vector<std::string> not_parts; // folded words that never are a part of a compound
  Stemmer stemmer = nullptr;
};

// The words of one document. Reusable: clear() keeps the memory.
class Draft {
 public:
  struct Word {
    std::string_view folded, shown;
  };
  // Requires: folded, not empty. Cut at longest_word bytes.
  void add(std::size_t field, std::string_view word) { words_.push_back({keep(word), {}, field8(field)}); }
  // A phrase of a kind of the rules; its words are added to the field too. `shown`: for corrections, may be empty.
  void add_phrase(std::size_t kind, std::size_t field, const std::vector<Word>& words);
  // For near misses and completions only.
  void know(std::string_view word, std::string_view shown) { words_.push_back({keep(word), keep(shown), known_only}); }
  void clear();
  bool empty() const { return words_.empty(); }

 private:
  friend class IndexBuilder;
  friend class TextOverlay;
  static constexpr std::uint8_t known_only = 0xFF;
  struct Piece {
    std::uint32_t begin = 0, size = 0;
  };
  struct Said {
    Piece folded, shown;
    std::uint8_t field;
  };
  struct Phrase {
    std::uint32_t begin, end;   // words
    std::uint8_t kind;
  };
  static std::uint8_t field8(std::size_t field) { return static_cast<std::uint8_t>(field); }
  Piece keep(std::string_view text);
  std::string_view at(const Piece& piece) const { return std::string_view(text_).substr(piece.begin, piece.size); }

  std::string text_;
  std::vector<Said> words_;
  std::vector<Phrase> phrases_;
};

}  // namespace verbund::search
