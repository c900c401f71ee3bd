// SPDX-License-Identifier: EUPL-1.2
// A whole snapshot as flat tables, without places (small, read from the store at each start) and without the text index:
// what a build makes, a file keeps and a start maps. Inside this room only.
#pragma once

#include <cstdint>
#include <memory>

#include "directory/finder/link_table.h"
#include "directory/finder/snapshot_state.h"

namespace verbund::directory {

struct SnapshotTables {
  struct Ids {
    flat::Array<finder::IdRow> rows;
    flat::Array<std::uint32_t> slots;
    template <typename Each>
    void each(const std::string& name, const Each& part) {
      part(name + ".rows", rows);
      part(name + ".slots", slots);
    }
  };
  struct KeyRow {
    std::uint64_t key;
    std::uint64_t service;
  };
  struct LifeEventRow {                       // events by name, then services by id
    finder::SharedTexts::Ref slug, name;
    std::uint32_t service;
  };

  flat::Array<char> pool, roles;              // roles: one a line
  flat::Array<char> mark;                     // of the last change: tells this store from another
  Ids service_ids, unit_ids, online_ids, specialisation_ids;
  flat::Array<ServiceRow> services;
  flat::Array<UnitRow> units;
  flat::Array<OnlineRow> online;
  flat::Array<SpecialisationRow> specialisations;
  flat::Array<KeyRow> keys;
  flat::Array<LifeEventRow> life_events;
  flat::Array<TurnRow> turns;
  flat::Array<std::int64_t> numbers;          // sequence, area state, as of, services, units, online services
  finder::ResponsibilityIndex::Tables responsibilities;
  finder::LinkTable::Tables links;

  template <typename Each>
  void each(const Each& part) {
    part("pool", pool);
    part("roles", roles);
    part("mark", mark);
    service_ids.each("service_ids", part);
    unit_ids.each("unit_ids", part);
    online_ids.each("online_ids", part);
    specialisation_ids.each("specialisation_ids", part);
    part("services", services);
    part("units", units);
    part("online", online);
    part("specialisations", specialisations);
    part("keys", keys);
    part("life_events", life_events);
    part("turns", turns);
    part("numbers", numbers);
    responsibilities.each(part);
    links.each(part);
  }
  std::size_t bytes();
};

// Takes everything but text and places. Errors: invalid (sizes that do not agree).
Result<std::unique_ptr<Snapshot::State>> state_of(SnapshotTables& tables);

struct BuiltSnapshot {
  std::shared_ptr<Snapshot> snapshot;
  SnapshotTables tables;                      // what the snapshot stands on
};

// What is not valid at `now` is left out. With `second`, texts are read there meanwhile. Requires: both connections see
// the same state.
BuiltSnapshot build_snapshot(store::Connection& connection, store::Connection* second, Instant now,
                             const Snapshot::BuildOptions& options = {});

// Of the change with this number, as the connection sees it.
std::string change_mark(store::Connection& connection, std::int64_t sequence);

// The places of the store: areas and postal codes.
std::shared_ptr<const finder::Places> read_places(store::Connection& connection);

// The file of a built snapshot. A file that is damaged, of another program, of another store or of other lists of areas
// is as good as none: not_found. Errors of saving: unavailable.
std::string index_path(const std::string& folder);   // "" for ""
Result<void> save_snapshot(BuiltSnapshot& built, const std::string& path);
Result<BuiltSnapshot> map_snapshot(store::Connection& connection, const std::string& path, Instant now);

}  // namespace verbund::directory
