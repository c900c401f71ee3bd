// SPDX-License-Identifier: EUPL-1.2
// An inverted index over documents with weighted fields, in flat arrays: built (index_builder.h), saved, mapped at the
// next start. Knows nothing of what a document is. Words come folded. Immutable; all const methods are thread-safe.
//
// Impact of a stem in a document, 1 to 255: 255 * (1 - product over the fields (1 - weight * tf / (tf + saturation *
// length norm))), rounded; computed once, kept with the posting. Parts of compounds count as 0.35 of a word. Besides the
// postings of each stem there are those of every much-shared beginning of words (prefix lists: what its strong
// completions give), and lists that hold many documents stand as one byte per document as well (dense).
// Limits: 2^24 documents, 2^32 postings, 16 fields.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kits/flat/flat.h"
#include "kits/search/dictionary.h"
#include "kits/search/rules.h"

namespace verbund::search {

class SynonymTable;

inline constexpr std::uint32_t block_size = 256;        // documents handled together
inline constexpr std::size_t words_a_block = block_size / 64;
inline constexpr std::uint32_t most_documents = 1U << 24;

// A document and the impact there, in one number.
using Posting = std::uint32_t;
inline std::uint32_t document_of(Posting posting) { return posting >> 8; }
inline std::uint32_t impact_of(Posting posting) { return posting & 255; }

struct Sum {
  std::uint32_t sum = 0, most = 0;
};

// What a completion of `typed` bytes to a form of `whole` bytes counts, of 256.
std::uint32_t completion_weight(std::size_t typed, std::size_t whole);

class TextIndex {
 public:
  // Beginnings with more forms than this have a list of their own; others are completed form by form.
  static constexpr std::uint32_t most_completions = 24;
  static constexpr std::uint32_t least_strong_completions = 8;   // fewer: no list, the first forms are taken
  static constexpr std::uint32_t least_prefix = 2;               // bytes
  static constexpr std::uint32_t prefix_floor = 40;              // impacts below do not go into prefix lists

  struct PrefixShare {
    std::uint32_t list;
    std::uint32_t weight;      // of 256
  };
  struct Phrase {
    std::uint32_t document;
    std::uint32_t boost;       // in 1/16384
  };

  TextIndex();
  ~TextIndex();
  TextIndex(TextIndex&&) noexcept;
  TextIndex& operator=(TextIndex&&) noexcept;

  const Dictionary& words() const { return words_; }
  const Rules& rules() const { return *rules_; }
  std::uint32_t documents() const { return documents_; }
  std::uint32_t stems() const { return words_.stem_count(); }
  std::uint32_t lists() const { return static_cast<std::uint32_t>(list_begin_.size() - 1); }   // stems, then prefixes
  std::span<const Posting> postings(std::uint32_t list) const {                               // by document
    return {postings_.data() + list_begin_[list], postings_.data() + list_begin_[list + 1]};
  }
  void prefetch(std::uint32_t list) const { __builtin_prefetch(list_begin_.data() + list); }
  void prefetch_postings(std::uint32_t list) const { __builtin_prefetch(postings_.data() + list_begin_[list]); }
  // One byte per document up to stride(), or nullptr if the list is not dense.
  const std::uint8_t* dense(std::uint32_t list) const {
    return dense_[list] == none ? nullptr : rows_.data() + std::size_t{dense_[list]} * stride();
  }
  // Of all values of a dense list, and the largest.
  Sum dense_sum(std::uint32_t list) const { return dense_sums_[dense_[list]]; }
  std::size_t stride() const { return (std::size_t{documents_} + block_size - 1) / block_size * block_size; }
  std::uint32_t prefix_list(std::string_view prefix) const {                                  // or none
    return prefix_list(prefix, WordHash::of(prefix));
  }
  std::uint32_t prefix_list(std::string_view prefix, std::uint64_t hash) const;               // hash: WordHash::of
  void prefetch_prefix(std::uint64_t hash) const { prefix_slots_.prefetch(hash); }
  std::string_view prefix_text(std::uint32_t list) const;
  std::span<const PrefixShare> prefixes_of(std::uint32_t stem) const {
    return {shares_.data() + share_begin_[stem], shares_.data() + share_begin_[stem + 1]};
  }
  std::span<const Phrase> phrases(std::uint64_t key) const;                                   // by document
  // The field that gives most of the impact of a stem in a document.
  std::uint8_t strongest_field(std::uint32_t stem, std::uint32_t document) const;
  float mean_length(std::size_t field) const { return mean_length_[field]; }
  const SynonymTable& synonyms() const { return *synonyms_; }

  std::size_t posting_count() const { return postings_.size(); }
  std::size_t bytes() const;
  void save(flat::Writer& out) const;
  // `rules`: the same as at the build; put what they are made of into the key of the file. Errors: invalid.
  static Result<TextIndex> load(const flat::File& file, std::shared_ptr<const Rules> rules);

 private:
  friend class IndexBuilder;
  void sum_rows();
  std::shared_ptr<const Rules> rules_;
  std::unique_ptr<const SynonymTable> synonyms_;
  Dictionary words_;
  std::uint32_t documents_ = 0;
  flat::Array<float> mean_length_;             // words of a field, over the documents that have it
  flat::Array<std::uint32_t> list_begin_;      // lists + 1
  flat::Array<Posting> postings_;
  flat::Array<std::uint8_t> posting_field_;    // of the stems' postings
  flat::Array<std::uint32_t> dense_;           // per list: row, or none
  flat::Array<std::uint8_t> rows_;
  std::vector<Sum> dense_sums_;                // per row; not in the file
  HashSlots prefix_slots_;
  flat::Array<std::uint32_t> prefix_form_, prefix_bytes_;   // per prefix list: a form that begins so, how far
  flat::Array<std::uint32_t> share_begin_;     // stems + 1
  flat::Array<PrefixShare> shares_;
  flat::Array<std::uint64_t> phrase_keys_;     // ascending
  flat::Array<std::uint32_t> phrase_lead_;     // first of each of the values of the upper 16 bits
  flat::Array<Phrase> phrases_;
};

}  // namespace verbund::search
