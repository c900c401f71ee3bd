// SPDX-License-Identifier: EUPL-1.2
// What the program brings along: the areas and postal codes of Germany, and the demonstration of Norderstedt,
// Schleswig-Holstein and the federation. All of it is embedded; no file is needed.
// Source: data/geography/README.md, data/demo/README.md.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "directory/formats/import.h"
#include "faces/cli/cli.h"
#include "kits/store/store.h"

namespace verbund::app {

// The name of the demonstration among the sources of the store.
inline constexpr std::string_view demo_source = "demo";

// The embedded areas (without slugs) and postal codes.
Result<cli::Geography> embedded_geography();

// Gives a node that has no list of areas the embedded one, and a node without postal codes the embedded ones. A node
// that has them keeps its own, however old. Repeatable without effect.
Result<void> load_geography(store::Database& database, const Clock& clock);

// The catalogue of the demonstration as the complete stock of the source "demo": what an earlier program brought along
// and this one does not is withdrawn. `file`: only this one ("norderstedt.json"). Repeatable without effect.
// Errors: not_found (no such file).
Result<directory::ImportSummary> load_demo_catalogue(store::Database& database, const Clock& clock,
                                                     std::string_view file = {});

// Both, for `verbund serve --demo`.
Result<void> load_demo(store::Database& database, const Clock& clock);

}  // namespace verbund::app
