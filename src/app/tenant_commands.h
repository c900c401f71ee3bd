// SPDX-License-Identifier: EUPL-1.2
// `verbund tenant list|add|remove`: the tenants of an installation, in its file of settings.
#pragma once

#include <cstdio>

#include "base/clock.h"
#include "kits/command/command.h"

namespace verbund::app {

void add_tenant_commands(command::Program& program, const Clock& clock, std::FILE* out, std::FILE* err);

}  // namespace verbund::app
