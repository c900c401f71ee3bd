// SPDX-License-Identifier: EUPL-1.2
// The pieces the documents are made of. Areas are written as 12 digits ("010600063063"), ids in their external form.
#pragma once

#include "directory/finder/finder.h"
#include "kits/json/json.h"

namespace verbund::api {

// Where the portal shows a service at a place (Germany: without place).
std::string service_url(const directory::Snapshot& snapshot, const directory::AreaKey& area, std::string_view slug);

Json area_document(const directory::Area& area, const directory::Snapshot& snapshot);
// {"key", "label", "slug"}, null for Germany.
Json place_document(const directory::AreaKey& area, const directory::Snapshot& snapshot);
template <typename Authority>   // AuthorityBrief, AuthorityView
Json authority_document(const Authority& authority, const directory::Snapshot& snapshot);
template <typename Online>      // OnlineBrief, OnlineView
Json online_document(const std::vector<Online>& online);
// {"id", "agency", "local_id", "service_key", "title", "summary", "url"}
template <typename Service>     // ServiceBrief, ServiceView
Json service_document(const Service& service, const directory::AreaKey& area,
                      const directory::Snapshot& snapshot);
Json responsible_document(const directory::ServiceAtPlace& at_place, const directory::Snapshot& snapshot);
Json ids_document(directory::ObjectKind kind, const std::vector<directory::ObjectId>& ids);

}  // namespace verbund::api
