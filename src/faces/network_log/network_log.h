// SPDX-License-Identifier: EUPL-1.2
// A log for others: below its address checkpoint, key, tile/..., bodies/... as static resources.
// Source: C2SP tlog-tiles; docs/protocols/network.md, clauses 4 and 5.
#pragma once

#include "kits/http/http.h"
#include "network/log/own_log.h"

namespace verbund::network_log {

// `prefix`: "/network/log/". Requires: `log` lives as long as the router.
void add_routes(http::Router& router, network::OwnLog& log, const std::string& prefix);

}  // namespace verbund::network_log
