// SPDX-License-Identifier: EUPL-1.2
// Small words about bytes and UTF-8 text that every floor needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verbund {

// True if `text` is well-formed UTF-8 (Unicode 15, table 3-7) without U+0000.
bool is_utf8(std::string_view text);

// Without ASCII white space at both ends.
std::string_view trim(std::string_view text);

// Parts between separators, empty parts kept; "" gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

// A whole decimal number without sign, spaces or overflow, or nothing.
std::optional<std::int64_t> parse_number(std::string_view digits);

// True if every byte is '0'..'9' and there is at least one.
bool is_digits(std::string_view text);

// At most `bytes` bytes, cut before a UTF-8 sequence that would not fit whole.
std::string_view cut_utf8(std::string_view text, std::size_t bytes);

// ASCII letters only; other bytes unchanged.
std::string to_lower_ascii(std::string_view text);

// Compares without telling by its duration where two secrets differ (their length is not secret).
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace verbund
