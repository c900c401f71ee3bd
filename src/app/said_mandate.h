// SPDX-License-Identifier: EUPL-1.2
// For what a node speaks already: what it asks for when it joins a network and its administrator names nothing.
#pragma once

#include "kits/store/store.h"
#include "network/membership/member.h"

namespace verbund::app {

// The agencies of the objects in the store, the areas of its responsibilities (without those below another of them) and
// the levels of these areas. Empty lists where the store is empty. Reads every id and every responsibility.
network::Mandate said_mandate(store::Connection& connection);

}  // namespace verbund::app
