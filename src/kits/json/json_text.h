// SPDX-License-Identifier: EUPL-1.2
// Pieces of canonical JSON (RFC 8785), for writers that need no tree of values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace verbund {

// With its quotes. Requires: UTF-8.
void append_json(std::string& out, std::string_view text);
void append_json(std::string& out, double value);   // infinity and NaN as null
void append_json(std::string& out, std::int64_t value);

}  // namespace verbund
