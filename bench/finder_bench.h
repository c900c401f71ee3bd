// SPDX-License-Identifier: EUPL-1.2
// Data for the benchmark of the finder.
#pragma once

#include <string>

#include "kits/store/store.h"

namespace verbund::bench {

// Areas and postal codes of Germany, Munich and Berlin from the folder of reference catalogues.
void import_reference(store::Database& database, const std::string& folder);

// `services` services, 50 times as many units at most, and `responsibilities` links between them and the
// municipalities that are there. The same numbers give the same data.
void generate(store::Database& database, std::size_t services, std::size_t responsibilities);

}  // namespace verbund::bench
