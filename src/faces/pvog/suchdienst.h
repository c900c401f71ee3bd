// SPDX-License-Identifier: EUPL-1.2
// The search service of the portal network's gateway (PVOG Suchdienst), so that its clients work with another address:
// /suchdienst/api/... as docs/protocols/pvog-suchdienst.md lists it. No rules of its own.
// Source: what clients of the service read (no official description was at hand), XZuFi code lists for modules and
// roles.
#pragma once

#include "directory/finder/finder.h"
#include "faces/reading/public_reading.h"
#include "kits/http/http.h"
#include "kits/store/store.h"

namespace verbund::pvog {

// No hit is 404, what cannot be read 400, both as problems. Requires: `finder` and `database` live as long as the
// router.
void add_routes(http::Router& router, const reading::PublicReading& reading, directory::Finder& finder,
                store::Database& database);

}  // namespace verbund::pvog
