// SPDX-License-Identifier: EUPL-1.2
#include "faces/joining/joining.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "kits/store/testing/folder.h"
#include "network/log/sequencer.h"
#include "network/register/register_outbox.h"
#include "network/register/register_store.h"

namespace verbund::joining {
namespace {

using network::RegisterStore;

constexpr const char* network_name = "land.example/network/members";

struct Operator {
  store::testing::Folder folder;
  std::unique_ptr<store::Database> database =
      store::Database::open({.path = folder.store("node.sqlite")}, network::register_migrations()).value();
  FixedClock clock{Instant(std::chrono::seconds(1'795'780'800))};
  network::RegisterOutbox outbox{*database};
  network::LogPlace place = network::members_place(folder.path());
  network::OwnLog log{place, outbox};
  http::Router router;

  Operator() { add_routes(router, *database, log, clock); }
  void begin() {
    EXPECT_TRUE(database->write([&](store::Connection& connection) -> Result<void> {
      RegisterStore(connection).say(network::Policy{"Verbund Land", 0}, clock.now());
      return {};
    }));
    const auto key = network::load_or_create_key(place, network_name).value();
    auto sequencer = network::Sequencer::open(place, key, outbox).value();
    EXPECT_TRUE(sequencer->step());
  }
  http::Response post(std::string body) {
    http::Request request;
    request.method = "POST";
    request.target = request.path = "/network/requests";
    request.body = std::move(body);
    return router.route(request);
  }
};

std::string note_of(int number, const std::string& network, Instant at) {
  const std::string name = "n" + std::to_string(number) + ".example/network/log";
  const tlog::SignerKey key{name, tlog::KeyType::note, {}};
  network::Member member;
  member.name = name;
  member.title = "Stadt";
  member.key = key.verifier().to_text();
  member.mandate = {{"a" + std::to_string(number)}, {}, {"01"}, {"state"}};
  return network::JoinRequest{member, network, at}.to_note(key);
}

TEST(Requests, AreAnsweredAsTheProtocolSays) {   // docs/protocols/network.md, clause 8.10
  Operator land;
  const std::string note = note_of(1, network_name, land.clock.now());
  EXPECT_EQ(land.post(note).status, 404);
  land.begin();
  const auto taken = land.post(note);
  EXPECT_EQ(taken.status, 202);
  EXPECT_EQ(*taken.body, "{\"new\":true,\"state\":\"waiting\"}");
  const auto again = land.post(note);
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(*again.body, "{\"new\":false,\"state\":\"waiting\"}");
  std::string forged = note;
  forged[forged.find("Stadt")] = 'T';
  EXPECT_EQ(land.post(forged).status, 400);
  for (const char* text : {"", "hello", "{}", "\n\n"}) EXPECT_EQ(land.post(text).status, 400) << text;
  EXPECT_EQ(land.post(std::string(70'000, 'x')).status, 413);
  EXPECT_EQ(land.post(note_of(1, "other.example/network/members", land.clock.now())).status, 409);
  for (int i = 2; i <= RegisterStore::most_each_minute; ++i) {
    EXPECT_EQ(land.post(note_of(i, network_name, land.clock.now())).status, 202);
  }
  const auto full = land.post(note_of(99, network_name, land.clock.now()));
  EXPECT_EQ(full.status, 503);
  const auto& headers = full.headers;
  EXPECT_TRUE(std::ranges::any_of(headers, [](const auto& header) { return header.first == "Retry-After"; }));
}

}  // namespace
}  // namespace verbund::joining
