// SPDX-License-Identifier: EUPL-1.2
// Open data for European catalogues over HTTP: /api/v1/cpsv (all, in pages) and /api/v1/cpsv/{id} (one service).
#pragma once

#include <string>

#include "directory/finder/finder.h"
#include "kits/http/http.h"
#include "kits/store/store.h"

namespace verbund::open_data {

// `format`: jsonld (default) or ttl; without it the Accept header decides. `seite`: page of 100 services, from 1; a
// Link header (RFC 8288) names the next. Errors: 400 (format, page), 404 (id, page beyond the last). `base_url`: see
// Look; IRIs begin with it. Requires: all outlive the router.
void add_routes(http::Router& router, directory::Finder& finder, store::Database& database, std::string base_url);

}  // namespace verbund::open_data
