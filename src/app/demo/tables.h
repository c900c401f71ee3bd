// SPDX-License-Identifier: EUPL-1.2
// Reads the tables that script/update-geography writes. Internal to app/demo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/geography/area.h"

namespace verbund::app {

struct AreaTable {
  std::string day;                       // "2023-11-30", from the line "# day<TAB>..."
  std::vector<directory::Area> areas;    // in the order of the table
};

// Lines of fields separated by tabs; lines that begin with # are comments.
// Errors: invalid, `where` is "name:line".
Result<AreaTable> read_area_table(std::string_view text, std::string_view name);
Result<std::vector<directory::PostalCodeEntry>> read_postal_code_table(std::string_view text, std::string_view name);

}  // namespace verbund::app
