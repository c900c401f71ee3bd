// SPDX-License-Identifier: EUPL-1.2
// Where an authority is among the other authorities of its place: a sketch of our own, without third parties, from the
// coordinates the authorities publish. No streets: nobody shall take it for a city map.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "directory/geography/area.h"
#include "directory/organisation/unit.h"
#include "faces/portal/visit.h"

namespace verbund::portal {

// A point beside another, on a plane that touches the earth there: right up to some hundred kilometres.
struct Beside {
  double east_km = 0, north_km = 0;
  double distance_km() const;
  int direction() const;          // 0 north, 1 north-east ... 7 north-west
};
// Latitude and longitude in degrees (WGS 84).
Beside beside(double latitude, double longitude, double other_latitude, double other_longitude);

// The length of a bar of scale: 1, 2 or 5 times a power of ten, at most `most_km`. Requires: most_km > 0.
double scale_length_km(double most_km);

struct Landmark {
  std::string name, url;
  Beside at;
};
// The sketch: the authority as a filled point, landmarks numbered from 1, a bar of scale, north up. `label`: says it in words;
// `bar`: words for the length of the bar.
std::string sketch(const std::vector<Landmark>& landmarks, const std::string& label, const std::string& bar,
                   double bar_km);

// Puts has_map and what map.html needs into `data`. No map: the authority has no coordinates, or no other authority of
// its place has some that are at least 100 m and at most 150 km away.
void add_map(page::Data& data, const Visit& visit, const directory::OrganisationalUnit& unit,
             const directory::Area* place);

}  // namespace verbund::portal
