// SPDX-License-Identifier: EUPL-1.2
#include "directory/geography/area_slugs.h"

#include <algorithm>
#include <set>
#include <string>

#include "kits/text/text.h"

namespace verbund::directory {
namespace {

// A word that tells a territory from the town it is named after.
const char* level_word(AreaLevel level) {
  switch (level) {
    case AreaLevel::federation: return "bund";
    case AreaLevel::state: return "land";
    case AreaLevel::region: return "bezirk";
    case AreaLevel::district: return "kreis";
    case AreaLevel::association: return "verband";
    case AreaLevel::municipality: break;
  }
  return "";
}

}  // namespace

void give_slugs(std::vector<Area>& added, const std::map<AreaKey, Area>& known, const std::vector<Area>& listed) {
  std::set<std::string> taken;
  for (const auto& [key, area] : known) taken.insert(area.slug);
  std::map<AreaKey, std::string> district_names;
  for (const Area& area : listed)
    if (area.level == AreaLevel::district) district_names[area.key] = area.short_name;

  std::vector<Area*> order;
  for (Area& area : added) order.push_back(&area);
  std::sort(order.begin(), order.end(), [](const Area* a, const Area* b) {
    const bool a_is_town = a->level == AreaLevel::municipality;
    const bool b_is_town = b->level == AreaLevel::municipality;
    if (a_is_town != b_is_town) return a_is_town;
    if (a->level != b->level) return a->level < b->level;
    if (a->population != b->population) return a->population > b->population;
    return a->key < b->key;
  });

  for (Area* area : order) {
    const std::string plain = text::slug(area->short_name);
    std::vector<std::string> wishes{plain};
    if (area->level != AreaLevel::municipality) {
      wishes.push_back(plain + "-" + level_word(area->level));
    } else if (area->key.digits().size() > 5) {
      const auto district = district_names.find(*AreaKey::parse(area->key.digits().substr(0, 5)));
      if (district != district_names.end()) wishes.push_back(plain + "-" + text::slug(district->second));
    }
    wishes.push_back(plain + "-" + area->key.padded());
    for (int again = 2;; ++again) {
      const auto free =
          std::find_if(wishes.begin(), wishes.end(), [&](const auto& wish) { return !taken.contains(wish); });
      if (free != wishes.end()) {
        area->slug = *free;
        taken.insert(*free);
        break;
      }
      wishes = {plain + "-" + area->key.padded() + "-" + std::to_string(again)};
    }
  }
}

}  // namespace verbund::directory
