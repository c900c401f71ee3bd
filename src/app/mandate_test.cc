// SPDX-License-Identifier: EUPL-1.2
// Two floors that do not know each other write regional keys the same way.
#include <gtest/gtest.h>

#include <random>

#include "app/demo/demo.h"
#include "app/said_mandate.h"
#include "directory/formats/testing/test_node.h"
#include "directory/objects/object_store.h"

namespace verbund::app {
namespace {

TEST(Mandate, TakesExactlyTheKeysThatTheDirectoryWrites) {   // docs/protocols/network.md, clause 8.2
  network::Member member;
  member.name = "stadt.example/network/log";
  member.title = "Stadt";
  member.key = tlog::SignerKey{member.name, tlog::KeyType::note, {}}.verifier().to_text();
  member.mandate = {{"stadt"}, {}, {""}, {"municipality"}};
  std::mt19937 chance(8);
  int taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string digits;
    for (auto length = chance() % 14; length > 0; --length) digits += chance() % 3 == 0 ? '1' : '0';
    const auto key = directory::AreaKey::parse(digits);
    const bool shortest = key && key->digits() == digits;
    member.mandate.areas = {digits};
    ASSERT_EQ(member.check().has_value(), shortest) << digits;
    taken += shortest;
  }
  EXPECT_GT(taken, 1000);
}

TEST(Mandate, IsAskedForAsTheNodeSpeaksAlready) {
  directory::testing::TestNode node;
  ASSERT_TRUE(load_geography(node.database(), node.clock()));
  network::Mandate empty;
  node.database().read([&](store::Connection& connection) { empty = said_mandate(connection); });
  EXPECT_EQ(empty, network::Mandate());
  const auto put = [&](const char* local, std::vector<const char*> areas, const char* agency = "L100001",
                       std::string_view origin = {}) {
    directory::Responsibility one;
    one.id = {agency, local};
    one.holder = {"L100001", "unit"};
    one.service = {"L100001", "service"};
    for (const char* area : areas) one.areas.push_back(directory::AreaKey::parse(area).value());
    ASSERT_TRUE(node.database().write([&](store::Connection& connection) -> Result<void> {
      directory::ObjectStore(connection).put(one, origin.empty() ? "test" : "heard", node.clock().now(), origin);
      return {};
    }));
  };
  put("0", {"11"}, "L200000", "berlin.example/network/log");   // heard of another: not for us to say
  put("1", {"01060", "010600063063"});   // a district and a town in it
  put("2", {"010600063063", "02"});      // Hamburg is state and municipality
  network::Mandate said;
  node.database().read([&](store::Connection& connection) { said = said_mandate(connection); });
  EXPECT_EQ(said, (network::Mandate{{"L100001"}, {}, {"01060", "02"}, {"district", "municipality", "state"}}));
  put("3", {});
  node.database().read([&](store::Connection& connection) { said = said_mandate(connection); });
  EXPECT_EQ(said.areas, std::vector<std::string>{""});
  EXPECT_EQ(said.levels, (std::vector<std::string>{"district", "federation", "municipality", "state"}));
}

TEST(Mandate, KnowsTheLevelsOfTheDirectory) {
  using enum directory::AreaLevel;
  network::Mandate mandate{{"a"}, {}, {""}, {}};
  for (const auto level : {federation, state, region, district, association, municipality}) {
    mandate.levels.emplace_back(directory::name(level));
  }
  network::Member member;
  member.name = "stadt.example/network/log";
  member.title = "Stadt";
  member.key = tlog::SignerKey{member.name, tlog::KeyType::note, {}}.verifier().to_text();
  member.mandate = mandate;
  EXPECT_TRUE(member.check());
}

}  // namespace
}  // namespace verbund::app
