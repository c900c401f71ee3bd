// SPDX-License-Identifier: EUPL-1.2
// Operator and member together: what the one says the other hears.
#include <gtest/gtest.h>

#include "network/following/test_publisher.h"
#include "network/register/member_sink.h"
#include "network/register/register_outbox.h"
#include "network/register/register_store.h"

namespace verbund::network {
namespace {

constexpr const char* land_members = "land.example/network/members";

std::unique_ptr<store::Database> open(const store::testing::Folder& folder) {
  auto migrations = register_migrations();
  for (auto& step : following_migrations()) migrations.push_back(std::move(step));
  return store::Database::open({.path = folder.store("node.sqlite")}, migrations).value();
}

Member town() {
  Member out;
  out.name = "stadt.example/network/log";
  out.title = "Stadt";
  out.key = tlog::SignerKey{out.name, tlog::KeyType::note, {}}.verifier().to_text();
  out.mandate = {{"stadt"}, {}, {"010600063063"}, {"municipality"}};
  return out;
}

struct Pair {
  store::testing::Folder folder, other_folder;
  std::unique_ptr<store::Database> land = open(folder), stadt = open(other_folder);
  LogPlace place = members_place(folder.path());
  tlog::SignerKey key = load_or_create_key(place, land_members).value();
  RegisterOutbox outbox{*land};
  OwnLog log{place, outbox};
  MemberSink sink;
  std::unique_ptr<Follower> follower =
      Follower::open(other_folder.path() + "/network/heard/members", *stadt, sink, {key.verifier(), {}, 0},
                     members_rules(), {}).value();

  template <typename T>
  void say(const T& what) {
    ASSERT_TRUE(land->write([&](store::Connection& connection) -> Result<void> {
      RegisterStore(connection).say(what, test_time);
      return {};
    }));
    publish(outbox);
  }
  void publish(Outbox& from) {
    auto sequencer = Sequencer::open(place, key, from);
    ASSERT_TRUE(sequencer) << sequencer.error().text();
    while ((*sequencer)->step().value()) {
    }
  }
  void hear() {
    Way way(log);
    while (true) {
      const auto more = follower->step(way, log.checkpoint().value(), test_time);
      ASSERT_TRUE(more) << more.error().message;
      if (!*more) return;
    }
  }
  Membership heard() {
    Membership out;
    stadt->read([&](store::Connection& connection) { out = RegisterStore(connection).membership(); });
    return out;
  }
};

TEST(MemberSink, HearsMembersAndPolicyAsTheOperatorSaysThem) {   // clause 8.13
  Pair network;
  network.say(Policy{"Verbund Land", 1});
  network.say(town());
  network.hear();
  ASSERT_NE(network.heard().find(town().name), nullptr);
  EXPECT_EQ(*network.heard().find(town().name), town());
  network.stadt->read([&](store::Connection& connection) {
    EXPECT_EQ(RegisterStore(connection).policy(), (Policy{"Verbund Land", 1}));
    EXPECT_FALSE(RegisterStore(connection).is_operator());
  });
  const std::vector<Claim> claims{{"010600063063", "municipality"}};
  EXPECT_FALSE(network.heard().refusal(town(), "service", "stadt", claims, "2026-11-27"));

  Member suspended = town();
  suspended.suspended = "key lost";
  network.say(suspended);
  network.hear();
  auto now = network.heard();
  EXPECT_EQ(now.refusal(*now.find(town().name), "service", "stadt", claims, "2026-11-27"), "the member is suspended");

  Member narrower = town();
  narrower.mandate.kinds = {"unit"};
  network.say(narrower);
  network.hear();
  now = network.heard();
  EXPECT_EQ(now.refusal(*now.find(town().name), "service", "stadt", claims, "2026-11-27"),
            "kind service is not in the mandate");
  EXPECT_FALSE(now.refusal(*now.find(town().name), "unit", "stadt", claims, "2026-11-27"));
}

// An outbox that says what no operator's program would.
class OddOutbox : public Outbox {
 public:
  std::vector<std::pair<Entry, std::string>> rows;
  void say(Entry entry, const std::string& body) {
    entry.revision = static_cast<std::int64_t>(rows.size()) + 1;
    entry.at = test_time;
    entry.digest = crypto::sha256({body});
    rows.emplace_back(entry, body);
  }
  std::int64_t read(std::int64_t after, std::size_t most, const std::function<void(Entry)>& each) override {
    for (; most > 0 && static_cast<std::size_t>(after) < rows.size(); --most) {
      each(rows[static_cast<std::size_t>(after++)].first);
    }
    return after;
  }
  std::int64_t last() override { return static_cast<std::int64_t>(rows.size()); }
  void bodies(std::span<const Entry> entries, const std::function<bool(std::optional<std::string>)>& each) override {
    for (const Entry& entry : entries) {
      if (!each(rows[static_cast<std::size_t>(entry.revision - 1)].second)) return;
    }
  }
};

TEST(MemberSink, TakesNothingElseFromAMembershipLog) {   // clause 8.13
  Pair network;
  OddOutbox odd;
  Member other = town();
  odd.say({"member", "network", "another.example/network/log", 0, {}, {}}, other.to_body());   // another name
  odd.say({"member", "stadt", town().name, 0, {}, {}}, town().to_body());                      // another agency
  odd.say({"service", "network", "x", 0, {}, {}}, "{}");                                       // another kind
  odd.say({"network", "network", "other", 0, {}, {}}, Policy{"x", 0}.to_body());               // no policy
  odd.say({"member", "network", "bad.example/network/log", 0, {}, {}}, "{}");                  // no member
  odd.say({"network", "network", "policy", 0, {}, {}}, Policy{"Verbund Land", 0}.to_body());
  network.publish(odd);
  OwnLog log(network.place, odd);
  Way way(log);
  while (network.follower->step(way, log.checkpoint().value(), test_time).value()) {
  }
  EXPECT_TRUE(network.heard().members().empty());
  network.stadt->read([&](store::Connection& connection) {
    EXPECT_EQ(RegisterStore(connection).policy(), (Policy{"Verbund Land", 0}));
    EXPECT_EQ(FollowedStore(connection).refused(10).size(), 5u);
  });
}

TEST(MemberSink, BelievesTheOperatorsKeyOnly) {   // clause 8.13
  Pair network;
  network.say(Policy{"Verbund Land", 0});
  tlog::SignerKey foreign{land_members, tlog::KeyType::note, {}};
  auto follower = Follower::open(network.other_folder.path() + "/network/heard/foreign", *network.stadt, network.sink,
                                 {foreign.verifier(), {}, 0}, members_rules(), {}).value();
  Way way(network.log);
  const auto step = follower->step(way, network.log.checkpoint().value(), test_time);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().what, Trouble::signature);
}

}  // namespace
}  // namespace verbund::network
