// SPDX-License-Identifier: EUPL-1.2
// Tables area, postal_code, area_list (day of the newest list, number of changes). Owner: geography. No personal data.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/geography/area.h"
#include "kits/store/store.h"

namespace verbund::directory {

std::vector<store::Migration> area_migrations();

class AreaStore {
 public:
  explicit AreaStore(store::Connection& connection) : connection_(connection) {}

  struct Outcome { std::int64_t added = 0, changed = 0, unchanged = 0, ended = 0; };
  // Takes a complete list of areas as of `day` ("2023-11-30"): new ones begin on that day (the very first list: no
  // beginning known), missing ones end on it; one that ended gets a successor where exactly one new area of the same
  // level and state has the same name. Slugs once given stay. Repeatable without effect.
  // Errors: invalid (empty list, key twice), conflict (older than the list that is there).
  Result<Outcome> replace_all(const std::vector<Area>& areas, std::string_view day);
  // Takes a complete list of postal codes; entries of unknown areas are given back. Outcome::ended counts removed ones.
  // Errors: invalid (empty list).
  Result<Outcome> replace_postal_codes(const std::vector<PostalCodeEntry>& entries,
                                       std::vector<PostalCodeEntry>* unknown);

  std::optional<Area> area(const AreaKey& key) const;
  void each_area(const std::function<void(const Area&)>& each) const;               // by key
  void each_postal_code(const std::function<void(const PostalCodeEntry&)>& each) const;  // by code, key
  std::string list_day() const;   // of the newest list, "" if none
  // Counts the changes of areas and postal codes: two equal numbers, the same lists. 0 before the first.
  std::int64_t state() const;
  // Replaces all that is there by exactly what an export holds (no rule about days or successors).
  void restore(const std::vector<Area>& areas, const std::vector<PostalCodeEntry>& entries, std::string_view day);

 private:
  store::Connection& connection_;
};

}  // namespace verbund::directory
