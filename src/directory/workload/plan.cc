// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/plan.h"

#include <algorithm>

#include "base/check.h"

namespace verbund::directory::workload {
namespace {

constexpr double services_at_one = 11'000, online_at_one = 20'000;
constexpr std::size_t federal_permille = 130, city_permille = 140;   // of all services; the states publish the rest
constexpr std::size_t members_listed = 30;                           // areas of one link

std::string agency_of(const Country& country, std::uint32_t publisher) {
  if (publisher == 0) return std::string(federal_agency);
  const std::string& digits = country.area(publisher).key.digits();
  return digits.size() == 2 ? state_agency(digits) : "K" + digits;
}

std::uint64_t percent(std::uint64_t hash) { return hash % 100; }

}  // namespace

Plan::Plan(const Words& words, const Country& country, std::uint64_t seed, double scale)
    : words_(words), country_(country), seed_(mix(seed, 3)) {
  const auto wanted = static_cast<std::size_t>(services_at_one * scale);
  concepts_ = make_concepts(words, seed, std::max<std::size_t>(60, wanted * 55 / 100));
  choose_services(seed, scale);
  std::sort(services_.begin(), services_.end(), [&](const PlannedService& a, const PlannedService& b) {
    const std::string left = agency_of(country_, a.publisher), right = agency_of(country_, b.publisher);
    return left != right ? left < right : a.concept_number < b.concept_number;
  });
  for (std::size_t i = 0; i < services_.size(); ++i) {
    PlannedService& service = services_[i];
    service.id = {agency_of(country_, service.publisher), std::to_string(100'000'000 + i * 11)};
    service.phrases = phrases_of(words, concepts_, service.concept_number, service.hash, atoms_);
  }
  const auto total = static_cast<std::uint64_t>(std::max(20.0, online_at_one * scale));
  online_begin_.push_back(0);
  for (std::size_t i = 0; i < services_.size(); ++i) {
    online_begin_.push_back(static_cast<std::uint32_t>(total * (i + 1) / services_.size()));
  }
  // Many have none, others several: what two neighbours have goes to one of them.
  for (std::size_t i = 1; i < services_.size(); i += 2) {
    online_begin_[i] = services_[i].hash % 2 == 0 ? online_begin_[i - 1] : online_begin_[i + 1];
  }
}

void Plan::add_service(std::uint32_t concept_number, std::uint32_t publisher) {
  PlannedService service;
  service.concept_number = concept_number;
  service.publisher = publisher;
  service.hash = mix(seed_, concept_number, publisher);
  const Level level = concepts_.objects[concepts_.all[concept_number].object].level;
  const auto chance = percent(mix(seed_, concepts_.all[concept_number].object, 5));
  service.level = level;
  if (publisher == 0) {
    service.level = chance < 6 ? Level::municipality : chance < 19 ? Level::district
                    : chance < 30 ? Level::state : Level::federation;
  } else if (level == Level::federation) {
    service.level = Level::state;
  }
  service.valid_there = percent(service.hash >> 8) < 40;
  services_.push_back(std::move(service));
}

void Plan::choose_services(std::uint64_t seed, double scale) {
  const auto wanted = static_cast<std::size_t>(services_at_one * scale);
  const std::size_t federal = std::max<std::size_t>(3, wanted * federal_permille / 1000);
  const std::size_t of_cities = std::max<std::size_t>(3, wanted * city_permille / 1000);
  const auto states = country_.states();
  const std::size_t of_state = std::max<std::size_t>(2, (wanted - federal - of_cities) / states.size());

  // Objects of the federation, the rest is for states and cities.
  std::vector<std::vector<std::uint32_t>> groups;
  for (std::uint32_t i = 0; i < concepts_.all.size(); ++i) {
    if (groups.empty() || concepts_.all[groups.back()[0]].object != concepts_.all[i].object) groups.emplace_back();
    groups.back().push_back(i);
  }
  std::size_t count = 0;
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (count < federal && i % 3 == 0) {
      for (std::size_t k = 0; k < groups[i].size() && count < federal; ++k, ++count) add_service(groups[i][k], 0);
    } else {
      others.push_back(i);
    }
  }
  const auto take = [&](std::uint32_t publisher, std::size_t least) {
    Random random(mix(seed, 4, publisher));
    std::vector<std::size_t> order = others;
    random.shuffle(order);
    std::size_t taken = 0;
    for (const std::size_t group : order) {
      for (const std::uint32_t one : groups[group]) {
        if (taken++ < least) add_service(one, publisher);
      }
      if (taken >= least) return;
    }
  };
  for (const std::uint32_t state : states) take(state, of_state);
  std::vector<std::uint32_t> cities = country_.of_level(Level::municipality, 0);
  std::erase_if(cities, [&](std::uint32_t city) { return country_.state_of(city) == city; });
  std::stable_sort(cities.begin(), cities.end(), [&](std::uint32_t a, std::uint32_t b) {
    return country_.area(a).population > country_.area(b).population;
  });
  const std::size_t publishing = std::clamp<std::size_t>(of_cities / 10, 3, 160);
  for (std::size_t i = 0; i < publishing; ++i) take(cities[i], std::max<std::size_t>(1, of_cities / publishing));
}

