// SPDX-License-Identifier: EUPL-1.2
#include "simulation/held_store.h"

#include "simulation/faults.h"

namespace verbund::simulation {
namespace {

using network::Entry;

class HeldWriting : public network::Sink::Writing {
 public:
  HeldWriting(store::Connection& connection, std::string origin) : connection_(connection), origin_(std::move(origin)) {}

  Result<void> put(const Entry& entry, std::string_view body) override {
    crash_point();
    auto row = connection_.prepare("SELECT origin FROM held WHERE agency = $1 AND local = $2");
    if (row.bind(1, entry.agency).bind(2, entry.local).step() && row.text(0) != origin_) {
      return fail(ErrorCode::conflict, "two speak for " + entry.local);
    }
    connection_.prepare("INSERT INTO held(origin, agency, local, body, stock) VALUES ($1, $2, $3, $4, $5)"
                        " ON CONFLICT (agency, local) DO UPDATE SET body = excluded.body, stock = excluded.stock")
        .bind(1, origin_).bind(2, entry.agency).bind(3, entry.local).bind(4, body).bind(5, stock()).run();
    return {};
  }
  void withdraw(const Entry& entry) override {
    crash_point();
    connection_.prepare("DELETE FROM held WHERE origin = $1 AND agency = $2 AND local = $3")
        .bind(1, origin_).bind(2, entry.agency).bind(3, entry.local).run();
  }
  void begin_stock() override {
    crash_point();
    connection_.prepare("INSERT INTO stock(origin, n) VALUES ($1, 1)"
                        " ON CONFLICT (origin) DO UPDATE SET n = stock.n + 1").bind(1, origin_).run();
  }
  void end_stock() override {
    crash_point();
    connection_.prepare("DELETE FROM held WHERE origin = $1 AND stock < $2").bind(1, origin_).bind(2, stock()).run();
  }

 private:
  std::int64_t stock() {
    auto row = connection_.prepare("SELECT n FROM stock WHERE origin = $1");
    return row.bind(1, origin_).step() ? row.number(0) : 0;
  }
  store::Connection& connection_;
  std::string origin_;
};

}  // namespace

std::vector<store::Migration> held_migrations() {
  return {{"held", 1,
           "CREATE TABLE held(origin TEXT NOT NULL, agency TEXT NOT NULL, local TEXT NOT NULL, body TEXT NOT NULL,"
           " stock BIGINT NOT NULL, PRIMARY KEY (agency, local));"
           "CREATE TABLE stock(origin TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)"}};
}

std::vector<Held> all_held(store::Connection& connection) {
  std::vector<Held> out;
  auto row = connection.prepare("SELECT origin, agency, local, body FROM held ORDER BY agency, local");
  while (row.step()) {
    out.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                   std::string(row.text(3))});
  }
  return out;
}

Result<std::vector<network::Claim>> HeldSink::claims(const Entry&, std::string_view body) {
  const std::size_t space = body.find(' ');
  if (space == std::string_view::npos) return fail(ErrorCode::invalid, "not a body");
  return std::vector<network::Claim>{{std::string(body.substr(0, space)), "municipality"}};
}

std::optional<std::string> HeldSink::held(store::Connection& connection, const Entry& entry) {
  auto row = connection.prepare("SELECT body FROM held WHERE agency = $1 AND local = $2");
  if (!row.bind(1, entry.agency).bind(2, entry.local).step()) return std::nullopt;
  std::string body(row.text(0));
  if (!entry.digest || crypto::sha256({body}) != *entry.digest) return std::nullopt;
  return body;
}

std::unique_ptr<network::Sink::Writing> HeldSink::writing(store::Connection& connection, const std::string& origin,
                                                          Instant) {
  return std::make_unique<HeldWriting>(connection, origin);
}

}  // namespace verbund::simulation
