// SPDX-License-Identifier: EUPL-1.2
// JSON for machines: /api/v1/..., described by /api/v1/openapi.json. Errors are RFC 9457 problems. No rules of its own.
#pragma once

#include "base/clock.h"
#include "directory/finder/finder.h"
#include "kits/http/http.h"
#include "kits/json/json.h"
#include "kits/store/store.h"

namespace verbund::api {

void add_routes(http::Router& router, directory::Finder& finder, store::Database& database, const Clock& clock);

// The same documents for `verbund find --json` and `verbund responsible --json`.
Json hits_document(const directory::SearchRequest& request, const directory::SearchAnswer& answer,
                   const directory::Snapshot& snapshot);
// Whether an answer says what it understood: some word is not known, or only a piece of it.
bool tells_words(const directory::SearchAnswer& answer);
// "known", "corrected", ... as openapi.json lists them.
std::string_view name_of(directory::UnderstoodWord::How how);
Json responsibilities_document(const directory::ServiceBrief& service, const directory::AreaKey& area,
                               const directory::ServiceAtPlace& at_place, const directory::Snapshot& snapshot);

}  // namespace verbund::api