// The pattern of a matter's level, with gaps, overlaps and what is inherited from above.
void Plan::link_units(const PlannedService& service, std::vector<Link>& out) const {
  const std::uint32_t region = country_.level(service.publisher) == Level::municipality &&
                                       country_.state_of(service.publisher) != service.publisher
                                   ? none
                                   : service.publisher;
  const char group = words_.things[object(service).thing].groups.at(0);
  const auto office = [&](std::uint32_t area) { return country_.office(area, group, service.hash >> 16); };
  const auto add = [&](std::uint32_t area, std::uint32_t holder_area, std::uint8_t role, std::uint64_t salt) {
    if (country_.authority(holder_area).units == 0) return;
    const std::uint32_t unit = office(holder_area);
    out.push_back({unit, role, {area}});
    const std::uint64_t hash = mix(service.hash, area, salt);
    // Two offices for the same matter and place.
    if (country_.authority(holder_area).units > 3 && percent(hash >> 8) < 3) {
      const std::uint32_t other = country_.office(holder_area, group, (hash >> 16) * 6);
      if (other != unit) out.push_back({other, role, {area}});
    }
  };
  const auto gap = [&](std::uint32_t area, std::uint64_t of_hundred) {
    return percent(mix(service.hash, area, 7)) < of_hundred;
  };
  if (region == none) {
    add(service.publisher, service.publisher, role_competent, 1);
    return;
  }
  const auto all = [&](Level level) -> const std::vector<std::uint32_t>& { return country_.of_level(level, region); };
  switch (service.level) {
    case Level::municipality: {
      std::vector<std::uint32_t> members;      // done for them by their association, in one link
      std::uint32_t association = none;
      const auto end_members = [&] {
        if (!members.empty()) out.push_back({office(association), role_competent, std::move(members)});
        members.clear();
      };
      for (const std::uint32_t town : all(Level::municipality)) {
        if (gap(town, 5)) continue;
        const std::uint32_t above = country_.has_association(town) ? country_.above(town)[1] : none;
        if (above == none || percent(mix(service.hash, above, 8)) >= 40) {
          add(town, town, role_competent, 2);
          continue;
        }
        if (percent(mix(service.hash, above, 9)) >= 12) {
          add(town, above, role_competent, 2);
          continue;
        }
        if (association != above || members.size() >= members_listed) end_members();
        association = above;
        members.push_back(town);
      }
      end_members();
      if (percent(service.hash >> 24) < 4) {
        for (const std::uint32_t town : all(Level::municipality))
          if (!gap(town, 30)) add(town, town, role_contact, 3);
      }
      break;
    }
    case Level::association:
      for (const std::uint32_t one : all(Level::association))
        if (!gap(one, 4)) add(one, one, role_competent, 4);
      for (const std::uint32_t town : all(Level::municipality))
        if (country_.has_association(town) ? gap(town, 8) : !gap(town, 4)) add(town, town, role_competent, 5);
      break;
    case Level::district:
      for (const std::uint32_t one : all(Level::district))
        if (!gap(one, 3)) add(one, one, role_competent, 6);
      if (percent(service.hash >> 24) < 15) {
        for (const std::uint32_t one : all(Level::district))
          if (!gap(one, 40)) add(one, one, role_contact, 6);
      }
      break;
    case Level::region: {
      const auto& regions = all(Level::region);
      for (const std::uint32_t one : regions)
        if (!gap(one, 3)) add(one, one, role_competent, 7);
      if (regions.empty()) add(region, region, role_competent, 7);
      break;
    }
    case Level::state:
      for (const std::uint32_t one : all(Level::state))
        if (!gap(one, region == 0 ? 4 : 0)) add(one, one, role_competent, 8);
      break;
    case Level::federation: add(0, 0, role_competent, 9); break;
  }
  // Overlaps: a wider area answers where the smaller one leaves a gap.
  const auto overlap = percent(service.hash >> 32);
  if (service.level != Level::state && service.level != Level::federation && overlap < 12) {
    for (const std::uint32_t one : all(Level::state)) add(one, one, role_competent, 10);
  } else if (service.level == Level::municipality && overlap < 24) {
    for (const std::uint32_t one : all(Level::district))
      if (!gap(one, 20)) add(one, one, role_competent, 11);
  }
  if (service.level != Level::federation && overlap >= 90) add(region, region, role_contact, 12);
}

