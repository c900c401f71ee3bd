// SPDX-License-Identifier: EUPL-1.2
// Opens the store of an imported node as the program does: all of its migrations.
#pragma once

#include <memory>
#include <string>

#include "directory/learning/search_count_store.h"
#include "directory/objects/object_store.h"
#include "kits/store/store.h"
#include "network/following/followed_store.h"

namespace verbund::bench {

// Errors: those of Database::open.
inline Result<std::unique_ptr<store::Database>> open_node(const std::string& folder) {
  auto migrations = directory::directory_migrations();
  for (auto& step : directory::learning_migrations()) migrations.push_back(std::move(step));
  for (auto& step : network::following_migrations()) migrations.push_back(std::move(step));
  return store::Database::open({.path = folder + "/node.sqlite"}, migrations);
}

}  // namespace verbund::bench
