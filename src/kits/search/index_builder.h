// SPDX-License-Identifier: EUPL-1.2
// Builds a TextIndex: add every document, then finish(). One core handles about 2 million words a second.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kits/search/rules.h"
#include "kits/search/text_index.h"

namespace verbund::search {

class IndexBuilder {
 public:
  // Requires: a stemmer; at most 16 fields; fields that only synonyms fill have no length norm.
  explicit IndexBuilder(std::shared_ptr<const Rules> rules);

  // Documents in any order; several drafts of one document add up. Requires: document < most_documents.
  void add(std::uint32_t document, const Draft& draft);
  std::size_t words() const { return tokens_.size(); }

  // `documents`: how many there are; numbers without a draft are documents without words. The builder is empty after.
  TextIndex finish(std::uint32_t documents);

 private:
  struct WordRow {
    std::uint32_t begin = 0;           // in text_
    std::uint8_t size = 0;
    bool strong = false;
    std::uint32_t uses = 0;
    std::uint32_t shown = none;        // into shown_
  };
  struct Phrase {
    std::uint32_t begin, end;          // tokens
    std::uint32_t kind;
  };
  struct Chunk {
    std::uint32_t document;
    std::uint32_t token_begin, token_end, phrase_begin, phrase_end;
  };
  struct Postings;

  std::uint32_t number(std::string_view word);
  std::string_view text(std::uint32_t word) const { return {text_.data() + words_[word].begin, words_[word].size}; }
  void know(std::uint32_t word, std::string_view shown);
  void learn_words(TextIndex& index);
  static void list_prefixes(TextIndex& index);
  void prepare_documents(TextIndex& index, Postings& postings);
  static void lay_out(TextIndex& index, Postings& postings);

  std::shared_ptr<const Rules> rules_;
  std::vector<char> text_;
  std::vector<WordRow> words_;
  std::vector<std::string> shown_;
  std::vector<std::uint64_t> slots_;   // upper half of the hash, word + 1; 0: free
  std::vector<std::uint32_t> tokens_;  // word * 16 + field
  std::vector<Phrase> phrases_;
  std::vector<Chunk> chunks_;
};

}  // namespace verbund::search
