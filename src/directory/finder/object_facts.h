// SPDX-License-Identifier: EUPL-1.2
// What the index takes from an object, the same whether everything is read or one change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "directory/catalogue/service.h"
#include "directory/finder/id_table.h"
#include "directory/finder/places.h"
#include "directory/objects/body_scan.h"
#include "directory/organisation/unit.h"
#include "directory/responsibility/responsibility.h"

namespace verbund::directory::finder {

// Whether it counts now and when that may change.
struct Standing {
  bool valid = true;
  std::optional<Instant> turn;
};
Standing standing(const std::vector<Period>& validity, Instant now);

struct ServiceFacts {
  Standing standing;
  std::string key, title, folded_title, summary, sort_key;   // summary: at most 200 characters of plain text
  std::vector<std::uint64_t> keys;                           // 14 digits
  std::vector<std::pair<std::string, std::string>> life_events;   // slug, name as spelled; each slug once
};
ServiceFacts facts_of(const Service& service, Instant now);
std::vector<std::pair<std::string, std::string>> life_events_of(const Service& service);   // as above

struct OnlineFacts {
  Standing standing;                      // not valid without an address: there is nothing to open
  std::string title, url, purpose, sort_key;
};
OnlineFacts facts_of(const OnlineService& online, Instant now);

// The area as it is now (successors followed), by code; remembered.
class CurrentAreas {
 public:
  explicit CurrentAreas(const Places& places) : places_(places) {}
  std::uint64_t of(std::string_view digits);   // in their shortest form

 private:
  const Places& places_;
  std::unordered_map<std::uint64_t, std::uint64_t> known_;
};

// Reads bodies of responsibilities and units, quickly where they are plain. Views live until the next call.
class LinkReader {
 public:
  struct Responsibility {
    Standing standing;
    ObjectKind holder_kind = ObjectKind::unit;
    IdView holder, service;
    std::string_view role;                // "01" if the body has none; "" for online services
    std::vector<std::uint64_t> areas;     // codes, Germany if the body has none
  };
  struct Unit {
    Standing standing;
    std::string_view name;
  };
  LinkReader(const Places& places, Instant now) : areas_(places), now_(now) {}
  // Throws store::Failure for a body that does not read: our own defect.
  const Responsibility& responsibility(std::string_view body);
  const Unit& unit(std::string_view body);
  CurrentAreas& areas() { return areas_; }

 private:
  bool stand(std::string_view validity, Standing& out);

  CurrentAreas areas_;
  Instant now_;
  ResponsibilityScan scan_;
  directory::Responsibility general_;
  OrganisationalUnit general_unit_;
  std::vector<Period> periods_;
  std::string last_validity_;
  Standing last_standing_;
  Responsibility out_;
  Unit unit_;
};

}  // namespace verbund::directory::finder
