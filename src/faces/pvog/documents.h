// SPDX-License-Identifier: EUPL-1.2
// The objects of the search service's answers. Areas are written as 12 digits, ids in their external form. Internal to
// pvog.
#pragma once

#include <optional>
#include <string>

#include "directory/finder/finder.h"
#include "directory/objects/object_store.h"
#include "kits/json/json.h"

namespace verbund::pvog {

// What all documents of one answer share.
struct Look {
  const directory::Snapshot& snapshot;
  const directory::ObjectStore& objects;
  directory::AreaKey area;  // asked for
  std::string language;     // "de" or "en"
};

// A service as lists show it; with `modules` also its texts. Null if the store does not have it any more.
Json service_document(const Look& look, const directory::ServiceBrief& brief, bool modules);
// A service with everything. Null as above.
Json service_detail(const Look& look, const directory::ServiceBrief& brief);

// [{"id", "title", "role": {"code", "name"}}] of the units responsible for a service at the place.
Json::Array responsible_units(const directory::ServiceAtPlace& at_place);
Json role_document(std::string_view role);
// A unit with everything. `role`: of the unit in what was asked, "" without.
Json unit_detail(const Look& look, const directory::OrganisationalUnit& unit, std::string_view role);

// An online service as lists show it, with the services it is for.
Json online_document(const Look& look, const directory::OnlineService& online,
                     const std::vector<directory::ServiceBrief>& services);
Json online_detail(const Look& look, const directory::OnlineService& online);

// {"name", "gemeinde", "ars", "ags", "zip", "zipCodes", "zipCodeCount", "type", "bundesland", "label"}
Json location_document(const directory::Snapshot& snapshot, const directory::Area& area, std::string_view asked);

}  // namespace verbund::pvog
