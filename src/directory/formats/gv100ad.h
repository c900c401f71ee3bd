// SPDX-License-Identifier: EUPL-1.2
// Destatis GV100AD, records of 220 characters. Record kinds: 10 state, 20 administrative region, 30 planning region of
// Baden-Württemberg, 40 district, 50 association, 60 municipality.
// Source: Destatis, "Datensatzbeschreibung GV100AD".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/geography/area.h"

namespace verbund::directory {

struct GvRecord {
  AreaLevel level;
  std::string day;           // "2023-11-30"
  std::string digits;        // regional key: 2, 3, 5, 9 or 12 digits
  std::string name, seat;  
  std::string kind_code;     // Textkennzeichen, may be empty
  std::int64_t hectares = 0, population = 0;
  std::string postal_code;   // of the town hall
};

// One record without its line end. Nothing for kind 30: planning regions are no part of the regional key.
// Errors: invalid.
Result<std::optional<GvRecord>> parse_gv_record(std::string_view utf8);

// Every ISO-8859-1 byte as UTF-8.
std::string latin1_to_utf8(std::string_view latin1);

// Gathers records and makes areas of them.
//  - Records whose keys have the same shortest form are one territory and one area (see AreaKey, AreaLevel).
//  - An association of kind 50 ("verbandsfreie Gemeinde") with one municipality is that municipality and no area.
//  - The short name is the name up to its first comma; population and hectares are known of municipalities only.
class GvAreas {
 public:
  // Errors: invalid (key twice, another day than the first).
  Result<void> add(const GvRecord& record);
  // Errors: invalid (no municipality, a municipality without its state, a district or association without any
  // municipality: the file is cut).
  Result<std::vector<Area>> finish();
  const std::string& day() const { return day_; }
  std::size_t records() const { return records_.size(); }

 private:
  std::vector<GvRecord> records_;
  std::string day_;
};

}  // namespace verbund::directory
