// SPDX-License-Identifier: EUPL-1.2
#include "app/said_mandate.h"

#include <algorithm>
#include <set>

#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"

namespace verbund::app {
namespace {

constexpr std::size_t changes_at_once = 10'000;

}  // namespace

network::Mandate said_mandate(store::Connection& connection) {
  const directory::ObjectStore objects(connection);
  // What is heard of others is theirs to say. The ids of an agency are given by one member only.
  std::set<std::string> agencies;
  for (std::int64_t after = 0, before = -1; after != before;) {
    before = after;
    objects.each_own_change(after, changes_at_once, [&](const directory::Change& change) {
      after = change.sequence;
      if (!agencies.contains(change.id.agency)) agencies.insert(change.id.agency);
    });
  }
  std::set<directory::AreaKey> areas;   // a key comes directly before those below it
  objects.each<directory::Responsibility>([&](const directory::Responsibility& one) {
    if (!agencies.contains(one.id.agency)) return;
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
