// SPDX-License-Identifier: EUPL-1.2
// Opens the store of an imported node as the program does: all of its migrations.
#pragma once

#include <memory>
#include <string>

#include "app/node.h"
#include "kits/store/store.h"

namespace verbund::bench {

// Errors: those of Database::open.
inline Result<std::unique_ptr<store::Database>> open_node(const std::string& folder) {
  return store::Database::open({.path = folder + "/node.sqlite"}, app::node_migrations());
}

}  // namespace verbund::bench
