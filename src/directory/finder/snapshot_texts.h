// SPDX-License-Identifier: EUPL-1.2
// The other half of a build: services and specialisations with their texts. Inside this room only.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "directory/finder/object_facts.h"
#include "directory/finder/service_index.h"
#include "directory/finder/service_text.h"
#include "directory/finder/snapshot_state.h"
#include "kits/store/store.h"

namespace verbund::directory {

class TextPass {
 public:
  // `ids`: all services of the store, ascending; a service's number is its place there.
  TextPass(const std::vector<ObjectId>& ids, const finder::Places& places, Instant now, bool terms)
      : ids_(ids), areas_(places), now_(now), valid_(ids.size()), text_(draft_, terms) {}

  void read(store::Connection& connection);
  void add_unit_names(const Snapshot::State& state);
  finder::ServiceIndex finish(std::uint32_t count) { return index_.finish(count); }

  struct ServiceFound {
    std::uint32_t number;
    finder::ServiceFacts facts;
    std::string slug;
    std::vector<std::uint64_t> areas;      // where it says itself that it is valid
  };
  struct SpecialisationFound {
    ObjectId id, service;
    finder::Standing standing;
    std::vector<std::uint64_t> areas;
  };
  std::vector<ServiceFound> services;      // by number
  std::vector<SpecialisationFound> specialisations;

 private:
  std::uint32_t number(const ObjectId& service) const;

  const std::vector<ObjectId>& ids_;
  finder::CurrentAreas areas_;
  Instant now_;
  std::vector<bool> valid_;
  std::map<std::uint32_t, std::set<std::uint64_t>> local_;   // texts of specialisations that a service has already
  finder::ServiceIndexBuilder index_;
  search::Draft draft_;
  finder::ServiceText text_;
};

// A service with more units is not told apart by their names.
inline constexpr std::size_t most_unit_names = 20;

}  // namespace verbund::directory
