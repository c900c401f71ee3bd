// SPDX-License-Identifier: EUPL-1.2
// The logs that a node publishes: what it says itself, and what it says as the operator of a network.
#pragma once

#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "kits/tlog/checkpoint.h"
#include "network/log/entry.h"
#include "network/log/log_source.h"

namespace verbund::network {

std::string log_folder(const std::string& data_folder);   // DATA/network/log
std::string key_file(const std::string& data_folder);     // DATA/network/log.key

// Where a log is kept. Everything in the folder but `lock` may be handed out.
struct LogPlace {
  LogPlace(const std::string& data_folder)  // NOLINT: a data folder is where the node's own log is
      : folder(log_folder(data_folder)), key_file(network::key_file(data_folder)) {}
  LogPlace(std::string log, std::string key) : folder(std::move(log)), key_file(std::move(key)) {}
  std::string folder;
  std::string key_file;       // the secret key
};
LogPlace members_place(const std::string& data_folder);   // DATA/network/members, DATA/network/members.key

// Reads the key of a log, or makes one called `name` where there is none (file mode 0600). An existing key keeps its
// name. Errors: conflict (others may read the file), invalid (damaged, or `name` is no key name), unavailable.
Result<tlog::SignerKey> load_or_create_key(const LogPlace& place, const std::string& name);
// Errors: not_found (no key yet), and as above.
Result<tlog::SignerKey> load_key(const LogPlace& place);

// What is published, with the bodies of the outbox. Gives nothing beyond the published checkpoint, even if a file is
// there already. Thread-safe if the outbox is.
class OwnLog : public LogSource {
 public:
  OwnLog(const LogPlace& place, Outbox& outbox) : folder_(place.folder), outbox_(outbox) {}

  Result<std::string> key() override;
  Result<std::string> checkpoint() override;
  Result<std::string> tile(const tlog::TileId& id) override;
  Result<std::string> handovers() override;
  Result<std::string> bodies(const tlog::TileId& id, unsigned first) override;
  // The same by path: "checkpoint", "key", "handover", "tile/...", "bodies/...". Errors: not_found (also for a
  // malformed path).
  Result<std::string> by_path(std::string_view path);
  // The published checkpoint as it stands in the file, read, not verified. Errors: not_found (nothing published yet).
  Result<tlog::Checkpoint> published();

 private:
  std::string folder_;
  Outbox& outbox_;
};

}  // namespace verbund::network
