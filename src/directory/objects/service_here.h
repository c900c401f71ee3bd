// SPDX-License-Identifier: EUPL-1.2
// A service as it reads at a place.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "directory/objects/object_store.h"

namespace verbund::directory {

// The service with `layers` (specialisations that apply, largest area first) laid over it; layers that are gone are
// passed over. Nothing if the service is gone.
inline std::optional<Service> service_here(const ObjectStore& objects, const ObjectId& id,
                                           const std::vector<ObjectId>& layers) {
  auto service = objects.get<Service>(id);
  if (!service || layers.empty()) return service;
  std::vector<Specialisation> found;
  for (const ObjectId& each : layers) {
    if (auto layer = objects.get<Specialisation>(each)) found.push_back(std::move(*layer));
  }
  return specialised(*service, found);
}

}  // namespace verbund::directory
