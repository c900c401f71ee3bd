// SPDX-License-Identifier: EUPL-1.2
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace verbund {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "verbund: internal error at %s:%d: %s does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace verbund
