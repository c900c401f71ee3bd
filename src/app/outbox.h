// SPDX-License-Identifier: EUPL-1.2
// What this node itself says in the directory's change feed, as the outbox of the network: two floors that do not know each other meet here.
#pragma once

#include "kits/store/store.h"
#include "network/log/entry.h"

namespace verbund::app {

class DirectoryOutbox : public network::Outbox {
 public:
  // Requires: `database` lives as long.
  explicit DirectoryOutbox(store::Database& database) : database_(database) {}
  std::int64_t read(std::int64_t after, std::size_t most, const std::function<void(network::Entry)>& each) override;
  std::int64_t last() override;
  void bodies(std::span<const network::Entry> entries,
              const std::function<bool(std::optional<std::string>)>& each) override;

 private:
  store::Database& database_;
};

}  // namespace verbund::app
