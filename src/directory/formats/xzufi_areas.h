// SPDX-License-Identifier: EUPL-1.2
// Areas and postal codes beside an XZuFi export (XZuFi has no message for them): area.ndjson, whose first line is
// {"list_day":"2023-11-30"}, and postal_code.ndjson; one canonical JSON document per line. Internal to formats.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "directory/formats/import.h"
#include "kits/store/store.h"

namespace verbund::directory::xzufi {

inline constexpr std::string_view area_file = "area.ndjson";
inline constexpr std::string_view postal_code_file = "postal_code.ndjson";

// The lines of each file, with their line feed, in order. Nothing at all where the node has no areas.
void each_area_line(store::Connection& connection, const std::function<void(std::string_view line)>& each);
void each_postal_code_line(store::Connection& connection, const std::function<void(std::string_view line)>& each);

// Takes the files of `folder`, if it has them. A node that never had an object takes the areas exactly as they are,
// whatever list it had (see restore_areas); one with objects and other areas keeps its own and gets a warning. Errors: invalid (a line that does not read), too_large, unavailable.
Result<void> import_areas(const std::string& folder, ImportSink& sink);

}  // namespace verbund::directory::xzufi
