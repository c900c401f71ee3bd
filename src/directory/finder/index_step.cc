// SPDX-License-Identifier: EUPL-1.2
// Every object that changed is looked at as it is now: what it said before is taken back, what it says now is added.
// Doing it twice changes nothing.
#include "directory/finder/index_step.h"

#include <algorithm>

#include "base/check.h"
#include "directory/finder/service_text.h"
#include "kits/text/text.h"

namespace verbund::directory {

using finder::HolderKind;
using finder::IdView;
using PlaceLink = finder::Link;

namespace {

constexpr std::size_t most_roles = 250;

template <typename Rows>
void reach(Rows& rows, std::uint32_t number) {
  while (rows.size() <= number) rows.push_back({});
}

IdView view(const ObjectId& id) { return {id.agency, id.local}; }

}  // namespace

IndexStep::IndexStep(IndexWriter& writer, store::Connection& connection, Instant now)
    : writer_(writer), objects_(connection), now_(now),
      state_(std::make_unique<Snapshot::State>(writer.snapshot()->state())), reader_(*state_->places, now) {}

void IndexStep::apply(const Objects& changed) {
  // Holders before what refers to them, so that each service is written once.
  for (const auto& [kind, id] : changed) {
    if (kind == ObjectKind::unit) unit(id);
    if (kind == ObjectKind::online_service) online(id);
  }
  for (const auto& [kind, id] : changed) {
    if (kind == ObjectKind::service) service(id);
    if (kind == ObjectKind::specialisation) specialisation(id);
    if (kind == ObjectKind::responsibility) responsibility(id);
  }
  for (auto& [number, pending] : pending_) change_links(number, pending);
  std::vector<finder::ServiceIndex::Change> texts;
  for (const std::uint32_t number : text_changed_) change_text(number, texts);
  if (!texts.empty()) state_->text = state_->text.with(texts);
}

std::shared_ptr<const Snapshot> IndexStep::publish(std::int64_t sequence) {
  for (auto& [hash, entry] : noted_) writer_.links_.put(hash, std::move(entry));
  for (IndexWriter::Turn& turn : turns_) writer_.later_turns_.push(std::move(turn));
  Snapshot::State& state = *state_;
  state.counts.responsibilities = writer_.links_.size();
  state.sequence = sequence;
  state.as_of = std::max(state.as_of, now_);
  state.service_ids.seal();
  state.unit_ids.seal();
  state.online_ids.seal();
  state.specialisation_ids.seal();
  state.services.seal();
  state.units.seal();
  state.online.seal();
  state.specialisations.seal();
  state.responsibilities.seal();
  return Snapshot::of(std::move(state_));
}

void IndexStep::turn(ObjectKind kind, const ObjectId& id, const finder::Standing& standing) {
  if (standing.turn) turns_.push_back({static_cast<std::int64_t>(standing.turn->time_since_epoch().count()), kind, id});
}

std::uint32_t IndexStep::service_number(IdView id) {
  const std::uint32_t number = state_->service_ids.intern(id, state_->pool);
  reach(state_->services, number);
  return number;
}
std::uint32_t IndexStep::unit_number(IdView id) {
  const std::uint32_t number = state_->unit_ids.intern(id, state_->pool);
  reach(state_->units, number);
  return number;
}
std::uint32_t IndexStep::online_number(IdView id) {
  const std::uint32_t number = state_->online_ids.intern(id, state_->pool);
  reach(state_->online, number);
  return number;
}

std::optional<std::uint8_t> IndexStep::role_number(std::string_view role) {
  for (std::size_t i = 0; i < state_->roles.size(); ++i) {
    if (state_->roles[i] == role) return static_cast<std::uint8_t>(i);
  }
  if (state_->roles.size() >= most_roles) return std::nullopt;
  state_->roles.emplace_back(role);
  state_->set_role_order();
  return static_cast<std::uint8_t>(state_->roles.size() - 1);
}

void IndexStep::holder_turned(std::span<const std::uint32_t> services) {
  for (const std::uint32_t number : services) pending_[number].wake = true;
}

void IndexStep::unit(const ObjectId& id) {
  const auto body = objects_.body(ObjectKind::unit, id);
  if (!body && state_->unit_ids.find(id, state_->pool) == IdTable::none) return;
  const std::uint32_t number = unit_number(view(id));
  const UnitRow before = state_->units[number];
  UnitRow after;
  if (body) {
    const auto& facts = reader_.unit(*body);
    turn(ObjectKind::unit, id, facts.standing);
    if (facts.standing.valid) {
      after.present = 1;
      const bool same = before.present != 0 && state_->pool.at(before.name) == facts.name;
      after.name = same ? before.name : state_->pool.add(facts.name);
    }
  }
  if (after.present == before.present && after.name == before.name) return;
  state_->units.edit(number) = after;
  state_->counts.units += after.present;
  state_->counts.units -= before.present;
  const auto services = state_->responsibilities.services_of_unit(number);
  if (after.present != before.present) {
    holder_turned(services);
    return;
  }
  for (const std::uint32_t service : services) {
    if (!state_->responsibilities.units_of(service, most_unit_names).empty()) text_changed_.insert(service);
  }
}

void IndexStep::online(const ObjectId& id) {
  const auto object = read<OnlineService>(id);
  if (!object && state_->online_ids.find(id, state_->pool) == IdTable::none) return;
  const std::uint32_t number = online_number(view(id));
  const std::uint32_t before = state_->online[number].present;
  OnlineRow after;
  if (object) {
    const finder::OnlineFacts facts = finder::facts_of(*object, now_);
    turn(ObjectKind::online_service, id, facts.standing);
    if (facts.standing.valid) {
      after = {state_->pool.add(facts.title), state_->pool.add(facts.url), state_->pool.add(facts.purpose),
               state_->pool.add(facts.sort_key), 1};
    }
  }
  if (before == 0 && after.present == 0) return;
  state_->online.edit(number) = after;
  state_->counts.online_services += after.present;
  state_->counts.online_services -= before;
  if (after.present != before) holder_turned(state_->responsibilities.services_of_online(number));
}

void IndexStep::set_life_events(std::uint32_t service, const std::vector<std::pair<std::string, std::string>>& events) {
  using Event = Snapshot::State::LifeEvent;
  finder::SharedTexts& pool = state_->pool;
  const auto wanted_of = [&](const Event& event) {
    return std::find_if(events.begin(), events.end(), [&](const auto& wanted) { return wanted.first == event.slug; });
  };
  const auto stays = [&](const Event& event) {   // this service says it, or does not, as it did
    const auto said = std::find_if(event.said.begin(), event.said.end(),
                                   [&](const auto& by) { return by.first == service; });
    const auto wanted = wanted_of(event);
    const bool says = said != event.said.end(), should = wanted != events.end();
    if (!says || !should) return says == should;
    return pool.at(said->second) == wanted->second;
  };
  const auto say = [&](Event& event, const std::string& name) {
    const auto same = std::find_if(event.said.begin(), event.said.end(),
                                   [&](const auto& said) { return pool.at(said.second) == name; });
    const Snapshot::State::Ref ref = same != event.said.end() ? same->second : pool.add(name);
    const auto at = std::find_if(event.said.begin(), event.said.end(),
                                 [&](const auto& said) { return state_->id_before(service, said.first); });
    event.said.insert(at, {service, ref});
  };
  const auto& before = *state_->life_events;
  std::vector<std::shared_ptr<Event>> changed;
  for (const auto& event : before) {
    if (stays(*event)) continue;
    auto own = std::make_shared<Event>(*event);
    std::erase_if(own->said, [&](const auto& said) { return said.first == service; });
    if (const auto wanted = wanted_of(*own); wanted != events.end()) say(*own, wanted->second);
    changed.push_back(std::move(own));
  }
  for (const auto& [slug, name] : events) {
    if (std::any_of(before.begin(), before.end(), [&](const auto& event) { return event->slug == slug; })) continue;
    auto own = std::make_shared<Event>();
    own->slug = slug;
    say(*own, name);
    changed.push_back(std::move(own));
  }
  if (changed.empty()) return;   // most often: it says what it said
  auto next = std::make_shared<Snapshot::State::LifeEvents>();
  for (const auto& event : before) {
    if (stays(*event)) next->push_back(event);
  }
  for (const auto& event : changed) {
    if (event->said.empty()) continue;
    event->sort_key = text::sort_key(pool.at(event->name()));
    next->push_back(event);
  }
  Snapshot::State::sort_events(*next);
  state_->life_events = std::move(next);
}

void IndexStep::service(const ObjectId& id) {
  auto object = read<Service>(id);
  if (!object && state_->service_ids.find(id, state_->pool) == IdTable::none) return;
  const std::uint32_t number = service_number(view(id));
  const std::uint32_t before = state_->services[number].present;
  std::optional<finder::ServiceFacts> facts;
  if (object) {
    facts = finder::facts_of(*object, now_);
    turn(ObjectKind::service, id, facts->standing);
    if (!facts->standing.valid) facts.reset();
  }
  Pending& pending = pending_[number];
  state_->responsibilities.each_link(number, [&](const PlaceLink& link) {
    if (link.kind == HolderKind::text) pending.removed.push_back(link);
  });
  std::erase_if(state_->keys, [&](const auto& key) { return key.second == number; });
  ServiceRow row;
  if (facts) {
    finder::SharedTexts& pool = state_->pool;
    row = {pool.add(facts->key), pool.add(facts->title), pool.add(facts->folded_title), pool.add(facts->summary),
           pool.add(objects_.slug(ObjectKind::service, id)), pool.add(facts->sort_key),
           writer_.rank(*state_, facts->sort_key, view(id)), 1};
    for (const std::uint64_t key : facts->keys) {
      const std::pair entry{key, number};
      state_->keys.insert(std::lower_bound(state_->keys.begin(), state_->keys.end(), entry), entry);
    }
    for (const AreaKey& area : object->valid_areas) {
      const std::uint32_t where = state_->responsibilities.area_number(reader_.areas().of(area.digits()));
      pending.added.push_back({where, 0, HolderKind::text, 0});
    }
  }
  set_life_events(number, facts ? facts->life_events : std::vector<std::pair<std::string, std::string>>{});
  state_->services.edit(number) = row;
  state_->counts.services += row.present;
  state_->counts.services -= before;
  state_->responsibilities.set_present(number, row.present != 0);
  text_changed_.insert(number);
  if (facts) services_read_.emplace(number, std::move(*object));
}

void IndexStep::specialisation(const ObjectId& id) {
  const auto object = read<Specialisation>(id);
  std::uint32_t number = state_->specialisation_ids.find(id, state_->pool);
  if (!object && number == IdTable::none) return;
  number = state_->specialisation_ids.intern(view(id), state_->pool);
  const bool known = number < state_->specialisations.size();
  reach(state_->specialisations, number);
  if (known) {
    const std::uint32_t before = state_->specialisations[number].service;
    state_->responsibilities.each_link(before, [&](const PlaceLink& link) {
      if (link.kind == HolderKind::specialisation && link.holder == number) pending_[before].removed.push_back(link);
    });
    text_changed_.insert(before);
  }
  SpecialisationRow row{state_->specialisations[number].service, 0};
  if (object) {
    const finder::Standing standing = finder::standing(object->validity, now_);
    turn(ObjectKind::specialisation, id, standing);
    row = {service_number(view(object->service)), standing.valid ? 1U : 0U};
    text_changed_.insert(row.service);
    Pending& pending = pending_[row.service];
    if (standing.valid && object->areas.empty()) {
      pending.added.push_back({PlaceLink::nowhere, number, HolderKind::specialisation, 0});
    }
    for (const AreaKey& area : object->areas) {
      if (!standing.valid) break;
      const std::uint32_t where = state_->responsibilities.area_number(reader_.areas().of(area.digits()));
      pending.added.push_back({where, number, HolderKind::specialisation, 0});
    }
  }
  state_->specialisations.edit(number) = row;
}

void IndexStep::responsibility(const ObjectId& id) {
  const std::uint64_t hash = finder::hash_id(view(id));
  const auto before = writer_.links_.find(hash);
  std::optional<finder::LinkTable::Entry> after;
  if (const auto body = objects_.body(ObjectKind::responsibility, id)) {
    const auto& facts = reader_.responsibility(*body);
    turn(ObjectKind::responsibility, id, facts.standing);
    const bool unit = facts.holder_kind == ObjectKind::unit;
    const auto role = unit ? role_number(facts.role) : std::optional<std::uint8_t>(std::uint8_t{0});
    if (facts.standing.valid && role) {
      after.emplace();
      after->service = service_number(facts.service);
      const std::uint32_t holder = unit ? unit_number(facts.holder) : online_number(facts.holder);
      for (const std::uint64_t area : facts.areas) {
        after->links.push_back({state_->responsibilities.area_number(area), holder,
                                unit ? HolderKind::unit : HolderKind::online_service, *role});
      }
    }
  }
  if (before && after && before->service == after->service && before->links == after->links) return;
  const auto join = [](std::vector<PlaceLink>& to, const std::vector<PlaceLink>& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  if (before) join(pending_[before->service].removed, before->links);
  if (after) join(pending_[after->service].added, after->links);
  noted_.emplace_back(hash, std::move(after));
}

void IndexStep::change_links(std::uint32_t number, Pending& pending) {
  if (!pending.wake && pending.removed == pending.added) return;   // most often: another text of the same service
  finder::ResponsibilityIndex& index = state_->responsibilities;
  std::vector<PlaceLink> links = index.links(number);
  std::vector<std::uint32_t> affected;
  if (pending.wake) {
    for (const PlaceLink& link : links) affected.push_back(link.area);
  }
  for (const PlaceLink& link : pending.removed) {
    const auto at = std::find(links.begin(), links.end(), link);
    VERBUND_CHECK(at != links.end());
    links.erase(at);
    affected.push_back(link.area);
  }
  for (const PlaceLink& link : pending.added) {
    links.push_back(link);
    affected.push_back(link.area);
  }
  std::sort(affected.begin(), affected.end());
  affected.erase(std::unique(affected.begin(), affected.end()), affected.end());
  const auto is_holder = [](const PlaceLink& link) {
    return link.kind == HolderKind::unit || link.kind == HolderKind::online_service;
  };
  for (const PlaceLink& link : pending.added) {
    if (is_holder(link)) index.link_holder(link.kind, link.holder, number);
  }
  for (const PlaceLink& gone : pending.removed) {
    if (!is_holder(gone)) continue;
    const bool still = std::any_of(links.begin(), links.end(), [&](const PlaceLink& link) {
      return link.kind == gone.kind && link.holder == gone.holder;
    });
    if (!still) index.unlink_holder(gone.kind, gone.holder, number);
  }
  const auto units_before = index.units_of(number, most_unit_names);
  index.set_links(number, std::move(links),
                  [this](const PlaceLink& link) {
                    if (link.kind == HolderKind::unit) return state_->units[link.holder].present != 0;
                    if (link.kind == HolderKind::online_service) return state_->online[link.holder].present != 0;
                    return true;
                  },
                  affected);
  if (index.units_of(number, most_unit_names) != units_before) text_changed_.insert(number);
}

void IndexStep::change_text(std::uint32_t number, std::vector<finder::ServiceIndex::Change>& changes) {
  const bool there = state_->services[number].present != 0;
  std::optional<Service> object;
  if (const auto known = services_read_.find(number); known != services_read_.end()) {
    object = std::move(known->second);
    services_read_.erase(known);
  } else if (there) {
    object = read<Service>(state_->service_ids.id(number, state_->pool));
  }
  if (!there || !object) {
    if (number < state_->text.services()) changes.push_back({number, nullptr, {}});
    return;
  }
  search::Draft& draft = *drafts_.emplace_back(std::make_unique<search::Draft>());
  finder::ServiceText text(draft);
  text.add_service(*object);
  for (const auto& [slug, name] : finder::life_events_of(*object)) text.add_life_event(name);
  std::set<ObjectId> local;
  state_->responsibilities.each_link(number, [&](const PlaceLink& link) {
    if (link.kind == HolderKind::specialisation) local.insert(state_->specialisation_ids.id(link.holder, state_->pool));
  });
  std::set<std::uint64_t> known;
  for (const ObjectId& id : local) {
    if (const auto special = read<Specialisation>(id)) text.add_specialisation(special->modules, known);
  }
  for (const std::uint32_t unit : state_->responsibilities.units_of(number, most_unit_names)) {
    text.add_unit(state_->pool.at(state_->units[unit].name));
  }
  changes.push_back({number, &draft, std::string(state_->pool.at(state_->services[number].folded_title))});
}

}  // namespace verbund::directory
