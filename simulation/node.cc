// SPDX-License-Identifier: EUPL-1.2
#include "simulation/node.h"

#include "base/check.h"
#include "kits/crypto/digest.h"

namespace verbund::simulation {
namespace {

using network::Entry;

}  // namespace

tlog::SignerKey key_of(const std::string& seed, const std::string& name, tlog::KeyType type) {
  tlog::SignerKey out{name, type, {}};
  out.seed = crypto::sha256({"simulation ", seed});
  return out;
}

void Truth::say(const std::string& agency, const std::string& local, const std::string& body, Instant at) {
  Entry entry{"service", agency, local, last() + 1, at, {}};
  if (!body.empty()) entry.digest = crypto::sha256({body});
  rows_.push_back(std::move(entry));
  auto& state = agency == agency_ ? now_ : others_;
  if (body.empty()) state.erase(local);
  else state[local] = body;
  if (agency == agency_) said_.emplace(local, body);
}

std::int64_t Truth::read(std::int64_t after, std::size_t most, const std::function<void(Entry)>& each) {
  for (; most > 0 && after < last(); --most) each(rows_[static_cast<std::size_t>(after++)]);
  return after;
}

void Truth::bodies(std::span<const Entry> entries, const std::function<bool(std::optional<std::string>)>& each) {
  for (const Entry& entry : entries) {
    const auto& state = entry.agency == agency_ ? now_ : others_;
    const auto found = state.find(entry.local);
    const bool same = found != state.end() && entry.digest && crypto::sha256({found->second}) == *entry.digest;
    if (!each(same ? std::optional(found->second) : std::nullopt)) return;
  }
}

Node::Node(int n, std::string where, Manner how)
    : number(n), folder(std::move(where)), agency("a" + std::to_string(n)), area("0" + std::to_string(1000 + n)),
      origin("n" + std::to_string(n) + ".example/network/log"), manner(how),
      key(key_of(origin, origin)),
      witness_key(key_of("witness " + origin, "n" + std::to_string(n) + ".example/network/witness",
                         tlog::KeyType::cosignature)),
      truth(agency), other(agency) {}

void Node::crash() {
  for (auto& sequencer : sequencers) sequencer.reset();
  for (auto& gathering : cosigning) gathering.reset();
  witness.reset();
  followers.clear();
  database_.reset();
}

store::Database& Node::database() {
  if (!database_) {
    auto migrations = network::following_migrations();
    for (auto& step : held_migrations()) migrations.push_back(std::move(step));
    auto opened = store::Database::open({.path = folder + "/store/node.sqlite", .readers = 1}, migrations);
    VERBUND_CHECK(opened.has_value());
    database_ = std::move(*opened);
  }
  return *database_;
}

std::vector<Held> Node::held() {
  std::vector<Held> out;
  database().read([&](store::Connection& connection) { out = all_held(connection); });
  return out;
}

}  // namespace verbund::simulation
