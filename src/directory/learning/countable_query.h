// SPDX-License-Identifier: EUPL-1.2
// Which searches may be counted, and under which words. Nothing that looks like a person's data is ever kept, not even
// in memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace verbund::directory {

inline constexpr std::size_t longest_counted_query = 100;  // bytes
inline constexpr std::size_t most_counted_words = 6;
inline constexpr std::size_t most_counted_digits = 4;      // in the whole query, whatever stands between them

// The words of a query as they are counted: lower case, single blanks, no punctuation at the ends of words.
// Empty - not to be counted - if nothing is left; if the query is longer than the limits above; if it contains "@",
// "(at)" or a web address; or if it looks like a bank account (IBAN), a licence plate or a street with a house number.
// Names of people cannot be told from other words: the threshold of SearchCounter stands before those.
std::string countable_query(std::string_view typed);

}  // namespace verbund::directory
