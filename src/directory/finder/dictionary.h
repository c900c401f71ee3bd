// SPDX-License-Identifier: EUPL-1.2
// All words of an index: forms as they occur (folded), their stems, the parts of compounds, near misses.
// Knows nothing of what is indexed. Immutable after building; all const methods are thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/finder/string_pool.h"

namespace verbund::directory::finder {

using Stemmer = std::function<std::string(std::string_view folded_word)>;

class Dictionary {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  struct Form {
    std::string text;      // folded
    std::string display;   // as people write it, may be empty
    bool strong = false;   // occurs where words weigh (titles, search terms): near misses are corrected to these only
  };
  // A piece of a compound. `leaf`: not split further ("bewohnerparkausweis": bewohner, parkausweis, park, ausweis;
  // all but "parkausweis" are leaves).
  struct Part {
    std::uint32_t stem;
    bool leaf;
  };
  struct Correction {
    std::uint32_t form;
    std::size_t distance;
  };

  Dictionary() = default;
  // `not_parts`: folded words that never are a part of a compound ("unter", "nach"). Requires: forms are distinct.
  // Learns compounds from the forms themselves: a word is split where both sides are known words.
  Dictionary(std::vector<Form> forms, Stemmer stemmer, std::vector<std::string> not_parts);

  std::uint32_t size() const { return static_cast<std::uint32_t>(forms_.size()); }
  std::uint32_t stem_count() const { return static_cast<std::uint32_t>(stems_.size()); }
  std::string_view form(std::uint32_t id) const { return pool_.at(forms_[id]); }
  std::string_view display(std::uint32_t id) const { return pool_.at(display_[id] != 0 ? display_[id] : forms_[id]); }
  std::uint32_t stem_of(std::uint32_t form) const { return form_stem_[form]; }
  bool strong(std::uint32_t form) const { return form_strong_[form] != 0; }
  bool strong_stem(std::uint32_t stem) const { return stem_strong_[stem] != 0; }

  std::uint32_t find_form(std::string_view folded) const;
  std::uint32_t find_stem(std::string_view stem) const;
  std::string stem(std::string_view folded) const { return stemmer_(folded); }
  // Forms [first, second) that begin with `prefix`; form ids are in alphabetical (byte) order.
  std::pair<std::uint32_t, std::uint32_t> with_prefix(std::string_view prefix) const;
  // Parts of a compound, known or not; empty if it is none.
  std::vector<Part> parts(std::string_view folded) const;
  std::span<const std::uint32_t> coded_parts(std::uint32_t form) const;   // stem * 2 + leaf
  // Strong forms at distance 1 (words of 4 letters and more) or, if there is none, 2 (8 and more; the first letter
  // counts as sure); nearest first, then alphabetically; at most `most`. Cost of distance 2: a pass over the strong
  // forms with this first letter.
  std::vector<Correction> corrections(std::string_view folded, std::size_t most) const;

  std::size_t bytes() const;

 private:
  std::uint32_t known_part(std::string_view text, bool head) const;
  void split(std::string_view word, int depth, std::vector<Part>& out) const;
  void learn_parts();
  void learn_near_misses();

  StringPool pool_;
  Stemmer stemmer_;
  std::vector<std::string> not_parts_;        // sorted
  std::vector<StringPool::Ref> forms_;        // sorted by text
  std::vector<StringPool::Ref> display_;
  std::vector<std::uint32_t> form_stem_;
  std::vector<std::uint8_t> form_strong_;
  std::vector<StringPool::Ref> stems_;
  std::vector<std::uint8_t> stem_strong_;
  TextHash form_hash_, stem_hash_;
  std::vector<std::uint32_t> part_begin_;     // forms + 1
  std::vector<std::uint32_t> parts_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> near_;   // (hash of the form with one letter left out, form)
};

}  // namespace verbund::directory::finder
