// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "base/text.h"
#include "directory/finder/finder.h"
#include "directory/finder/snapshot_state.h"
#include "kits/text/text.h"

namespace verbund::directory {

using finder::ResponsibilityIndex;
using Offer = ResponsibilityIndex::Offer;

std::optional<std::uint64_t> service_key_number(std::string_view key) {
  if (key.size() != 14 || !is_digits(key)) return std::nullopt;
  return static_cast<std::uint64_t>(*parse_number(key));
}

Snapshot::Snapshot(std::unique_ptr<State> state) : state_(std::move(state)) {}
std::shared_ptr<Snapshot> Snapshot::of(std::unique_ptr<State> state) {
  return std::shared_ptr<Snapshot>(new Snapshot(std::move(state)));
}
Snapshot::~Snapshot() = default;

std::int64_t Snapshot::sequence() const { return state_->sequence; }
std::string Snapshot::area_list_day() const { return state_->area_list_day; }

ServiceView Snapshot::State::view(std::uint32_t service) const {
  const ServiceRow& row = services[service];
  return {service_ids.view(service, pool), pool.at(row.key), pool.at(row.title), pool.at(row.summary), pool.at(row.slug)};
}

AuthorityBrief Snapshot::State::authority(std::uint32_t unit, std::uint64_t area, std::uint8_t role) const {
  return {unit_ids.id(unit, pool), std::string(pool.at(units[unit].name)), finder::area_of_code(area), roles[role]};
}

OnlineBrief Snapshot::State::online_brief(std::uint32_t number, std::uint64_t area) const {
  const OnlineRow& row = online[number];
  return {online_ids.id(number, pool), std::string(pool.at(row.title)), std::string(pool.at(row.url)),
          std::string(pool.at(row.purpose)), finder::area_of_code(area)};
}

std::uint32_t Snapshot::State::find_service(const ObjectId& id) const {
  const std::uint32_t number = service_ids.find(id, pool);
  return number != IdTable::none && number < services.size() && services[number].present != 0 ? number : IdTable::none;
}

std::uint32_t Snapshot::State::find_unit(const ObjectId& id) const {
  const std::uint32_t number = unit_ids.find(id, pool);
  return number != IdTable::none && number < units.size() && units[number].present != 0 ? number : IdTable::none;
}

std::vector<AuthorityBrief> Snapshot::State::authorities(const ResponsibilityIndex::Role& role) const {
  std::vector<AuthorityBrief> out;
  if (role.units.size() == 1) {   // nearly always
    out.push_back(authority(role.units.front(), role.area, role.role));
    return out;
  }
  std::vector<std::pair<std::string, std::uint32_t>> order;
  for (const std::uint32_t unit : role.units) order.emplace_back(text::sort_key(pool.at(units[unit].name)), unit);
  std::sort(order.begin(), order.end(), [this](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : unit_ids.view(a.second, pool) < unit_ids.view(b.second, pool);
  });
  for (const auto& [name, unit] : order) out.push_back(authority(unit, role.area, role.role));
  return out;
}

std::vector<OnlineBrief> Snapshot::State::online_of(const ResponsibilityIndex::Answer& answer) const {
  std::vector<ResponsibilityIndex::Placed> order = answer.online;
  std::sort(order.begin(), order.end(), [this](const auto& a, const auto& b) {
    const int a_digits = finder::area_digits(a.area), b_digits = finder::area_digits(b.area);
    if (a_digits != b_digits) return a_digits > b_digits;
    const std::string_view a_title = pool.at(online[a.holder].sort_key), b_title = pool.at(online[b.holder].sort_key);
    return a_title != b_title ? a_title < b_title : online_ids.view(a.holder, pool) < online_ids.view(b.holder, pool);
  });
  std::vector<OnlineBrief> out;
  for (const auto& placed : order) out.push_back(online_brief(placed.holder, placed.area));
  return out;
}

bool Snapshot::State::title_before(std::uint32_t a, std::uint32_t b) const {
  const ServiceRow &first = services[a], &second = services[b];
  if (first.rank != second.rank) return first.rank < second.rank;
  const std::string_view first_title = pool.at(first.sort_key), second_title = pool.at(second.sort_key);
  return first_title != second_title ? first_title < second_title : id_before(a, b);
}

void Snapshot::State::sort_by_title(std::vector<std::uint32_t>& list) const {
  std::sort(list.begin(), list.end(), [this](std::uint32_t a, std::uint32_t b) { return title_before(a, b); });
}

ServiceAtPlace Snapshot::at_place(const ObjectId& service, const AreaKey& area) const {
  ServiceAtPlace out;
  const std::uint32_t number = state_->find_service(service);
  if (number == IdTable::none) return out;
  const ResponsibilityIndex::Place place = state_->responsibilities.place(state_->places->current(area));
  const ResponsibilityIndex::Answer answer = state_->responsibilities.at(number, place);
  for (const ResponsibilityIndex::Role& role : answer.roles) {
    out.roles.push_back({state_->roles[role.role], finder::area_of_code(role.area), state_->authorities(role)});
  }
  out.online = state_->online_of(answer);
  for (const ResponsibilityIndex::Placed& text : answer.specialisations) {
    out.specialisations.push_back(state_->specialisation_ids.id(text.holder, state_->pool));
  }
  // Of one area by id, whatever their numbers are.
  for (std::size_t begin = 0, end = 0; begin < out.specialisations.size(); begin = end) {
    const int digits = finder::area_digits(answer.specialisations[begin].area);
    for (end = begin; end < out.specialisations.size(); ++end) {
      if (finder::area_digits(answer.specialisations[end].area) != digits) break;
    }
    std::sort(out.specialisations.begin() + static_cast<std::ptrdiff_t>(begin),
              out.specialisations.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return out;
}

std::optional<ServiceBrief> Snapshot::service(const ObjectId& id) const {
  const std::uint32_t number = state_->find_service(id);
  if (number == IdTable::none) return std::nullopt;
  return state_->brief(number);
}

std::optional<ServiceBrief> Snapshot::service_by_key(std::string_view service_key, const AreaKey& area) const {
  const auto key = service_key_number(service_key);
  if (!key) return std::nullopt;
  const AreaKey here = state_->places->current(area);
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
    if (fit > best_fit || (best && fit == best_fit && state_->id_before(at->second, *best))) {
      best = at->second;
      best_fit = fit;
    }
  }
  if (!best) return std::nullopt;
  return state_->brief(*best);
}

std::vector<ServiceBrief> Snapshot::services_of_unit(const ObjectId& unit) const {
  std::vector<ServiceBrief> out;
  const std::uint32_t number = state_->find_unit(unit);
  if (number == IdTable::none) return out;
  const auto services = state_->responsibilities.services_of_unit(number);
  std::vector<std::uint32_t> order;
  for (const std::uint32_t service : services) {
    if (state_->responsibilities.present(service)) order.push_back(service);
  }
  state_->sort_by_title(order);
  for (const std::uint32_t service : order) out.push_back(state_->brief(service));
  return out;
}

std::vector<Snapshot::OnlineOffer> Snapshot::offers_of_online(const ObjectId& online) const {
  std::vector<OnlineOffer> out;
  const std::uint32_t number = state_->online_ids.find(online, state_->pool);
  if (number == IdTable::none || number >= state_->online.size() || state_->online[number].present == 0) return out;
  std::vector<std::uint32_t> order;
  for (const std::uint32_t service : state_->responsibilities.services_of_online(number)) {
    if (state_->responsibilities.present(service)) order.push_back(service);
  }
  state_->sort_by_title(order);
  for (const std::uint32_t service : order) {
    OnlineOffer offer{state_->brief(service), {}};
    for (const finder::Link& link : state_->responsibilities.links(service)) {
      if (link.kind != finder::HolderKind::online_service || link.holder != number) continue;
      if (link.area == finder::Link::nowhere) continue;
      offer.areas.push_back(finder::area_of_code(state_->responsibilities.code(link.area)));
    }
    std::sort(offer.areas.begin(), offer.areas.end());
    offer.areas.erase(std::unique(offer.areas.begin(), offer.areas.end()), offer.areas.end());
    out.push_back(std::move(offer));
  }
  return out;
}

std::vector<Snapshot::LifeEventBrief> Snapshot::life_events() const {
  std::vector<LifeEventBrief> out;
  for (const auto& event : *state_->life_events) {
    out.push_back({event->slug, std::string(state_->pool.at(event->name())), event->said.size()});
  }
  return out;
}

std::vector<ServiceBrief> Snapshot::services_of_life_event(std::string_view slug, const AreaKey& area) const {
  std::vector<ServiceBrief> out;
  const auto event = std::find_if(state_->life_events->begin(), state_->life_events->end(),
                                  [&](const auto& e) { return e->slug == slug; });
  if (event == state_->life_events->end()) return out;
  const ResponsibilityIndex::Place place = state_->responsibilities.place(state_->places->current(area));
  std::vector<std::uint32_t> order;
  for (const auto& [service, name] : (*event)->said) {
    if (state_->responsibilities.offer(service, place) != Offer::elsewhere) order.push_back(service);
  }
  state_->sort_by_title(order);
  for (const std::uint32_t service : order) out.push_back(state_->brief(service));
  return out;
}

std::vector<std::uint32_t> Snapshot::State::services_at(const AreaKey& here, const PlaceAreas& place) const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t service = 0; service < services.size(); ++service) {
    if (!responsibilities.present(service)) continue;
    if (here == AreaKey() || responsibilities.offer(service, place) == Offer::here) out.push_back(service);
  }
  sort_by_title(out);
  return out;
}

