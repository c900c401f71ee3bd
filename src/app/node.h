// SPDX-License-Identifier: EUPL-1.2
// A node: one authority's data folder with everything that hangs on it. A value that the composition builds, never a
// global; one process can carry several.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "kits/command/command.h"
#include "kits/settings/settings.h"
#include "kits/store/store.h"

namespace verbund::app {

// How much of the machine a node may take: one of several takes less.
struct NodeShare {
  std::chrono::milliseconds look_every{5};     // how soon a change, by this process or another, is noticed
  std::size_t page_bytes = 12u << 20;          // pages kept made
  std::size_t compressed_bytes = 16u << 20;    // compressed answers
  std::size_t clients = 32'768;                // told apart for the limit of the interfaces
  std::size_t followers = 32;                  // threads that follow the logs of others
  int readers = 4;                             // SQLite: read connections, and their page caches
  std::int64_t cache_kib = 8 * 1024;
  std::int64_t writer_cache_kib = 64 * 1024;
  std::shared_ptr<store::Connections> connections;   // PostgreSQL: with other nodes; null: its own
};

// Every setting there is; `verbund settings` prints them as a file.
std::vector<settings::Definition> setting_definitions();

// The file of settings that load_settings reads: --config FILE, or verbund.toml in the folder --data (not that of a
// tenant); "": there is none.
std::string settings_file(const command::Arguments& arguments);

// Where the store of the node is, for what opens it without its geography. Errors: those of the settings.
Result<std::string> store_location(const command::Arguments& arguments);

// The settings in `folder` name no other store than the file in it any more: a line that did is made a comment. True:
// there was one. Errors: unavailable.
Result<bool> use_own_file(const std::string& folder);

// Settings from --config FILE (or verbund.toml in the data folder if it is there), the environment and flags; of the
// tenant that --tenant names.
Result<settings::Settings> load_settings(const command::Arguments& arguments);

// The schema of a node's store: of every room that has tables.
std::vector<store::Migration> node_migrations();

// Where the store of a node is: the setting `store` with {node} filled in, else `folder`/node.sqlite.
std::string store_place(const std::string& folder, const settings::Settings& settings);

// The store of a node, created with all tables and the areas of Germany if it is not there. Without settings: in its
// folder. Errors: unavailable, conflict (written by a newer program).
Result<std::unique_ptr<store::Database>> open_store(const std::string& folder, const settings::Settings& settings,
                                                    const Clock& clock, const NodeShare& share = {});
Result<std::unique_ptr<store::Database>> open_store(const std::string& folder, const Clock& clock);
Result<std::unique_ptr<store::Database>> open_store_at(const std::string& location, const Clock& clock);

// Notes the operator that the settings name, as `verbund node join` does. Errors: usage (one of both settings missing,
// no key).
Result<void> enter_home(const settings::Settings& settings, store::Database& database);

// Where a node keeps what is derived from its store and can be deleted at any time.
std::string index_folder(const std::string& data_folder);

// --data, else "verbund-data"; with --tenant that tenant's folder in it.
std::string data_folder(const command::Arguments& arguments);

// What the log of a new node is called: network.name, else the public address without its scheme, else a random name.
std::string log_name(const settings::Settings& settings);

}  // namespace verbund::app
