// SPDX-License-Identifier: EUPL-1.2
// Why a hit stands where it stands, for people (German) and for programs.
#pragma once

#include <string>

#include "directory/finder/finder.h"
#include "kits/json/json.h"

namespace verbund::cli {

// Lines with an indent of three blanks, each with a line end: one per word of the query, the sum, the place.
std::string explanation_text(const directory::HitExplanation& why);

// {"words": [{"typed", "how", "as", "met", "field", "impact", "value", "rarity"}], "coverage", "text", "phrase",
// "identified", "place_cut", "online_bonus", "score", "offered", "outside"}; the members of HitExplanation, in words.
Json explanation_document(const directory::HitExplanation& why);

// What was understood of a query, one line per word; "" if there were no words.
std::string understood_text(const directory::SearchAnswer& answer);

}  // namespace verbund::cli
