// SPDX-License-Identifier: EUPL-1.2
// What a snapshot holds: rows by number, all texts in one pool. Numbers stay when objects change; what went away keeps
// its number and is not `present`. Inside this room only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/finder/finder.h"
#include "directory/finder/id_table.h"
#include "directory/finder/places.h"
#include "directory/finder/responsibility_index.h"
#include "directory/finder/service_index.h"
#include "directory/finder/shared_array.h"
#include "directory/finder/shared_texts.h"
#include "directory/finder/validity.h"

namespace verbund::directory {

using finder::IdTable;

// Rows lie in a file as they are here: no padding, no pointers.
struct ServiceRow {
  using Ref = finder::SharedTexts::Ref;
  Ref key = 0, title = 0, folded_title = 0, summary = 0, slug = 0;
  Ref sort_key = 0;             // of the title
  std::uint32_t rank = 0;       // by title as people sort, then id: even when built, odd between two of those
  std::uint32_t present = 0;
};
struct UnitRow {
  finder::SharedTexts::Ref name = 0;
  std::uint32_t present = 0;
};
struct OnlineRow {
  finder::SharedTexts::Ref title = 0, url = 0, purpose = 0, sort_key = 0;
  std::uint32_t present = 0;
};
struct SpecialisationRow {
  std::uint32_t service = 0;    // whether it is there or not
  std::uint32_t present = 0;    // valid
};
// An object whose validity turns at an instant.
struct TurnRow {
  std::int64_t at = 0;          // seconds since 1970, UTC
  std::uint32_t kind = 0;       // ObjectKind
  finder::SharedTexts::Ref agency = 0, local = 0;
  std::uint32_t unused = 0;
};

struct Snapshot::State {
  using Ref = finder::SharedTexts::Ref;

  struct LifeEvent {
    std::string slug;
    // Services and how each spells the name, by id of the service; at least one. The first spelling is the name.
    std::vector<std::pair<std::uint32_t, Ref>> said;
    std::string sort_key;                    // of the name
    Ref name() const { return said.front().second; }
  };
  using LifeEvents = std::vector<std::shared_ptr<const LifeEvent>>;   // versions share those that did not change
  static void sort_events(LifeEvents& events);                        // by name

  std::int64_t sequence = 0;
  std::int64_t area_state = 0;               // AreaStore::state at the build
  std::string area_list_day;
  Instant as_of{};                           // validity was looked at then
  finder::SharedTexts pool;
  IdTable service_ids, unit_ids, online_ids, specialisation_ids;
  finder::SharedArray<ServiceRow> services;
  finder::SharedArray<UnitRow> units;
  finder::SharedArray<OnlineRow> online;
  finder::SharedArray<SpecialisationRow> specialisations;
  Sizes counts{};                            // what is present
  std::uint32_t ordered_services = 0;        // numbers below this one are in the order of the ids
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;   // service key as a number, service; sorted
  std::shared_ptr<const LifeEvents> life_events = std::make_shared<const LifeEvents>();
  std::vector<std::string> roles;            // in the order they came
  std::shared_ptr<const finder::Places> places = std::make_shared<const finder::Places>();
  finder::ResponsibilityIndex responsibilities;
  finder::ServiceIndex text;
  std::size_t base_bytes = 0;                // of what was built or mapped, without places and text

  ServiceView view(std::uint32_t service) const;
  ServiceBrief brief(std::uint32_t service) const { return view(service).brief(); }
  // The number of a service, unit that is there; none.
  std::uint32_t find_service(const ObjectId& id) const;
  std::uint32_t find_unit(const ObjectId& id) const;
  AuthorityBrief authority(std::uint32_t unit, std::uint64_t area, std::uint8_t role) const;
  OnlineBrief online_brief(std::uint32_t number, std::uint64_t area) const;
  std::vector<AuthorityBrief> authorities(const finder::ResponsibilityIndex::Role& role) const;   // by name
  std::vector<OnlineBrief> online_of(const finder::ResponsibilityIndex::Answer& answer) const;
  // As people sort titles, equal ones by id.
  bool title_before(std::uint32_t a, std::uint32_t b) const;
  void sort_by_title(std::vector<std::uint32_t>& services_to_sort) const;
  bool id_before(std::uint32_t a, std::uint32_t b) const { return service_ids.view(a, pool) < service_ids.view(b, pool); }
  std::vector<std::uint32_t> services_at(const AreaKey& here, const PlaceAreas& place) const;   // by title
  void set_role_order();
};

// A service key as a number; nothing unless it has 14 digits.
std::optional<std::uint64_t> service_key_number(std::string_view key);

}  // namespace verbund::directory
