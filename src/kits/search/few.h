// SPDX-License-Identifier: EUPL-1.2
// The quick way: documents with the rarest words first, as many as it takes until no other document can be a hit.
// Inside this kit only.
#pragma once

#include "kits/search/scratch.h"

namespace verbund::search {

// Requires: rows, rarity and exact are there. Gives false, with nothing in the answer, if too many documents would have
// to be looked at; else the answer is what blocks.h would give, to the last score.
bool search_few(const Task& task, Answer& answer);

}  // namespace verbund::search
