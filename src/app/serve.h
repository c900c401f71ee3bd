// SPDX-License-Identifier: EUPL-1.2
// `verbund serve`: the portal, the API, health and metrics on one port, until SIGINT or SIGTERM.
#pragma once

#include <cstdio>

#include "base/clock.h"
#include "kits/command/command.h"

namespace verbund::app {

command::Command serve_command(const Clock& clock, std::FILE* out, std::FILE* err);

}  // namespace verbund::app