std::vector<Link> Plan::links(std::uint32_t number) const {
  const PlannedService& service = services_[number];
  std::vector<Link> out;
  link_units(service, out);
  const bool city = country_.level(service.publisher) == Level::municipality;
  for (std::uint32_t i = 0; i < online_of(number); ++i) {
    Random random(mix(service.hash, 20, i));
    Link link{first_online(number) + i, role_online, {}};
    const std::size_t scope = random.below(10);
    if (i == 0 || scope < 4 || city) {
      link.areas.push_back(service.publisher);
    } else {
      const auto& candidates =
          country_.of_level(scope < 7 ? Level::district : Level::municipality, service.publisher);
      const std::size_t many = candidates.size() > 40 && random.chance(30) ? 20 : 1;
      for (std::size_t k = 0; k < many; ++k) link.areas.push_back(random.pick(candidates));
      std::sort(link.areas.begin(), link.areas.end());
      link.areas.erase(std::unique(link.areas.begin(), link.areas.end()), link.areas.end());
    }
    out.push_back(std::move(link));
  }
  std::sort(out.begin(), out.end(), [](const Link& a, const Link& b) {
    if (a.areas != b.areas) return a.areas < b.areas;
    return a.role != b.role ? a.role < b.role : a.holder < b.holder;
  });
  out.erase(std::unique(out.begin(), out.end(),
                        [](const Link& a, const Link& b) {
                          return a.areas == b.areas && a.role == b.role && a.holder == b.holder;
                        }),
            out.end());
  return out;
}

void Coverage::add(std::span<const Link> links, bool valid_there, std::uint32_t publisher) {
  const std::size_t first = entries_.size();
  for (const Link& link : links) {
    for (const std::uint32_t area : link.areas) {
      VERBUND_CHECK(area <= 0xFFFF);
      entries_.push_back({link.holder, static_cast<std::uint16_t>(area), link.role});
    }
  }
  std::sort(entries_.begin() + static_cast<std::ptrdiff_t>(first), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.area != b.area) return a.area < b.area;
    return a.role != b.role ? a.role < b.role : a.holder < b.holder;
  });
  begin_.push_back(entries_.size());
  valid_area_.push_back(valid_there ? publisher : none);
}

std::span<const Coverage::Entry> Coverage::of(std::uint32_t service, std::uint32_t area) const {
  const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(begin_[service]);
  const auto last = entries_.begin() + static_cast<std::ptrdiff_t>(begin_[service + 1]);
  struct Order {
    bool operator()(const Entry& entry, std::uint32_t at) const { return entry.area < at; }
    bool operator()(std::uint32_t at, const Entry& entry) const { return at < entry.area; }
  };
  const auto [low, high] = std::equal_range(first, last, area, Order());
  return {low, high};
}

bool Coverage::offered(std::uint32_t service, std::uint32_t place) const {
  for (const std::uint32_t area : country_.above(place)) {
    if (valid_area_[service] == area || !of(service, area).empty()) return true;
  }
  return false;
}

std::vector<std::uint32_t> Coverage::units(std::uint32_t service, std::uint32_t place, std::uint8_t role) const {
  std::vector<std::uint32_t> out;
  for (const std::uint32_t area : country_.above(place)) {
    for (const Entry& entry : of(service, area))
      if (entry.role == role) out.push_back(entry.holder);
    if (!out.empty()) break;
  }
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace verbund::directory::workload
