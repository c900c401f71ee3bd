// SPDX-License-Identifier: EUPL-1.2
// One half of a build: units, online services and responsibilities, in the order in which they lie in the store. An id
// gets its number where it is first met, as object or as reference. Inside this room only.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "directory/finder/object_facts.h"
#include "directory/finder/snapshot_tables.h"
#include "kits/store/store.h"

namespace verbund::directory {

class LinkPass {
 public:
  LinkPass(const finder::Places& places, Instant now);

  void read(store::Connection& connection);

  struct Found {
    std::uint64_t area;      // code, or nowhere
    std::uint32_t holder;
    finder::HolderKind kind;
    std::uint8_t role;
  };
  static constexpr std::uint64_t nowhere = UINT64_MAX;
  // A link that is no responsibility.
  void add(const Found& found, std::uint32_t service);
  void turn(ObjectKind kind, finder::IdView id, std::optional<Instant> at);
  // Lays out everything but services and specialisations. Requires: `out` has these.
  void finish(SnapshotTables& out);

  finder::SharedTexts::Collector pool;
  finder::IdCollector services;
  std::size_t unit_count() const { return unit_count_; }
  std::size_t online_count() const { return online_count_; }

 private:
  using Row = finder::LinkTable::Row;

  void add_unit(finder::IdView id, std::string_view body);
  void add_online(finder::IdView id, std::string_view body);
  void add_responsibility(finder::IdView id, std::string_view body);
  std::uint32_t area_number(std::uint64_t code);
  std::optional<std::uint8_t> role_number(std::string_view role);
  void renumber_areas();
  void sort_by_hash(SnapshotTables& out);

  finder::LinkReader reader_;
  Instant now_;
  finder::IdCollector units_, onlines_;
  std::vector<UnitRow> unit_rows_;
  std::vector<OnlineRow> online_rows_;
  std::size_t unit_count_ = 0, online_count_ = 0;
  std::unordered_map<std::string, finder::SharedTexts::Ref> purposes_;
  std::vector<std::string> roles_;
  std::vector<TurnRow> turns_;
  std::vector<std::uint64_t> codes_;                     // areas by number, in the order met
  std::unordered_map<std::uint64_t, std::uint32_t> code_numbers_;
  std::vector<std::uint64_t> hashes_;                    // responsibilities
  std::vector<Row> rows_;
  std::vector<std::uint32_t> lists_;
  std::vector<std::pair<std::uint32_t, finder::Link>> more_;   // service, link that is no responsibility
};

}  // namespace verbund::directory
