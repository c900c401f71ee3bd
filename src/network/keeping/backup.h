// SPDX-License-Identifier: EUPL-1.2
// A backup: one folder with everything a node keeps that cannot be made again, as it belongs together, taken while the
// node runs. It is written beside its place, synced, and put in place by one rename: it is there whole or not at all.
// Order: each log before the store (a store may know more than its log, never less), copies of others' logs after it (a
// copy may be further than the store has applied it, never less). docs/data.md lists what is in it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "network/keeping/manifest.h"

namespace verbund::network {

inline constexpr std::string_view store_name = "node.sqlite";
inline constexpr std::string_view settings_name = "verbund.toml";

// Hears what is being done (a German word for a person), how far that is and of how much (0: unknown). An error ends
// the work and is passed on.
using KeepingProgress = std::function<Result<void>(std::string_view what, std::uint64_t done, std::uint64_t of)>;

struct BackupSource {
  std::string data_folder;
  std::string settings_file;  // "": there is none
  std::string program;        // version
  std::string engine;         // Manifest::engine
  bool copies = true;         // with the copies of others' logs; without them they are fetched again
  // Saves the store as it is at one moment into a new SQLite file.
  std::function<Result<void>(const std::string& file, const KeepingProgress&)> save_store;
};

struct BackupReport {
  Manifest manifest;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

// Not in it: the key with which the node cosigns (who has forgotten what it signed must not sign with the same key),
// keys in a token and its PIN, what is derived (index/). Folder and files are for the owner only. Errors: conflict
// (`folder` is there; another backup is being written to it), unavailable, invalid (the log of the node is damaged),
// those of save_store and `progress`. What was left by one that was killed is removed.
Result<BackupReport> back_up(const BackupSource& source, const std::string& folder, Instant now,
                             const KeepingProgress& progress);

}  // namespace verbund::network
