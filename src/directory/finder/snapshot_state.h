// SPDX-License-Identifier: EUPL-1.2
// What a snapshot holds: rows by number, sorted by id, all texts in one pool. Inside this room only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "directory/catalogue/parts.h"
#include "directory/finder/finder.h"
#include "directory/finder/places.h"
#include "directory/finder/responsibility_index.h"
#include "directory/finder/service_index.h"
#include "directory/finder/string_pool.h"

namespace verbund::directory {

// Objects of one kind: number <-> id. Numbers are in the order of (agency, local).
class IdTable {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;
  // Requires: ids come in ascending order, each once.
  void add(const ObjectId& id, finder::StringPool& pool) {
    if (agencies_.empty() || agencies_.back() != id.agency) {
      agencies_.push_back(id.agency);
      agency_begin_.push_back(static_cast<std::uint32_t>(local_.size()));
    }
    local_.push_back(pool.add(id.local));
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(local_.size()); }
  ObjectId id(std::uint32_t number, const finder::StringPool& pool) const;
  std::uint32_t find(const ObjectId& id, const finder::StringPool& pool) const;
  std::size_t bytes() const { return local_.capacity() * 4; }

 private:
  std::vector<std::string> agencies_;           // ascending; few
  std::vector<std::uint32_t> agency_begin_;
  std::vector<finder::StringPool::Ref> local_;
};

struct Snapshot::State {
  using Ref = finder::StringPool::Ref;

  struct ServiceRow {
    Ref key = 0, title = 0, summary = 0, slug = 0;
    std::uint32_t rank = 0;       // by title, as people sort
  };
  struct UnitRow {
    Ref name = 0;
    std::uint32_t rank = 0;       // by name
  };
  struct OnlineRow {
    Ref title = 0, url = 0, purpose = 0;
    std::uint32_t rank = 0;       // by title
  };
  struct LifeEvent {
    std::string slug, name;
    std::vector<std::uint32_t> services;   // ascending
  };

  std::int64_t sequence = 0;
  std::string area_list_day;
  finder::StringPool pool;
  IdTable service_ids, unit_ids, online_ids, specialisation_ids;
  std::vector<ServiceRow> services;
  std::vector<UnitRow> units;
  std::vector<OnlineRow> online;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;   // service key as a number, service; sorted
  std::vector<LifeEvent> life_events;                          // by name
  std::vector<std::string> roles;                              // ascending
  finder::Places places;
  finder::ResponsibilityIndex responsibilities;
  finder::ServiceIndex text;

  ServiceBrief brief(std::uint32_t service) const;
  AuthorityBrief authority(std::uint32_t unit, std::uint64_t area, std::uint8_t role) const;
  OnlineBrief online_brief(std::uint32_t number, std::uint64_t area) const;
  std::vector<AuthorityBrief> authorities(const finder::ResponsibilityIndex::Role& role) const;   // by name
  std::vector<OnlineBrief> online_of(const finder::ResponsibilityIndex::Answer& answer) const;
  void sort_by_title(std::vector<std::uint32_t>& services_to_sort) const;
};

// A service key as a number; nothing unless it has 14 digits.
std::optional<std::uint64_t> service_key_number(std::string_view key);
// True if there is no period or one of them contains the instant. A bare day as end counts whole.
bool is_valid_at(const std::vector<Period>& periods, Instant now);

}  // namespace verbund::directory
