// SPDX-License-Identifier: EUPL-1.2
// The whole way: every block of documents in which a word of the query occurs. Inside this kit only.
#pragma once

#include "kits/search/scratch.h"

namespace verbund::search {

// Requires: rows, rarity and exact are there.
void search_blocks(const Task& task, Answer& answer);

// Four words of bits for a block; beyond the end of the bits there are none.
const std::uint64_t* bits_of(DocumentBits bits, std::uint32_t block, std::array<std::uint64_t, 4>& space);

}  // namespace verbund::search
