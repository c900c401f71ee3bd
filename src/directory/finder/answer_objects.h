// SPDX-License-Identifier: EUPL-1.2
// Which objects an answer is made of: for whoever wants to see where each of them comes from.
#pragma once

#include <vector>

#include "directory/finder/finder.h"
#include "directory/finder/saying_index.h"

namespace verbund::directory {

// Of "this service at this place": the service, its specialisations there, the online services and units that are
// shown, and the responsibilities that say so. In this order, responsibilities by (agency, local); each once, only what
// is stored. Errors: those of SayingIndex::find.
Result<std::vector<ObjectName>> objects_of_answer(const Snapshot& snapshot, store::Connection& connection,
                                                  SayingIndex& sayings, const ObjectId& service, const AreaKey& area);

}  // namespace verbund::directory
