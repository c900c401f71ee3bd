// SPDX-License-Identifier: EUPL-1.2
#include "base/result.h"

namespace verbund {

std::string Error::text() const {
  std::string out = where.empty() ? message : where + ": " + message;
  if (!hint.empty()) out += " (" + hint + ")";
  return out;
}

}  // namespace verbund
