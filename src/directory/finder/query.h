// SPDX-License-Identifier: EUPL-1.2
// What people type, made ready for the index: folded words without the ones that only make it a sentence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directory/finder/text_index.h"

namespace verbund::directory::finder {

inline constexpr std::size_t query_bytes_read = 200;   // Limit: the rest of a longer query is not looked at
inline constexpr std::size_t query_words_read = 16;

struct Query {
  std::vector<QueryWord> words;       // of content; all words if there is none of content
  std::vector<std::string> typed;     // the same words as typed (lower case left as it was), for showing a correction
  std::string digits;                 // all digits of the query if it holds nothing else but spaces, dots and dashes
};

// `place_words`: folded names of the place that is known anyway; they are dropped if anything else is left.
// `typing`: the last word may go on (no space or punctuation after it).
// Any bytes may come in: what is not UTF-8 counts as space.
Query understand(std::string_view typed, const std::vector<std::string>& place_words);

// Words of a text of the directory, those that only make sentences left out ("für", "der").
std::vector<std::string> content_words(std::string_view text);

// A run of letters and digits with its folded word, so that a correction can be shown as people write it.
struct ShownWord {
  std::string folded, shown;
};
std::vector<ShownWord> shown_words(std::string_view text);

// Folded words that never are parts of a compound.
std::vector<std::string> words_never_parts();

// Only well-formed UTF-8 without control characters: everything else becomes a space.
std::string readable(std::string_view bytes);

}  // namespace verbund::directory::finder
