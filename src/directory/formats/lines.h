// SPDX-License-Identifier: EUPL-1.2
// Lines and CSV rows of a stream one by one, in memory that does not grow with the file.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::directory {

struct LineLimits {
  std::size_t line_bytes = 16 * 1024;   // of one line or one CSV row
  std::size_t lines = 200'000;          // of the whole stream
};

// Calls `each(line, number)` for each line, without its LF or CRLF; numbers from 1. A last line without LF counts.
// Errors: too_large (limits); what `each` gives. `name` stands before ":number" in errors.
Result<void> read_lines(std::istream& in, std::string_view name,
                        const std::function<Result<void>(std::string_view line, std::size_t number)>& each,
                        const LineLimits& limits = {});

// Calls `each(fields, number of the first line)` for each row. Source: RFC 4180, separator comma; a quoted field may
// hold commas, line ends and doubled quotes. Empty lines are skipped; a byte order mark at the beginning is dropped.
// Errors: invalid (quotes), too_large (limits, more than 100 fields); what `each` gives.
Result<void> read_csv(std::istream& in, std::string_view name,
                      const std::function<Result<void>(const std::vector<std::string>& fields, std::size_t line)>& each,
                      const LineLimits& limits = {});

// "name:12"
std::string at_line(std::string_view name, std::size_t line);

}  // namespace verbund::directory
