// SPDX-License-Identifier: EUPL-1.2
// Objects of a kind in parts, in their order: for who hands out everything over many requests.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::directory {

// Bodies of the objects after `after` (empty: from the first) in order of (agency, local), bytewise; with `until` not
// empty only up to it, inclusive. At most `most`. Gives how many there were.
std::size_t each_body_after(store::Connection& connection, ObjectKind kind, const ObjectId& after,
                            const ObjectId& until, std::size_t most,
                            const std::function<void(const ObjectId&, std::string_view body)>& each);

}  // namespace verbund::directory
