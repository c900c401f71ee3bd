// SPDX-License-Identifier: EUPL-1.2
// The pieces of addresses that name areas. For geography, and for who writes its export form.
#pragma once

#include <map>
#include <vector>

#include "directory/geography/area.h"

namespace verbund::directory {

// Gives each of `added` a slug that no area of `known` or `added` has. Municipalities come first, larger ones before
// smaller ones: "neustadt" is the largest Neustadt, if the name is still free; else "neustadt-ostholstein" (with its
// district's name); other levels get a word for the level ("segeberg-kreis"); at last the 12 digits are added.
// `listed`: where the districts' names are.
void give_slugs(std::vector<Area>& added, const std::map<AreaKey, Area>& known, const std::vector<Area>& listed);

}  // namespace verbund::directory
