// SPDX-License-Identifier: EUPL-1.2
#include "app/said_mandate.h"

#include <algorithm>
#include <set>

#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"

namespace verbund::app {

network::Mandate said_mandate(store::Connection& connection) {
  const directory::ObjectStore objects(connection);
  std::set<std::string> agencies;
  for (const auto kind : directory::all_object_kinds) {
    objects.each_id(kind, [&](const directory::ObjectId& id) {
      if (agencies.empty() || !agencies.contains(id.agency)) agencies.insert(id.agency);
    });
  }
  std::set<directory::AreaKey> areas;   // a key comes directly before those below it
  objects.each<directory::Responsibility>([&](const directory::Responsibility& one) {
    areas.insert(one.areas.begin(), one.areas.end());
    if (one.areas.empty()) areas.insert(directory::AreaKey());
  });
  network::Mandate out;
  out.agencies = {agencies.begin(), agencies.end()};
  std::set<std::string> levels;
  const directory::AreaStore known(connection);
  const directory::AreaKey* above = nullptr;
  for (const directory::AreaKey& key : areas) {
    const auto area = known.area(key);
    if (key.digits().empty()) levels.emplace(name(directory::AreaLevel::federation));
    else if (area) levels.insert({std::string(name(area->level)), std::string(name(area->top_level))});
    if (above != nullptr && above->contains(key)) continue;
    above = &key;
    out.areas.push_back(key.digits());
  }
  out.levels = {levels.begin(), levels.end()};
  return out;
}

}  // namespace verbund::app
