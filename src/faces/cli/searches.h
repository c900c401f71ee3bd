// SPDX-License-Identifier: EUPL-1.2
// `verbund check --searches`: what was searched in vain, for editors.
#pragma once

#include "faces/cli/cli.h"

namespace verbund::cli {

// Options: days, json, file. Errors: usage (--days), unavailable (--file cannot be written).
Result<void> check_searches(const Surroundings& surroundings, store::Database& database, const command::Arguments& arguments);

}  // namespace verbund::cli
