// SPDX-License-Identifier: EUPL-1.2
// The tokenizer "german" for FTS5: unicode61 with remove_diacritics 2, then ae, oe, ue for umlauts, then Snowball's
// German stemmer. The beginning of a word (token *) is not stemmed.
#pragma once

#include <string>
#include <string_view>

struct sqlite3;

namespace verbund::bench {

// False: this SQLite has no FTS5.
bool register_german_tokenizer(sqlite3* database);

// What the tokenizer makes of one word; `folded`: without stemming.
std::string german_stem(std::string_view word);
std::string folded(std::string_view word);

}  // namespace verbund::bench
