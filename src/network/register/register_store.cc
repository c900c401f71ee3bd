// SPDX-License-Identifier: EUPL-1.2
#include "network/register/register_store.h"

#include "kits/crypto/digest.h"

namespace verbund::network {
namespace {

std::int64_t seconds(Instant at) { return static_cast<std::int64_t>(at.time_since_epoch().count()); }
Instant instant(std::int64_t seconds) { return Instant(std::chrono::seconds(seconds)); }

// What is stored was read before it was written: if it does not read now, the store is damaged.
template <typename T>
T stored(Result<T> value, std::string_view what) {
  if (!value) throw store::Failure("stored " + std::string(what) + " does not read: " + value.error().text());
  return std::move(*value);
}

}  // namespace

std::vector<store::Migration> register_migrations() {
  return {{"register", 1,
           "CREATE TABLE network_register("
           " kind TEXT NOT NULL,"
           " local TEXT NOT NULL,"
           " body TEXT NOT NULL,"
           " origin TEXT NOT NULL,"
           " stock BIGINT NOT NULL,"
           " PRIMARY KEY (kind, local));"
           "CREATE TABLE network_register_change("
           " sequence BIGINT NOT NULL PRIMARY KEY,"
           " kind TEXT NOT NULL,"
           " local TEXT NOT NULL,"
           " digest TEXT NOT NULL,"
           " at BIGINT NOT NULL);"
           "CREATE TABLE network_register_stock("
           " origin TEXT NOT NULL PRIMARY KEY,"
           " stock BIGINT NOT NULL,"
           " version BIGINT NOT NULL);"
           "CREATE TABLE network_request("
           " name TEXT NOT NULL,"
           " member_key TEXT NOT NULL,"
           " note TEXT NOT NULL,"
           " received_at BIGINT NOT NULL,"
           " PRIMARY KEY (name, member_key));"
           "CREATE TABLE network_home("
           " id BIGINT NOT NULL PRIMARY KEY,"
           " address TEXT NOT NULL,"
           " operator_key TEXT NOT NULL)"}};
}

std::optional<std::string> RegisterStore::body(std::string_view kind, std::string_view local) const {
  auto row = connection_.prepare("SELECT body FROM network_register WHERE kind = $1 AND local = $2");
  row.bind(1, kind).bind(2, local);
  if (!row.step()) return std::nullopt;
  return std::string(row.text(0));
}

bool RegisterStore::is_operator() const {
  auto row = connection_.prepare("SELECT count(*) FROM network_register WHERE kind = $1 AND origin = ''");
  row.bind(1, policy_kind);
  row.step();
  return row.number(0) > 0;
}

std::optional<Policy> RegisterStore::policy() const {
  const auto text = body(policy_kind, policy_local);
  if (!text) return std::nullopt;
  return stored(Policy::parse(*text), "policy");
}

std::vector<Member> RegisterStore::members() const {
  std::vector<Member> out;
  auto rows = connection_.prepare("SELECT body FROM network_register WHERE kind = $1 ORDER BY local");
  rows.bind(1, member_kind);
  while (rows.step()) out.push_back(stored(Member::parse(rows.text(0)), "member"));
  return out;
}

std::optional<Member> RegisterStore::member(std::string_view name) const {
  const auto text = body(member_kind, name);
  if (!text) return std::nullopt;
  return stored(Member::parse(*text), "member");
}

std::int64_t RegisterStore::version() const {
  auto row = connection_.prepare("SELECT COALESCE(SUM(version), 0) FROM network_register_stock");
  row.step();
  return row.number(0);
}

std::int64_t RegisterStore::stock(std::string_view origin) const {
  auto row = connection_.prepare("SELECT stock FROM network_register_stock WHERE origin = $1");
  row.bind(1, origin);
  return row.step() ? row.number(0) : 0;
}

bool RegisterStore::put(std::string_view kind, std::string_view local, std::string_view text, std::string_view origin,
                        Instant now) {
  const bool same = body(kind, local) == text;
  auto put = connection_.prepare(
      "INSERT INTO network_register(kind, local, body, origin, stock) VALUES ($1, $2, $3, $4, $5)"
      " ON CONFLICT (kind, local) DO UPDATE SET body = excluded.body, origin = excluded.origin,"
      " stock = excluded.stock");
  put.bind(1, kind).bind(2, local).bind(3, text).bind(4, origin).bind(5, stock(origin)).run();
  if (same) return false;
  auto version = connection_.prepare(
      "INSERT INTO network_register_stock(origin, stock, version) VALUES ($1, 0, 1)"
      " ON CONFLICT (origin) DO UPDATE SET version = network_register_stock.version + 1");
  version.bind(1, origin).run();
  if (!origin.empty()) return true;
  auto change = connection_.prepare(
      "INSERT INTO network_register_change(sequence, kind, local, digest, at) VALUES ($1, $2, $3, $4, $5)");
  change.bind(1, last_change() + 1).bind(2, kind).bind(3, local).bind(4, crypto::sha256_hex(text));
  change.bind(5, seconds(now)).run();
  return true;
}

bool RegisterStore::say(const Member& member, Instant now) {
  return put(member_kind, member.name, member.to_body(), "", now);
}

bool RegisterStore::say(const Policy& policy, Instant now) {
  return put(policy_kind, policy_local, policy.to_body(), "", now);
}

Result<void> RegisterStore::hear(std::string_view kind, std::string_view local, std::string_view text,
                                 std::string_view origin, Instant now) {
  auto other = connection_.prepare("SELECT origin FROM network_register WHERE origin <> $1 ORDER BY origin");
  other.bind(1, origin);
  if (other.step()) {
    const std::string who(other.text(0));
    return fail(ErrorCode::conflict, who.empty() ? "this node is the operator of a network itself"
                                                 : "members are known from " + who);
  }
  put(kind, local, text, origin, now);
  return {};
}

void RegisterStore::unhear(std::string_view kind, std::string_view local, std::string_view origin) {
  auto gone = connection_.prepare("DELETE FROM network_register WHERE kind = $1 AND local = $2 AND origin = $3");
  gone.bind(1, kind).bind(2, local).bind(3, origin).run();
  if (gone.changes() == 0) return;
  auto version = connection_.prepare("UPDATE network_register_stock SET version = version + 1 WHERE origin = $1");
  version.bind(1, origin).run();
}

void RegisterStore::begin_stock(std::string_view origin) {
  auto begin = connection_.prepare("INSERT INTO network_register_stock(origin, stock, version) VALUES ($1, 1, 1)"
                                   " ON CONFLICT (origin) DO UPDATE SET stock = network_register_stock.stock + 1");
  begin.bind(1, origin).run();
}

void RegisterStore::end_stock(std::string_view origin) {
  auto gone = connection_.prepare("DELETE FROM network_register WHERE origin = $1 AND stock < $2");
  gone.bind(1, origin).bind(2, stock(origin)).run();
  if (gone.changes() == 0) return;
  auto version = connection_.prepare("UPDATE network_register_stock SET version = version + 1 WHERE origin = $1");
  version.bind(1, origin).run();
}

void RegisterStore::each_change(std::int64_t after, std::size_t most,
                                const std::function<void(const Entry&)>& each) const {
  auto rows = connection_.prepare("SELECT sequence, kind, local, digest, at FROM network_register_change"
                                  " WHERE sequence > $1 ORDER BY sequence LIMIT $2");
  rows.bind(1, after).bind(2, static_cast<std::int64_t>(most));
  while (rows.step()) {
    Entry entry{std::string(rows.text(1)), membership_agency, std::string(rows.text(2)), rows.number(0),
                instant(rows.number(4)), crypto::digest_from_hex(rows.text(3))};
    if (!entry.digest) throw store::Failure("a change of the register has no digest");
    each(entry);
  }
}

std::int64_t RegisterStore::last_change() const {
  auto row = connection_.prepare("SELECT COALESCE(MAX(sequence), 0) FROM network_register_change");
  row.step();
  return row.number(0);
}

std::optional<Home> RegisterStore::home() const {
  auto row = connection_.prepare("SELECT address, operator_key FROM network_home WHERE id = 1");
  if (!row.step()) return std::nullopt;
  return Home{std::string(row.text(0)), std::string(row.text(1))};
}

void RegisterStore::set_home(const Home& home) {
  auto put = connection_.prepare(
      "INSERT INTO network_home(id, address, operator_key) VALUES (1, $1, $2)"
      " ON CONFLICT (id) DO UPDATE SET address = excluded.address, operator_key = excluded.operator_key");
  put.bind(1, home.address).bind(2, home.key).run();
  const auto key = tlog::VerifierKey::parse(home.key);
  auto origins = connection_.prepare("SELECT origin FROM network_register WHERE origin <> '' AND origin <> $1"
                                     " ORDER BY origin");
  origins.bind(1, key ? key->name : "");
  std::vector<std::string> others;
  while (origins.step()) {
    if (others.empty() || others.back() != origins.text(0)) others.emplace_back(origins.text(0));
  }
  for (const std::string& other : others) {
    begin_stock(other);
    end_stock(other);
  }
}

}  // namespace verbund::network
