// SPDX-License-Identifier: EUPL-1.2
// Words that are known and begin like one that is not, for whoever searched and found nothing.
#pragma once

#include <string_view>
#include <vector>

#include "kits/search/dictionary.h"

namespace verbund::directory::finder {

// Words of titles and terms with the longest beginning in common with a folded word (three fifths of it, at least four
// bytes), nearest by letters first, as people write them; each stem once, at most `most`; added to `out`. Views into
// the dictionary. Limit: 400 words are compared.
void near_words(const search::Dictionary& words, std::string_view folded, std::size_t most,
                std::vector<std::string_view>& out);

// The longest known word at the beginning or the end of a folded one that has this stem, as people write it; if there
// is none, the stem. A view into the dictionary or `stem` itself.
std::string_view known_piece(const search::Dictionary& words, std::string_view folded, std::string_view stem);

}  // namespace verbund::directory::finder
