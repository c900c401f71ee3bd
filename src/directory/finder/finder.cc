// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/finder.h"

#include <algorithm>

#include "directory/finder/snapshot_state.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"

namespace verbund::directory {

using finder::ResponsibilityIndex;
using Offer = ResponsibilityIndex::Offer;

namespace {

int berlin_day(Instant at) {
  const BerlinTime time = to_berlin(at);
  return time.year * 10'000 + time.month * 100 + time.day;
}

}  // namespace

Snapshot::Snapshot() : state_(std::make_unique<State>()) {}
Snapshot::~Snapshot() = default;

std::int64_t Snapshot::sequence() const { return state_->sequence; }
std::string Snapshot::area_list_day() const { return state_->area_list_day; }

ServiceBrief Snapshot::State::brief(std::uint32_t service) const {
  const ServiceRow& row = services[service];
  return {service_ids.id(service, pool), std::string(pool.at(row.key)), std::string(pool.at(row.title)),
          std::string(pool.at(row.summary)), std::string(pool.at(row.slug))};
}

AuthorityBrief Snapshot::State::authority(std::uint32_t unit, std::uint64_t area, std::uint8_t role) const {
  return {unit_ids.id(unit, pool), std::string(pool.at(units[unit].name)), finder::area_of_code(area), roles[role]};
}

OnlineBrief Snapshot::State::online_brief(std::uint32_t number, std::uint64_t area) const {
  const OnlineRow& row = online[number];
  return {online_ids.id(number, pool), std::string(pool.at(row.title)), std::string(pool.at(row.url)),
          std::string(pool.at(row.purpose)), finder::area_of_code(area)};
}

std::vector<AuthorityBrief> Snapshot::State::authorities(const ResponsibilityIndex::Role& role) const {
  std::vector<std::uint32_t> order = role.units;
  std::sort(order.begin(), order.end(),
            [this](std::uint32_t a, std::uint32_t b) { return units[a].rank < units[b].rank; });
  std::vector<AuthorityBrief> out;
  for (const std::uint32_t unit : order) out.push_back(authority(unit, role.area, role.role));
  return out;
}

std::vector<OnlineBrief> Snapshot::State::online_of(const ResponsibilityIndex::Answer& answer) const {
  std::vector<ResponsibilityIndex::Placed> order = answer.online;
  const auto place_in_order = [&](const ResponsibilityIndex::Placed& placed) {
    return std::pair(-static_cast<int>(finder::area_of_code(placed.area).digits().size()), online[placed.holder].rank);
  };
  std::sort(order.begin(), order.end(),
            [&](const auto& a, const auto& b) { return place_in_order(a) < place_in_order(b); });
  std::vector<OnlineBrief> out;
  for (const auto& placed : order) out.push_back(online_brief(placed.holder, placed.area));
  return out;
}

void Snapshot::State::sort_by_title(std::vector<std::uint32_t>& list) const {
  std::sort(list.begin(), list.end(),
            [this](std::uint32_t a, std::uint32_t b) { return services[a].rank < services[b].rank; });
}

ServiceAtPlace Snapshot::at_place(const ObjectId& service, const AreaKey& area) const {
  ServiceAtPlace out;
  const std::uint32_t number = state_->service_ids.find(service, state_->pool);
  if (number == IdTable::none) return out;
  const ResponsibilityIndex::Place place = state_->responsibilities.place(state_->places.current(area));
  const ResponsibilityIndex::Answer answer = state_->responsibilities.at(number, place);
  for (const ResponsibilityIndex::Role& role : answer.roles) {
    out.roles.push_back({state_->roles[role.role], finder::area_of_code(role.area), state_->authorities(role)});
  }
  out.online = state_->online_of(answer);
  for (const ResponsibilityIndex::Placed& text : answer.specialisations) {
    out.specialisations.push_back(state_->specialisation_ids.id(text.holder, state_->pool));
  }
  return out;
}

std::optional<ServiceBrief> Snapshot::service(const ObjectId& id) const {
  const std::uint32_t number = state_->service_ids.find(id, state_->pool);
  if (number == IdTable::none) return std::nullopt;
  return state_->brief(number);
}

std::optional<ServiceBrief> Snapshot::service_by_key(std::string_view service_key, const AreaKey& area) const {
  const auto key = service_key_number(service_key);
  if (!key) return std::nullopt;
  const AreaKey here = state_->places.current(area);
  const ResponsibilityIndex::Place place = state_->responsibilities.place(here);
  std::optional<std::uint32_t> best;
  int best_fit = 0;
  for (auto at = std::lower_bound(state_->keys.begin(), state_->keys.end(), std::pair{*key, std::uint32_t{0}});
       at != state_->keys.end() && at->first == *key; ++at) {
    // Nearest area first, then those of which no area is known; one of another place is none at all.
    int fit = 100 + state_->responsibilities.nearness(at->second, place);
    if (fit < 100) {
      const Offer offer = state_->responsibilities.offer(at->second, place);
      fit = offer == Offer::unknown ? 3 : offer == Offer::within ? 2 : 0;
    }
    if (fit > best_fit) {
      best = at->second;
      best_fit = fit;
    }
  }
  if (!best) return std::nullopt;
  return state_->brief(*best);
}

std::vector<ServiceBrief> Snapshot::services_of_unit(const ObjectId& unit) const {
  std::vector<ServiceBrief> out;
  const std::uint32_t number = state_->unit_ids.find(unit, state_->pool);
  if (number == IdTable::none) return out;
  const auto services = state_->responsibilities.services_of_unit(number);
  std::vector<std::uint32_t> order(services.begin(), services.end());
  state_->sort_by_title(order);
  for (const std::uint32_t service : order) out.push_back(state_->brief(service));
  return out;
}

std::vector<Snapshot::LifeEventBrief> Snapshot::life_events() const {
  std::vector<LifeEventBrief> out;
  for (const State::LifeEvent& event : state_->life_events) {
    out.push_back({event.slug, event.name, event.services.size()});
  }
  return out;
}

std::vector<ServiceBrief> Snapshot::services_of_life_event(std::string_view slug, const AreaKey& area) const {
  std::vector<ServiceBrief> out;
  const auto event = std::find_if(state_->life_events.begin(), state_->life_events.end(),
                                  [&](const State::LifeEvent& e) { return e.slug == slug; });
  if (event == state_->life_events.end()) return out;
  const AreaKey here = state_->places.current(area);
  const ResponsibilityIndex::Place place = state_->responsibilities.place(here);
  std::vector<std::uint32_t> order;
  for (const std::uint32_t service : event->services) {
    if (state_->responsibilities.offer(service, place) != Offer::elsewhere) order.push_back(service);
  }
  state_->sort_by_title(order);
  for (const std::uint32_t service : order) out.push_back(state_->brief(service));
  return out;
}

std::vector<ServiceBrief> Snapshot::services_at(const AreaKey& area) const {
  const AreaKey here = state_->places.current(area);
  const ResponsibilityIndex::Place place = state_->responsibilities.place(here);
  std::vector<std::uint32_t> order;
  for (std::uint32_t service = 0; service < state_->services.size(); ++service) {
    if (here == AreaKey() || state_->responsibilities.offer(service, place) == Offer::here) order.push_back(service);
  }
  state_->sort_by_title(order);
  std::vector<ServiceBrief> out;
  for (const std::uint32_t service : order) out.push_back(state_->brief(service));
  return out;
}

std::vector<PlaceMatch> Snapshot::find_places(std::string_view query, std::size_t limit) const {
  std::vector<PlaceMatch> out;
  for (const finder::Places::Match& match : state_->places.find(query, limit)) {
    out.push_back({*match.area, state_->places.label(match.area->key), match.exact});
  }
  return out;
}

std::optional<Area> Snapshot::place(std::string_view query) const {
  const Area* found = state_->places.only(query);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::optional<Area> Snapshot::area(const AreaKey& key) const {
  const Area* found = state_->places.nearest(key);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::optional<Area> Snapshot::area_by_slug(std::string_view slug) const {
  const Area* found = state_->places.by_slug(slug);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::string Snapshot::label(const AreaKey& key) const { return state_->places.label(key); }

std::vector<std::string> Snapshot::postal_codes(const AreaKey& key) const { return state_->places.postal_codes(key); }

Snapshot::Sizes Snapshot::sizes() const {
  return {state_->services.size(), state_->units.size(), state_->online.size(), state_->responsibilities.size(),
          state_->places.size(), state_->text.text().words().size()};
}

std::size_t Snapshot::bytes() const {
  return state_->pool.bytes() + state_->service_ids.bytes() + state_->unit_ids.bytes() + state_->online_ids.bytes() +
         state_->specialisation_ids.bytes() + state_->services.capacity() * sizeof(State::ServiceRow) +
         state_->units.capacity() * sizeof(State::UnitRow) + state_->online.capacity() * sizeof(State::OnlineRow) +
         state_->places.bytes() + state_->responsibilities.bytes() + state_->text.bytes();
}

Finder::Finder(store::Database& database) : database_(database) { refresh(); }

std::shared_ptr<const Snapshot> Finder::snapshot() const { return current_.load(); }

bool Finder::refresh(Instant now) {
  const std::shared_ptr<const Snapshot> before = current_.load();
  std::shared_ptr<const Snapshot> after;
  database_.read([&](store::Connection& connection) {
    if (before != nullptr && day_ == berlin_day(now) &&
        ObjectStore(connection).last_sequence() == before->sequence() &&
        AreaStore(connection).list_day() == before->area_list_day()) {
      return;
    }
    after = Snapshot::build(connection, now);
  });
  if (after == nullptr) return false;
  day_ = berlin_day(now);
  current_.store(std::move(after));
  return true;
}

}  // namespace verbund::directory
