// SPDX-License-Identifier: EUPL-1.2
// One route as the Routing API writes it. Internal to fit_connect.
#pragma once

#include "directory/destinations/destinations.h"
#include "directory/objects/object_store.h"
#include "kits/json/json.h"

namespace verbund::fit_connect {

// `at_place`: of the route's service, for its texts and online services. What the directory does not know is left out;
// addresses of web pages that are not https too, as the description demands.
Json route_document(const directory::Destinations::Route& route, const directory::ServiceAtPlace& at_place,
                    const directory::ObjectStore& objects);

}  // namespace verbund::fit_connect
