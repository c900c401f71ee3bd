// SPDX-License-Identifier: EUPL-1.2
// Rows of the postal code list of suche-postleitzahl.org.
#pragma once

#include <functional>
#include <istream>
#include <string>
#include <string_view>

#include "base/result.h"

namespace verbund::directory {

struct PostalCodeRow {
  std::string ags;          // 8 digits
  std::string place;
  std::string postal_code;  // 5 digits
  std::size_t line = 0;
};

// Reads all rows. The header names the columns, which may stand in any order; ags, ort and plz are needed.
// Errors: invalid (no such header, a row with another number of fields, no digits, not UTF-8), too_large.
Result<void> read_postal_code_rows(std::istream& in, std::string_view name,
                                   const std::function<Result<void>(PostalCodeRow row)>& each);

}  // namespace verbund::directory
