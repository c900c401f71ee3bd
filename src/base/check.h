// SPDX-License-Identifier: EUPL-1.2
// Checks on our own logic. Always on, never on foreign data: a failed check is a defect and ends the program.
#pragma once

namespace verbund {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace verbund

#define VERBUND_CHECK(condition) \
  do {                           \
    if (!(condition)) ::verbund::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
