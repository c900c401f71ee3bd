// SPDX-License-Identifier: EUPL-1.2
// Which objects an answer is made of: for whoever wants to see where each of them comes from.
#pragma once

#include <utility>
#include <vector>

#include "directory/finder/finder.h"
#include "directory/objects/object_store.h"

namespace verbund::directory {

using ObjectName = std::pair<ObjectKind, ObjectId>;

// Of "this service at this place": the service, its specialisations there, the online services and units that are
// shown, and the responsibilities that say so. In this order, responsibilities by (agency, local); each once, only what
// is stored. Looks through all responsibilities: 0.5 s for a million.
std::vector<ObjectName> objects_of_answer(const Snapshot& snapshot, const ObjectStore& objects, const ObjectId& service,
                                          const AreaKey& area);

}  // namespace verbund::directory
