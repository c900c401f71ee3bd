// SPDX-License-Identifier: EUPL-1.2
// Who does a service where. Per service one block of links (service_links.h), per area bitmaps over services. Knows
// services, holders and roles as numbers and areas as keys. A version is immutable; a copy can be changed and becomes the
// next version, sharing what did not change. All const methods are thread-safe.
//
// Rule: the responsible units of the smallest matching area per role (what a state or the federation does is inherited
// downwards), every online service and every text whose area contains the place.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "directory/finder/area_numbers.h"
#include "directory/finder/found.h"
#include "directory/finder/holder_lists.h"
#include "directory/finder/service_bits.h"
#include "directory/finder/service_links.h"
#include "directory/finder/shared_array.h"

namespace verbund::directory::finder {

class ResponsibilityIndex {
 public:
  static constexpr std::size_t most_levels = AreaNumbers::most_levels;

  // The whole of an index as flat tables: made by ResponsibilityBuilder, kept in a file, mapped again.
  struct Tables {
    flat::Array<std::uint64_t> areas;                  // codes, ascending
    flat::Array<std::uint32_t> link_begin, link_words; // services + 1; blocks
    ServiceBits::Table here, below, online;
    HolderLists::Table units, online_services;
    template <typename Each>
    void each(const Each& part) {
      part("responsibility.areas", areas);
      part("responsibility.link_begin", link_begin);
      part("responsibility.link_words", link_words);
      here.each("responsibility.here", part);
      below.each("responsibility.below", part);
      online.each("responsibility.online", part);
      units.each("responsibility.units", part);
      online_services.each("responsibility.online_services", part);
    }
  };

  ResponsibilityIndex() = default;
  // `present`: a bit per service that is there.
  ResponsibilityIndex(const Tables& tables, const std::vector<bool>& present);

  // A place, looked up once per question: its own area and those above it, as far as they have numbers.
  using Place = PlaceAreas;
  Place place(std::uint64_t code) const;
  Place place(const AreaKey& key) const { return place(area_code(key)); }
  std::uint64_t code(std::uint32_t area) const { return areas_->code(area); }

  // How well a service fits a place. This and what follows says it of services that are not there, too: who comes from
  // the texts or a list has looked at that, and when a service goes or comes back the rows of its areas stay.
  enum class Offer {
    elsewhere,   // areas are known and none touches the place
    unknown,     // nobody said where
    within,      // somewhere inside the place only
    here,
  };
  Offer offer(std::uint32_t service, const Place& place) const;
  // Length of the smallest matching area's key, -1 if none matches.
  int nearness(std::uint32_t service, const Place& place) const;
  bool has_online(std::uint32_t service, const Place& place) const { return online_.any(place_areas(place), service); }

  // The same for all services at once: bit n of words is service n; spans may be shorter than the number of services
  // (the rest is zero). Cost: one pass over at most 6 rows of services / 64 words.
  struct Scratch;
  struct Offered {
    std::span<const std::uint64_t> here, within, unknown;   // within: strictly inside; may be here too
    std::span<const std::uint64_t> online;                  // an online service applies here
  };
  // Valid until the scratch is used again; no allocation once it is warm.
  Offered offered(const Place& place, Scratch& scratch) const;

  // A unit that is responsible, with the area it is responsible for. By role, then unit number.
  struct Unit {
    std::uint32_t unit, area;
    std::uint8_t role;
  };
  // Valid until the scratch is used again; no allocation once it is warm.
  std::span<const Unit> responsible(std::uint32_t service, const Place& place, Scratch& scratch) const;

  // Online services for the place, smallest area first; of several links the nearest. Appends to `out`.
  void online(std::uint32_t service, const Place& place, std::vector<Unit>& out) const;

  struct Role {
    std::uint8_t role;
    std::uint64_t area;
    std::vector<std::uint32_t> units;           // ascending
  };
  struct Placed {
    std::uint32_t holder;
    std::uint64_t area;                         // the smallest that matches
  };
  struct Answer {
    std::vector<Role> roles;                    // in the order of roles
    std::vector<Placed> online;                 // smallest area first
    std::vector<Placed> specialisations;        // largest area first
  };
  Answer at(std::uint32_t service, const Place& place) const;

