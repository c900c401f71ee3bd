// SPDX-License-Identifier: EUPL-1.2
// An inverted index over documents with weighted fields. Knows nothing of what a document is. Words come folded.
//
// Impact of a word in a document: 1 - product over the fields (1 - weight * tf / (tf + saturation * length norm)), so a
// field can never give more than its weight however often a word stands there; computed once, kept with the posting,
// postings of a stem in falling order of impact. Parts of compounds count as part_tf of a word.
// Score of a document: mean of the impacts of the words asked for, weighted by how rare each is, times coverage.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "directory/finder/dictionary.h"

namespace verbund::directory::finder {

struct TextField {
  float weight;         // 0 to 1
  float saturation;     // > 0: how much one occurrence leaves for the next
  float length_norm;    // 0 (length does not matter) to 1
  bool strong = false;  // its words are offered for completion and correction
};

struct QueryWord {
  std::string text;     // folded
  float weight = 1;     // words that say little ("beantragen") count less
  bool prefix = false;  // still being typed
};

struct TextMatch {
  std::uint32_t document;
  float score;          // 0 to 1
  float exact;          // 0, or how well the whole query is a phrase of the document, up to 1
};

struct TextAnswer {
  std::vector<TextMatch> matches;                                // by document
  std::vector<std::pair<std::size_t, std::string>> corrections;  // word of the query, what it was taken for
};

class TextIndex {
 public:
  TextIndex() = default;
  TextAnswer search(std::span<const QueryWord> words) const;
  const Dictionary& dictionary() const { return dictionary_; }
  std::uint32_t documents() const { return documents_; }
  std::size_t postings() const { return postings_.size(); }
  std::size_t bytes() const;

 private:
  friend class TextIndexBuilder;
  struct Posting {
    std::uint32_t document;
    float impact;
  };
  struct Phrase {
    std::uint64_t key;
    std::uint32_t document;
    float boost;
  };
  struct Meaning;       // what one word of a query may stand for
  struct Scores;
  Meaning understand(std::span<const QueryWord> words, std::size_t at) const;
  void score(const Meaning& meaning, Scores& scores) const;
  std::span<const Posting> of(std::uint32_t stem) const;
  void add_exact(const std::vector<std::string>& words, std::vector<float>& exact) const;

  Dictionary dictionary_;
  std::uint32_t documents_ = 0;
  std::vector<std::uint32_t> begin_;    // stems + 1
  std::vector<Posting> postings_;
  std::vector<Phrase> phrases_;         // by key, document
};

// Two steps: add() documents and know() further words; learn(); then add() and phrase() with known words only.
class TextIndexBuilder {
 public:
  TextIndexBuilder(std::vector<TextField> fields, Stemmer stemmer, std::vector<std::string> not_parts);

  // Requires before learn(): any words. After: unknown words are left out.
  void add(std::uint32_t document, std::size_t field, const std::vector<std::string>& words);
  void know(const std::string& word, std::string_view display, bool strong);
  void learn();
  bool learnt() const { return learnt_; }
  const Dictionary& dictionary() const { return dictionary_; }

  // A whole phrase of the document, in any order of its words; `boost` 0 to 1. Requires: learn().
  void phrase(std::uint32_t document, const std::vector<std::string>& words, float boost);
  // Stems of the words, compounds as their leaves; sorted, distinct. What two phrases that mean the same share.
  std::vector<std::uint32_t> atoms(const std::vector<std::string>& words) const;

  TextIndex finish(std::uint32_t documents);

 private:
  struct Entry {
    std::uint32_t word, document, field;
  };
  std::uint32_t number(const std::string& word);

  std::vector<TextField> fields_;
  Stemmer stemmer_;
  std::vector<std::string> not_parts_;
  std::unordered_map<std::string, std::uint32_t> numbers_;   // until learn()
  std::vector<Dictionary::Form> forms_;
  std::vector<Entry> entries_;
  std::vector<TextIndex::Phrase> phrases_;
  Dictionary dictionary_;
  bool learnt_ = false;
};

// Keys of a phrase: over the stems of its words, and over its atoms. 0: a word is unknown.
std::uint64_t phrase_key(const Dictionary& dictionary, const std::vector<std::string>& words);
std::uint64_t atom_key(const Dictionary& dictionary, const std::vector<std::string>& words);
std::vector<std::uint32_t> atoms_of(const Dictionary& dictionary, const std::vector<std::string>& words,
                                    bool* all_known);

}  // namespace verbund::directory::finder
