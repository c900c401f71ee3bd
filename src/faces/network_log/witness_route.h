// SPDX-License-Identifier: EUPL-1.2
// The node as a witness of others: POST /network/witness/add-checkpoint and add-handovers.
// Source: C2SP tlog-witness; docs/protocols/network.md, clause 11.
#pragma once

#include "kits/http/http.h"
#include "network/witness/witness.h"

namespace verbund::network_log {

// `asked` hears how each request was answered. Requires: `witness` lives as long as the router.
void add_witness_route(http::Router& router, network::Witness& witness,
                       std::function<void(const network::Witness::Answer&)> asked = {});

}  // namespace verbund::network_log
