// SPDX-License-Identifier: EUPL-1.2
// The rule of the house as a function: which file may include which.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace verbund::app {

// One line for each #include in `source` (of the file `path`, relative to src/) that points upwards, sideways between
// floors, or at a third-party header outside the one room that wraps it. Source: ARCHITECTURE.md.
std::vector<std::string> include_violations(std::string_view path, std::string_view source);

}  // namespace verbund::app
