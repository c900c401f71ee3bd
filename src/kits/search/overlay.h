// SPDX-License-Identifier: EUPL-1.2
// Changes over an index: documents replaced, added or removed since it was built, searchable at once. Immutable; a newer
// overlay is made from an older one and shares most of it. Meant for up to about a thousand documents; then build anew.
//
// A changed document is prepared with the dictionary and the mean field lengths of the base, and its words that the base
// does not know become words of the overlay (found as they are, by stem, beginning and near miss). So an overlay gives
// the same answers as an index built from all documents with those words and lengths. Until the next build: new words
// split no compounds, and a word that stands only in removed documents still counts as known.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "kits/search/own_words.h"
#include "kits/search/prepare.h"
#include "kits/search/rules.h"
#include "kits/search/text_index.h"

namespace verbund::search {

class TextOverlay : public std::enable_shared_from_this<TextOverlay> {
 public:
  static constexpr std::size_t most_words = OwnWords::most_words;   // Limit: further ones wait for the next build

  struct Change {
    std::uint32_t document;    // of the base or the overlay, or any number above: then it is added
    const Draft* draft;        // nullptr: removed
  };

  // An overlay without changes.
  static std::shared_ptr<const TextOverlay> over(std::shared_ptr<const TextIndex> base);
  // This one with further changes; the last of two changes of one document counts. Cost: about 0.2 ms a document, and
  // now and then a copy of what changed so far.
  std::shared_ptr<const TextOverlay> with(std::span<const Change> changes) const;

  const TextIndex& base() const { return *base_; }
  std::uint32_t documents() const { return documents_; }      // highest number + 1
  std::size_t changed() const { return changed_.size(); }
  std::size_t bytes() const;

  // For the search of this kit.
  using Word = OwnWord;
  struct Segment {
    std::vector<std::uint32_t> lists, begin;   // ascending; lists + 1
    std::vector<Posting> postings;             // by document within a list
    std::vector<PreparedPhrase> phrases;       // by key, document
    std::vector<std::uint32_t> phrase_documents;
    std::vector<std::uint32_t> documents;      // ascending; what it was made from
    std::span<const Posting> of(std::uint32_t list) const;
  };
  std::size_t segments() const { return segments_.size(); }
  const Segment& segment(std::size_t number) const { return *segments_[number]; }
  // Where a document stands: base, a segment (its number), or nowhere.
  static constexpr std::uint8_t in_base = 255, removed = 254;
  std::uint8_t place_of(std::uint32_t document) const { return place_[document]; }
  std::span<const std::uint32_t> changed_documents() const { return changed_; }   // ascending
  bool holds(std::uint32_t list) const;        // some document that counts has it

  const Word* find(std::string_view folded) const { return words_->find(folded); }
  std::uint32_t find_stem(std::string_view stem) const { return words_->find_stem(stem).value_or(none); }
  std::uint32_t stem_end() const { return base_->lists() + words_->stems(); }
  // New words that begin so, the first ones by text.
  OwnWords::Few with_prefix(std::string_view prefix) const { return words_->with_prefix(prefix); }
  // Strong new words at distance 1, the first ones by text.
  OwnWords::Few corrections(std::string_view folded) const { return words_->corrections(folded); }

 private:
  TextOverlay() = default;
  const Word* learn(OwnWords::Additions& words, std::string_view folded) const;
  std::shared_ptr<const Segment> prepare(std::span<const Change> changes, std::shared_ptr<const OwnWords>& words) const;
  std::shared_ptr<const Segment> merged(std::size_t older, const Segment& newer) const;

  std::shared_ptr<const TextIndex> base_;
  std::uint32_t documents_ = 0;
  std::vector<std::shared_ptr<const Segment>> segments_;      // oldest and largest first
  std::shared_ptr<const OwnWords> words_;
  std::vector<std::uint8_t> place_;            // per document
  std::vector<std::uint32_t> changed_;
};

}  // namespace verbund::search
