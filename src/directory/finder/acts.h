// SPDX-License-Identifier: EUPL-1.2
// Verbs and nouns of the same act: "verlieren", "verloren" and "Verlust" are one word to the search, and "melde ... an"
// is "anmelden". The list is data/vocabulary/acts.tsv, inside the program.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "kits/text/text.h"

namespace verbund::directory::finder {

class Acts {
 public:
  // A line is one act: its words separated by spaces, the first one names it. "an|melden" is a verb whose first part
  // can stand apart; its regular forms come with it. "zieht~um" is an irregular form that stands apart. "#" begins a
  // comment line. Errors: invalid, with the line (a word that stands for two acts, more than one word in a word).
  static Result<Acts> read(std::string_view text);

  // The stem of a folded word: that of its act if it has one, else Snowball German.
  std::string stem(std::string_view folded_word) const { return std::string(stem_view(folded_word)); }
  std::string_view stem_view(std::string_view folded_word) const;   // good until the next call in this thread
  // "melde", "an" -> "anmelden"; empty if they are no act together. Folded in and out.
  std::string_view joined(std::string_view verb, std::string_view first_part) const;
  // True for "an", "um" ...: the first part of a verb of the list.
  bool is_first_part(std::string_view folded_word) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> stems_;   // Snowball stem of a form -> stem of the act
  std::unordered_map<std::string, std::string> apart_;     // "meld an" -> "anmelden"
  std::vector<std::string> first_parts_;
};

// The list inside the program.
const Acts& acts();

}  // namespace verbund::directory::finder
