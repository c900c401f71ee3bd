// SPDX-License-Identifier: EUPL-1.2
// Who said a stored object.
#pragma once

#include <string>

#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::directory {

// The log it was heard from; "" for our own and for what is not stored.
std::string origin_of(store::Connection& connection, ObjectKind kind, const ObjectId& id);

}  // namespace verbund::directory
