// SPDX-License-Identifier: EUPL-1.2
// What a simulated node has heard: one table instead of a directory. Bodies read "AREA words".
#pragma once

#include <functional>

#include "network/following/sink.h"

namespace verbund::simulation {

std::vector<store::Migration> held_migrations();

struct Held {
  std::string origin, agency, local, body;
};
std::vector<Held> all_held(store::Connection& connection);

class HeldSink : public network::Sink {
 public:
  Result<std::vector<network::Claim>> claims(const network::Entry& entry, std::string_view body) override;
  std::optional<std::string> held(store::Connection& connection, const network::Entry& entry) override;
  std::unique_ptr<Writing> writing(store::Connection& connection, const std::string& origin, Instant now) override;
};

}  // namespace verbund::simulation