  // Services with a link to the unit, whether they are there or not; ascending.
  std::span<const std::uint32_t> services_of_unit(std::uint32_t unit) const { return units_.of(unit); }
  std::span<const std::uint32_t> services_of_online(std::uint32_t online) const { return onlines_.of(online); }
  // At how many places, and by how many, a service is offered: 0 nowhere, else 1 + its binary logarithm.
  std::uint8_t breadth(std::uint32_t service) const { return service < breadth_.size() ? breadth_[service] : 0; }
  // Units of a service, ascending; empty if there are more than `most`.
  std::vector<std::uint32_t> units_of(std::uint32_t service, std::size_t most) const;
  std::vector<Link> links(std::uint32_t service) const;
  template <typename Each>
  void each_link(std::uint32_t service, const Each& each) const { block(service).each(each); }
  bool present(std::uint32_t service) const { return ServiceBits::test(present_, service); }

  // Changing a copy. `affected`: areas of links that were added or removed, may repeat. Awake: the holder is there.
  std::uint32_t area_number(std::uint64_t code);   // with all areas above it
  template <typename Awake>
  void set_links(std::uint32_t service, std::vector<Link> links, const Awake& awake,
                 std::span<const std::uint32_t> affected) {
    replace(service, ServiceLinks::make(std::move(links), awake), affected);
  }
  void set_present(std::uint32_t service, bool present);
  void link_holder(HolderKind kind, std::uint32_t holder, std::uint32_t service);
  void unlink_holder(HolderKind kind, std::uint32_t holder, std::uint32_t service);
  void set_role_order(const std::array<std::uint8_t, 256>& order) { role_order_ = order; }
  void seal();
  std::size_t later_areas() const { return areas_->later(); }
  std::size_t own_bytes() const;                   // of what is not in the tables

 private:
  struct Block {
    const std::uint32_t* words = nullptr;
    std::shared_ptr<const std::vector<std::uint32_t>> owned;   // null: in the tables
  };
  static std::span<const std::uint32_t> place_areas(const Place& place) { return {place.areas.data(), place.count}; }
  ServiceLinks block(std::uint32_t service) const {
    return service < blocks_.size() ? ServiceLinks(blocks_[service].words) : ServiceLinks();
  }
  void replace(std::uint32_t service, std::vector<std::uint32_t> words, std::span<const std::uint32_t> affected);
  void refresh_bits(std::uint32_t service, std::uint32_t area);
  static std::uint8_t breadth_of(const ServiceLinks& links) {
    return static_cast<std::uint8_t>(std::bit_width(links.width()));
  }
  bool any_below(const ServiceLinks& links, std::uint32_t area) const;

  std::shared_ptr<const AreaNumbers> areas_ = std::make_shared<const AreaNumbers>();
  SharedArray<Block, 6> blocks_;
  std::size_t block_bytes_ = 0;                    // of blocks outside the tables
  ServiceBits here_, below_, online_;              // by area; of services that are not there as well
  std::vector<std::uint64_t> unknown_, present_;   // services without any area; services that are there
  std::vector<std::uint8_t> breadth_;              // by service: every search asks for that of all hits that are near
  HolderLists units_, onlines_;
  std::array<std::uint8_t, 256> role_order_{};     // place of a role among the roles
  std::vector<std::shared_ptr<const void>> keep_;  // memory of the tables
};

// Memory of one asking thread.
struct ResponsibilityIndex::Scratch {
  std::vector<Unit> units;
  std::vector<std::uint64_t> here, online;
};

// Collects links and makes the tables. Services and holders are numbers below the given counts.
class ResponsibilityBuilder {
 public:
  struct Entry {
    std::uint32_t service;
    std::uint64_t area;            // area_code
    std::uint32_t holder = 0;
    HolderKind kind = HolderKind::text;
    std::uint8_t role = 0;
  };
  // One link at a time, areas by number of `areas`. `links` gives those of a service.
  static ResponsibilityIndex::Tables make(
      std::vector<std::uint64_t> areas, std::uint32_t services, std::uint32_t units, std::uint32_t online_services,
      const std::function<void(std::uint32_t service, std::vector<Link>&)>& links,
      const std::function<bool(const Link&)>& awake);
  // All at once, for tests: everything is there. The same entry twice counts once.
  static ResponsibilityIndex make(std::uint32_t services, std::uint32_t units, const std::vector<Entry>& entries);
};

}  // namespace verbund::directory::finder
