// SPDX-License-Identifier: EUPL-1.2
// The operator's register as the outbox of the membership log.
#pragma once

#include "kits/store/store.h"
#include "network/log/entry.h"

namespace verbund::network {

class RegisterOutbox : public Outbox {
 public:
  // Requires: `database` lives as long.
  explicit RegisterOutbox(store::Database& database) : database_(database) {}
  std::int64_t read(std::int64_t after, std::size_t most, const std::function<void(Entry)>& each) override;
  std::int64_t last() override;
  void bodies(std::span<const Entry> entries, const std::function<bool(std::optional<std::string>)>& each) override;

 private:
  store::Database& database_;
};

}  // namespace verbund::network
