// SPDX-License-Identifier: EUPL-1.2
// Where a submission goes, asked as FIT-Connect's clients ask: Routing API 2.0.0 under /fit-connect/routing/v1 and /v2
// (the description says v1, the running service v2; the same answers). No rules of its own: who is responsible says the
// finder, which address that is say the destinations.
// Source: FIT-Connect Routing API 2.0.0; docs/protocols/fit-connect-routing.md.
#pragma once

#include "directory/finder/finder.h"
#include "faces/reading/public_reading.h"
#include "kits/http/http.h"
#include "kits/store/store.h"

namespace verbund::fit_connect {

// Requires: `finder` and `database` live as long as the router.
void add_routes(http::Router& router, const reading::PublicReading& reading, directory::Finder& finder,
                store::Database& database);

}  // namespace verbund::fit_connect
