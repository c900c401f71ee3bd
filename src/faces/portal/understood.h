// SPDX-License-Identifier: EUPL-1.2
// What a page of results says about the words of a search: what they were taken for, and whom to ask instead.
#pragma once

#include <string>
#include <string_view>

#include "faces/portal/visit.h"

namespace verbund::portal {

// Puts `has_understood` and `understood` (word_text, word_choices, word_near: choice_url, choice_label): every word of
// a search that found nothing, else those of which only a piece is known; `without`: the words nobody knows of a search
// that found something; "" if it knew all.
// Gives whether no word was understood as a whole.
bool add_understood(page::Data& data, const Visit& visit, const std::string& query, const std::string& typed_place,
                    const directory::SearchAnswer& answer);

// Puts `ask_name` and `ask_url`: the authority of the place that does most; "" if there is none. `place` may be null.
void add_ask_authority(page::Data& data, const Visit& visit, const directory::Area* place);

}  // namespace verbund::portal
