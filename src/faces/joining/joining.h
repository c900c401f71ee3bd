// SPDX-License-Identifier: EUPL-1.2
// How others ask to be members of the network whose operator this node is: POST /network/requests.
// Source: docs/protocols/network.md, clause 8.10.
#pragma once

#include "base/clock.h"
#include "kits/http/http.h"
#include "kits/store/store.h"
#include "network/log/own_log.h"

namespace verbund::joining {

// `members`: the membership log. Requires: all live as long as the router.
void add_routes(http::Router& router, store::Database& database, network::OwnLog& members, const Clock& clock);

}  // namespace verbund::joining
