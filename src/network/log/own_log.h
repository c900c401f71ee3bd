// SPDX-License-Identifier: EUPL-1.2
// The log of this node: folder `network/log` of its data folder, with the key beside it. Everything in the folder but
// `lock` may be handed out.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "kits/tlog/checkpoint.h"
#include "network/log/entry.h"
#include "network/log/log_source.h"

namespace verbund::network {

std::string log_folder(const std::string& data_folder);   // DATA/network/log
std::string key_file(const std::string& data_folder);     // DATA/network/log.key

// Reads the key of the node, or makes one called `name` where there is none (file mode 0600). An existing key keeps its
// name. Errors: conflict (others may read the file), invalid (damaged, or `name` is no key name), unavailable.
Result<tlog::SignerKey> load_or_create_key(const std::string& data_folder, const std::string& name);
// Errors: not_found (no key yet), and as above.
Result<tlog::SignerKey> load_key(const std::string& data_folder);

// What is published, with the bodies of the outbox. Gives nothing beyond the published checkpoint, even if a file is
// there already. Thread-safe if the outbox is.
class OwnLog : public LogSource {
 public:
  OwnLog(const std::string& data_folder, Outbox& outbox) : folder_(log_folder(data_folder)), outbox_(outbox) {}

  Result<std::string> key() override;
  Result<std::string> checkpoint() override;
  Result<std::string> tile(const tlog::TileId& id) override;
  Result<std::string> bodies(const tlog::TileId& id, unsigned first) override;
  // The same by path: "checkpoint", "key", "tile/...", "bodies/...". Errors: not_found (also for a malformed path).
  Result<std::string> by_path(std::string_view path);
  // The published checkpoint as it stands in the file, read, not verified. Errors: not_found (nothing published yet).
  Result<tlog::Checkpoint> published();

 private:
  std::string folder_;
  Outbox& outbox_;
};

}  // namespace verbund::network
