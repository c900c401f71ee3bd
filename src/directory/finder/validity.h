// SPDX-License-Identifier: EUPL-1.2
// When an object counts.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "directory/catalogue/parts.h"

namespace verbund::directory {

// True if there is no period or one of them contains the instant. A bare day as end counts whole (Europe/Berlin).
bool is_valid_at(const std::vector<Period>& periods, Instant now);
// The first instant after `now` at which is_valid_at may say something else; nothing if it never will.
std::optional<Instant> next_turn(const std::vector<Period>& periods, Instant now);

}  // namespace verbund::directory
