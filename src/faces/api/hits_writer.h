// SPDX-License-Identifier: EUPL-1.2
// The answer to a search as bytes, without a tree of values in between.
#pragma once

#include <string>

#include "directory/finder/finder.h"

namespace verbund::api {

// Byte for byte what hits_document(...).to_canonical() gives.
std::string write_hits(const directory::SearchRequest& request, const directory::SearchAnswer& answer,
                       const directory::Snapshot& snapshot);

}  // namespace verbund::api
