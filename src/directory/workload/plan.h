// SPDX-License-Identifier: EUPL-1.2
// Which services there are, who publishes them and who is responsible for them where.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "directory/workload/concept.h"
#include "directory/workload/country.h"

namespace verbund::directory::workload {

struct PlannedService {
  std::uint32_t concept_number = 0;
  std::uint32_t publisher = 0;            // area: Germany, a state or a city
  Level level = Level::municipality;      // who does it
  bool valid_there = false;               // says itself that it is valid in the publisher's area
  std::uint64_t hash = 0;
  ObjectId id;
  std::vector<Phrase> phrases;
};

// Roles "01", "03"; online services.
inline constexpr std::uint8_t role_competent = 0, role_contact = 1, role_online = 2;

// A responsibility as one object.
struct Link {
  std::uint32_t holder;                   // unit, or number of an online service
  std::uint8_t role;
  std::vector<std::uint32_t> areas;       // ascending
};

class Plan {
 public:
  Plan(const Words& words, const Country& country, std::uint64_t seed, double scale);

  const Concepts& concepts() const { return concepts_; }
  const std::vector<PlannedService>& services() const { return services_; }   // by id
  Atoms& atoms() const { return atoms_; }
  const Object& object(const PlannedService& service) const {
    return concepts_.objects[concepts_.all[service.concept_number].object];
  }
  const Act& act(const PlannedService& service) const {
    return words_.acts[concepts_.all[service.concept_number].act];
  }
  const Qualifier* qualifier(const PlannedService& service) const {
    const std::uint32_t number = concepts_.all[service.concept_number].qualifier;
    return number == none ? nullptr : &words_.qualifiers[number];
  }

  // Online services of a service: how many, and where each applies. Numbers run through all services.
  std::uint32_t online_of(std::uint32_t service) const { return online_begin_[service + 1] - online_begin_[service]; }
  std::uint32_t first_online(std::uint32_t service) const { return online_begin_[service]; }
  std::uint32_t online_count() const { return online_begin_.back(); }

  // The links of a service, by area, role and holder; the same for every call.
  std::vector<Link> links(std::uint32_t service) const;

 private:
  void add_service(std::uint32_t concept_number, std::uint32_t publisher);
  void choose_services(std::uint64_t seed, double scale);
  void link_units(const PlannedService& service, std::vector<Link>& out) const;

  const Words& words_;
  const Country& country_;
  std::uint64_t seed_;
  Concepts concepts_;
  std::vector<PlannedService> services_;
  std::vector<std::uint32_t> online_begin_;
  mutable Atoms atoms_;
};

// Who does what where, for questions: all entries of the plan in 8 bytes each.
class Coverage {
 public:
  explicit Coverage(const Country& country) : country_(country) {}
  // Takes the links of the next service.
  void add(std::span<const Link> links, bool valid_there, std::uint32_t publisher);
  // Somebody is responsible at the place or above it, or the text is valid there.
  bool offered(std::uint32_t service, std::uint32_t place) const;
  // Units of the smallest matching area for a role, ascending.
  std::vector<std::uint32_t> units(std::uint32_t service, std::uint32_t place, std::uint8_t role) const;
  std::size_t entries() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint32_t holder;
    std::uint16_t area;
    std::uint8_t role;
  };
  std::span<const Entry> of(std::uint32_t service, std::uint32_t area) const;

  const Country& country_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> begin_{0};
  std::vector<std::uint32_t> valid_area_;        // none: no area said
};

}  // namespace verbund::directory::workload
