// SPDX-License-Identifier: EUPL-1.2
// All words of an index: forms as they occur (folded), their stems, the parts of compounds, near misses. Learns compounds
// from its own words. Immutable; all const methods are thread-safe and allocate nothing.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kits/flat/flat.h"
#include "kits/search/near.h"
#include "kits/search/strings.h"

namespace verbund::search {

// Stem of a folded word; the view is good until the next call in this thread. Requires: thread-safe; gives a beginning
// of the word (as Snowball does for folded German), or parts of compounds are found by their forms only.
using Stemmer = std::string_view (*)(std::string_view folded_word);

// A form to be known. Requires: folded, not empty, at most longest_word bytes.
struct Form {
  std::string_view text;
  std::string_view display;   // as people write it, or empty
  std::uint32_t uses = 0;     // in strong fields: of two near misses the more usual word is meant
  bool strong = false;        // occurs where words weigh: near misses and completions are looked for among these
};

class Dictionary {
 public:
  static constexpr std::size_t most_parts = 8;         // Limit: of one compound
  static constexpr std::size_t least_correctable = 4;  // letters
  static constexpr std::size_t least_correctable_twice = 8;
  static constexpr std::size_t least_prefix_corrected = 4, longest_prefix_corrected = 8;

  // A piece of a compound. `leaf`: not split further ("bewohnerparkausweis": bewohner, parkausweis, park, ausweis;
  // all but "parkausweis" are leaves).
  struct Part {
    std::uint32_t stem;
    bool leaf;
  };
  struct Parts {
    std::array<Part, most_parts> at;
    std::size_t count = 0;
    std::span<const Part> span() const { return {at.data(), count}; }
  };
  struct Correction {
    std::uint32_t form;
    unsigned distance;
  };
  struct Range {
    std::uint32_t begin = 0, end = 0;   // forms
    std::uint32_t bytes = 0;            // that they share by the prefix asked for
    std::uint32_t size() const { return end - begin; }
  };

  Dictionary() = default;
  // `forms`: sorted by text, distinct. `not_parts`: folded words that never are a part of a compound ("unter", "nach").
  Dictionary(const std::vector<Form>& forms, Stemmer stemmer, std::vector<std::string> not_parts);

  std::uint32_t size() const { return forms_.size(); }
  std::uint32_t stem_count() const { return stems_.size(); }
  std::string_view form(std::uint32_t id) const { return forms_.at(id); }
  std::string_view display(std::uint32_t id) const;
  std::uint32_t stem_of(std::uint32_t form) const { return form_stem_[form]; }
  std::string_view stem_text(std::uint32_t stem) const { return stems_.at(stem); }
  bool strong(std::uint32_t form) const { return (form_flags_[form] & strong_flag) != 0; }
  bool strong_stem(std::uint32_t stem) const { return stem_strong_[stem] != 0; }

  std::uint32_t find_form(std::string_view folded) const;
  // The same with its hash, WordHash::of(folded).
  std::uint32_t find_form(std::string_view folded, std::uint64_t hash) const;
  void prefetch(std::uint64_t hash) const { form_slots_.prefetch(hash); }
  std::uint32_t find_stem(std::string_view stem) const;
  // The stem a word belongs to, known as a form or only by its stem; or none.
  std::uint32_t stem_for(std::string_view folded) const;
  std::string_view stem(std::string_view folded) const { return stemmer_(folded); }
  // The form that is a + link + b, or none; with WordHash::raw of a and b. Costs a look into a bit table in most cases.
  std::uint32_t find_joined(std::string_view a, std::uint64_t a_raw, std::string_view link, std::string_view b,
                            std::uint64_t b_raw) const;

  // Forms that begin with `prefix`; form ids are in alphabetical (byte) order.
  Range with_prefix(std::string_view prefix) const;
  // The first of them, at most `most`. `first`: the form that is the prefix itself, or none.
  Range with_prefix(std::string_view prefix, std::uint32_t first, std::uint32_t most) const;
  // Parts of a compound, known or not; none if it is no compound.
  Parts parts(std::string_view folded) const;
  std::span<const std::uint32_t> coded_parts(std::uint32_t form) const {   // stem * 2 + leaf
    return {parts_.data() + part_begin_[form], parts_.data() + part_begin_[form + 1]};
  }
  // What is known at the begin or the end of a word that as a whole is not: the longest such piece, or none.
  std::uint32_t piece_of(std::string_view folded) const;

  // Strong forms at distance 1 (words of 4 letters and more) or, if there is none, 2 (8 and more); nearest first, then
  // those with the same first letter, then the most used, then alphabetically. Fills `out`, gives how many. Words with
  // digits are not corrected.
  std::size_t corrections(std::string_view folded, std::span<Correction> out) const;
  // Beginnings of strong forms at distance 1 from what is being typed (4 letters and more): ranges of forms, the most
  // forms first.
  std::size_t prefix_corrections(std::string_view folded, std::span<Range> out) const;

  std::size_t bytes() const;
  void save(flat::Writer& out) const;
  // Errors: invalid.
  static Result<Dictionary> load(const flat::File& file, Stemmer stemmer);

 private:
  friend class Splitter;
  static constexpr std::uint8_t strong_flag = 1;

  bool may_know(std::uint64_t hash) const {
    const std::uint64_t bit = (hash >> 7) & known_mask_;
    return (known_[bit / 64] >> (bit % 64) & 1) != 0;
  }
  std::uint32_t find_stem(std::string_view stem, std::uint64_t hash) const;
  std::uint32_t first_with_prefix(std::string_view prefix) const;
  void index_words();
  void learn_parts();
  void learn_near_misses(const std::vector<Form>& forms);

  Stemmer stemmer_ = nullptr;
  StringTable forms_, stems_, displays_, not_parts_;
  flat::Array<std::uint32_t> form_display_;    // into displays_, or none
  flat::Array<std::uint32_t> form_stem_;
  flat::Array<std::uint32_t> form_uses_;
  flat::Array<std::uint8_t> form_flags_;
  flat::Array<std::uint8_t> stem_strong_;
  HashSlots form_slots_, stem_slots_, not_part_slots_;
  flat::Array<std::uint64_t> known_;           // bits: hashes of forms and stems
  std::uint64_t known_mask_ = 0;
  flat::Array<std::uint32_t> lead_;            // first form of each first two bytes
  flat::Array<std::uint32_t> part_begin_, parts_;
  NearIndex near_;                             // of strong forms
  NearIndex near_prefixes_;                    // of beginnings of strong forms
  flat::Array<std::uint32_t> prefix_form_;     // a form that begins so ...
  flat::Array<std::uint32_t> prefix_bytes_;    // ... and how far
};

}  // namespace verbund::search