std::vector<ServiceBrief> Snapshot::services_at(const AreaKey& area) const {
  const AreaKey here = state_->places->current(area);
  std::vector<ServiceBrief> out;
  for (const std::uint32_t service : state_->services_at(here, state_->responsibilities.place(here))) {
    out.push_back(state_->brief(service));
  }
  return out;
}

std::vector<PlaceMatch> Snapshot::find_places(std::string_view query, std::size_t limit) const {
  std::vector<PlaceMatch> out;
  for (const finder::Places::Match& match : state_->places->find(query, limit)) {
    out.push_back({*match.area, state_->places->label(match.area->key), match.exact});
  }
  return out;
}

std::optional<Area> Snapshot::place(std::string_view query) const {
  const Area* found = state_->places->only(query);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::optional<Area> Snapshot::area(const AreaKey& key) const {
  const Area* found = state_->places->nearest(key);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::optional<Area> Snapshot::area_by_slug(std::string_view slug) const {
  const Area* found = state_->places->by_slug(slug);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::string Snapshot::label(const AreaKey& key) const { return state_->places->label(key); }

std::vector<std::string> Snapshot::postal_codes(const AreaKey& key) const { return state_->places->postal_codes(key); }

Snapshot::Sizes Snapshot::sizes() const {
  Sizes out = state_->counts;
  out.areas = state_->places->size();
  out.terms = state_->text.text().words().size();
  return out;
}

std::size_t Snapshot::own_bytes() const {
  const State& state = *state_;
  return state.pool.added_bytes() + state.service_ids.own_bytes() + state.unit_ids.own_bytes() +
         state.online_ids.own_bytes() + state.specialisation_ids.own_bytes() + state.services.own_bytes() +
         state.units.own_bytes() + state.online.own_bytes() + state.specialisations.own_bytes() +
         state.responsibilities.own_bytes() + (state.text.overlay() != nullptr ? state.text.overlay()->bytes() : 0);
}

std::size_t Snapshot::bytes() const {
  return state_->base_bytes + own_bytes() + state_->places->bytes() + state_->text.bytes() -
         (state_->text.overlay() != nullptr ? state_->text.overlay()->bytes() : 0);
}

}  // namespace verbund::directory
