// SPDX-License-Identifier: EUPL-1.2
// `verbund demo`: a network of three nodes in one process - a town, its state and the federation, each with a data
// folder, a log and a port of its own, following each other over HTTP - until SIGINT or SIGTERM.
#pragma once

#include <cstdio>

#include "base/clock.h"
#include "kits/command/command.h"

namespace verbund::app {

command::Command demo_command(const Clock& clock, std::FILE* out, std::FILE* err);

}  // namespace verbund::app
