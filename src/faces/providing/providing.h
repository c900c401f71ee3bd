// SPDX-License-Identifier: EUPL-1.2
// Everything this node says, for programs that want all of it: /bereitstellung/v1/objekte in pages and later only what
// changed, /bereitstellung/xzufi/index.txt with files for collectors. No rules of its own.
// Source: PVOG Bereitstelldienst and Sammlerdienst; docs/protocols/providing.md.
#pragma once

#include <string>

#include "faces/reading/public_reading.h"
#include "kits/http/http.h"
#include "kits/store/store.h"

namespace verbund::providing {

// `base_url`: the public address for the links to the next page; "": as the request was addressed.
// Requires: `database` lives as long as the router.
void add_routes(http::Router& router, const reading::PublicReading& reading, store::Database& database,
                std::string base_url);

}  // namespace verbund::providing
