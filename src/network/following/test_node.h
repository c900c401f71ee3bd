// SPDX-License-Identifier: EUPL-1.2
// For tests: a node that follows, with a table for what it hears.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "network/following/follower.h"
#include "network/following/test_publisher.h"

namespace verbund::network {

using store::testing::Folder;
using State = std::map<std::string, std::string>;   // local -> body

// Keeps what it hears in a table. Bodies that begin with "no " are refused.
class TestSink : public Sink {
 public:
  static std::vector<store::Migration> migrations() {
    return {{"held", 1,
             "CREATE TABLE held(origin TEXT NOT NULL, local TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL,"
             " stock BIGINT NOT NULL); CREATE TABLE stock(origin TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)"}};
  }
  class Held : public Writing {
   public:
    Held(store::Connection& connection, std::string origin) : connection_(connection), origin_(std::move(origin)) {}
    Result<void> put(const Entry& entry, std::string_view body) override {
      auto row = connection_.prepare("SELECT origin FROM held WHERE local = $1");
      if (row.bind(1, entry.local).step() && row.text(0) != origin_) {
        return fail(ErrorCode::conflict, "two speak for " + entry.local);
      }
      connection_.prepare("INSERT INTO held(origin, local, body, stock) VALUES ($1, $2, $3, $4) ON CONFLICT (local)"
                          " DO UPDATE SET body = excluded.body, stock = excluded.stock")
          .bind(1, origin_).bind(2, entry.local).bind(3, body).bind(4, stock()).run();
      return {};
    }
    void withdraw(const Entry& entry) override {
      auto row = connection_.prepare("DELETE FROM held WHERE origin = $1 AND local = $2");
      row.bind(1, origin_).bind(2, entry.local).run();
    }
    void begin_stock() override {
      connection_.prepare("INSERT INTO stock(origin, n) VALUES ($1, 1)"
                          " ON CONFLICT (origin) DO UPDATE SET n = stock.n + 1").bind(1, origin_).run();
    }
    void end_stock() override {
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
  Result<std::vector<Claim>> claims(const Entry&, std::string_view body) override {
    if (body.starts_with("no ")) return fail(ErrorCode::invalid, "not a body");
    return std::vector<Claim>{{std::string(body.substr(0, body.find(' '))), "municipality"}};
  }
  std::optional<std::string> held(store::Connection& connection, const Entry& entry) override {
    auto row = connection.prepare("SELECT body FROM held WHERE local = $1");
    if (!row.bind(1, entry.local).step()) return std::nullopt;
    std::string body(row.text(0));
    if (crypto::sha256({body}) != *entry.digest) return std::nullopt;
    return body;
  }
  std::unique_ptr<Writing> writing(store::Connection& connection, const std::string& origin, Instant) override {
    return std::make_unique<Held>(connection, origin);
  }
};

// What the sink has kept.
inline State held(store::Database& database) {
  State out;
  database.read([&](store::Connection& connection) {
    auto rows = connection.prepare("SELECT local, body FROM held");
    while (rows.step()) out.emplace(rows.text(0), rows.text(1));
  });
  return out;
}

// A node that follows.
struct Node {
  Folder folder;
  std::unique_ptr<store::Database> database;
  TestSink sink;
  Trust trust;
  Rules rules;
  Follower::Options options;
  std::unique_ptr<Follower> follower;

  explicit Node(const Publisher& publisher) : trust{publisher.key.verifier(), {}, 0} {
    auto migrations = following_migrations();
    for (auto& step : TestSink::migrations()) migrations.push_back(std::move(step));
    database = store::Database::open({.path = folder.store("node.sqlite")}, migrations).value();
    rules.terms = "1";
    rules.refusal = [](const Entry& entry, const std::vector<Claim>& claims) -> std::optional<std::string> {
      if (entry.agency != "stadt") return "agency";
      if (!claims.empty() && claims[0].area == "fremd") return "area";
      return std::nullopt;
    };
    open();
  }
  void open() {
    follower.reset();
    auto opened = Follower::open(folder.file("heard"), *database, sink, trust, rules, options);
    ASSERT_TRUE(opened) << opened.error().message;
    follower = std::move(*opened);
  }
  void change(const std::string& terms) {
    rules.terms = terms;
    follower->change(trust, rules);
  }
  Trouble sync(Publisher& publisher, LogSource& source, Instant now = test_time) {
    for (int i = 0; i < 1'000; ++i) {
      const auto more = follower->step(source, publisher.note(), now);
      if (!more) return more.error().what;
      if (!*more) return follower->state().trouble;
    }
    return Trouble::missing;
  }
  Trouble sync(Publisher& publisher, Instant now = test_time) {
    Way way(publisher.log);
    return sync(publisher, way, now);
  }
  State state() { return held(*database); }
  std::vector<RefusedEntry> refused() {
    std::vector<RefusedEntry> out;
    database->read([&](store::Connection& connection) { out = FollowedStore(connection).refused(2'000); });
    return out;
  }
  std::int64_t missing() {
    std::int64_t out = 0;
    database->read([&](store::Connection& connection) {
      out = FollowedStore(connection).missing_count(follower->state().number);
    });
    return out;
  }
};

inline State said(Publisher& publisher, int objects) {
  State out;
  for (int i = 0; i < objects; ++i) {
    const std::string local = "s" + std::to_string(i);
    const std::string text = publisher.outbox.now(local);
    if (!text.empty()) out[local] = text;
  }
  return out;
}

}  // namespace verbund::network
