// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/place_authorities.h"

#include <algorithm>
#include <map>

namespace verbund::portal {
namespace {

constexpr std::size_t services_asked = 400;

}  // namespace

std::vector<PlaceAuthority> place_authorities(const Visit& visit, const directory::Area& place,
                                              const std::vector<directory::ServiceBrief>& services, std::size_t most) {
  std::map<directory::ObjectId, PlaceAuthority> units;
  for (std::size_t i = 0; i < std::min(services.size(), services_asked); ++i) {
    const auto here = visit.snapshot.at_place(services[i].id, place.key);
    if (here.roles.empty()) continue;
    for (const auto& unit : here.roles[0].units) {
      PlaceAuthority& entry = units[unit.id];
      if (entry.services++ == 0) entry.brief = unit;
    }
  }
  std::vector<PlaceAuthority> order;
  for (auto& [id, entry] : units) order.push_back(std::move(entry));
  std::stable_sort(order.begin(), order.end(), [](const PlaceAuthority& a, const PlaceAuthority& b) {
    const auto a_size = a.brief.area.digits().size(), b_size = b.brief.area.digits().size();
    return a_size != b_size ? a_size > b_size : a.services > b.services;
  });
  std::vector<PlaceAuthority> out;
  for (PlaceAuthority& entry : order) {
    if (out.size() == most) break;
    if (visit.connection == nullptr) {   // the store is away: all of them, without a link
      out.push_back(std::move(entry));
      continue;
    }
    const std::string slug = visit.objects.slug(directory::ObjectKind::unit, entry.brief.id);
    if (slug.empty()) continue;
    entry.url = visit.url(authority_path(slug));
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace verbund::portal
