// SPDX-License-Identifier: EUPL-1.2
// Text by letters instead of bytes.
#pragma once

#include <string>
#include <string_view>

namespace verbund::directory::workload {

// Requires: well-formed UTF-8.
std::u32string to_letters(std::string_view utf8);
std::string from_letters(std::u32string_view letters);

}  // namespace verbund::directory::workload
