// SPDX-License-Identifier: EUPL-1.2
#include "simulation/node.h"

#include "base/check.h"
#include "kits/crypto/digest.h"
#include "kits/store/testing/engine.h"
#include "network/register/register_store.h"

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
    : number(n), folder(std::move(where)), agency("a" + std::to_string(n)), area("0" + std::to_string(1001 + n)),
      wide_area("0" + std::to_string(2001 + n)), origin("n" + std::to_string(n) + ".example/network/log"), manner(how),
      key(key_of(origin, origin)),
      witness_key(key_of("witness " + origin, "n" + std::to_string(n) + ".example/network/witness",
                         tlog::KeyType::cosignature)),
      truth(agency), other(agency) {}

void Node::crash() {
  published.clear();
  witness.reset();
  followers.clear();
  for (auto& book : books_) book.reset();
  for (auto& database : databases_) database.reset();
}

store::Database& Node::database(int side) {
  auto& database = databases_[side];
  if (!database) {
    auto migrations = network::following_migrations();
    for (auto& step : network::register_migrations()) migrations.push_back(std::move(step));
    for (auto& step : held_migrations()) migrations.push_back(std::move(step));
    const std::string file = folder + (side == 0 ? "/store/node.sqlite" : "/store/other.sqlite");
    auto opened = store::Database::open({.path = store::testing::location(file), .readers = 1}, migrations);
    VERBUND_CHECK(opened.has_value());
    database = std::move(*opened);
  }
  return *database;
}

const List& Node::list(int side) {
  List& out = lists_[side];
  database(side).read([&](store::Connection& connection) {
    const network::RegisterStore book(connection);
    if (book.version() == out.version) return;
    out.version = book.version();
    out.members = std::make_shared<const network::Membership>(book.members());
    out.policy = book.policy().value_or(network::Policy{});
  });
  return out;
}

network::RegisterOutbox& Node::book(int side) {
  if (!books_[side]) books_[side] = std::make_unique<network::RegisterOutbox>(database(side));
  return *books_[side];
}

std::vector<Held> Node::held() {
  std::vector<Held> out;
  database().read([&](store::Connection& connection) { out = all_held(connection); });
  return out;
}

}  // namespace verbund::simulation
