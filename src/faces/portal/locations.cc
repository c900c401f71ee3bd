// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/locations.h"

#include <cmath>
#include <map>

#include "directory/organisation/unit.h"
#include "kits/json/json.h"

namespace verbund::portal {

http::Response places_file(const Visit& visit) {
  struct Point {
    std::string city;
    double latitude = 0, longitude = 0;
    int addresses = 0;
  };
  std::map<std::string, Point> points;
  visit.objects.each<directory::OrganisationalUnit>([&](const directory::OrganisationalUnit& unit) {
    const directory::Address* address = directory::visiting_address(unit);
    if (address == nullptr || !address->latitude || !address->longitude || address->postal_code.size() != 5) return;
    Point& point = points[address->postal_code];
    if (point.addresses++ == 0) point.city = address->city;
    point.latitude += *address->latitude;
    point.longitude += *address->longitude;
  });
  Json places = Json(Json::Array{});
  for (const auto& [code, point] : points) {
    // Large offices have postal codes of their own, which no place has: then the name must do.
    const bool known = !visit.snapshot.find_places(code, 1).empty();
    if (!known && !visit.snapshot.place(point.city)) continue;
    const auto thousandths = [&](double sum) { return Json(static_cast<std::int64_t>(std::lround(sum / point.addresses * 1000))); };
    places.push(Json::array({Json(known ? code : point.city), Json(code + " " + point.city), thousandths(point.latitude),
                             thousandths(point.longitude)}));
  }
  http::Response response;
  response.body = std::make_shared<const std::string>(Json::object({{"places", std::move(places)}}).to_canonical());
  response.header("Content-Type", "application/json").header("Cache-Control", "public, max-age=3600");
  return response;
}

}  // namespace verbund::portal
