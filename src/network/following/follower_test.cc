// SPDX-License-Identifier: EUPL-1.2
// The clauses of docs/protocols/network.md are named where they are checked.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>

#include "network/following/test_node.h"

namespace verbund::network {
namespace {

TEST(Follower, HoldsWhatThePublisherSaid) {   // clause 9.7, 2.3
  Publisher publisher;
  Node node(publisher);
  node.options.batch_entries = 97;
  node.options.mirror.bundles = 1;
  node.open();
  std::mt19937_64 random(5);
  for (int round = 0; round < 12; ++round) {
    for (int i = 0; i < 150; ++i) {
      const std::string text = random() % 5 == 0 ? "" : "text " + std::to_string(random());
      publisher.outbox.say("s" + std::to_string(random() % 120), text);
    }
    publisher.publish();
    ASSERT_EQ(node.sync(publisher), Trouble::none);
    ASSERT_EQ(node.state(), said(publisher, 120)) << round;
    EXPECT_EQ(node.missing(), 0);
    if (round % 3 == 0) node.open();
  }
  EXPECT_EQ(node.follower->state().position, 1'800u);
  EXPECT_EQ(node.follower->state().size, 1'800u);
}

TEST(Follower, KnowsHowLateAnEntryWas) {   // clause 9.14
  Publisher publisher;
  publisher.say(0, 5);
  Node node(publisher);
  ASSERT_EQ(node.sync(publisher, test_time + std::chrono::hours(24)), Trouble::none);
  EXPECT_EQ(node.follower->state().delay, -1) << "what was there before does not tell";
  publisher.say(5, 1);
  ASSERT_EQ(node.sync(publisher, test_time + std::chrono::seconds(7)), Trouble::none);
  EXPECT_EQ(node.follower->state().delay, 7);
  node.change("2");
  ASSERT_EQ(node.sync(publisher, test_time + std::chrono::seconds(900)), Trouble::none);
  EXPECT_EQ(node.follower->state().delay, 7) << "applied anew";
  node.open();
  EXPECT_EQ(node.follower->state().delay, 7);
}

TEST(Follower, DoesNotAskForBodiesOfWhatIsSaidAgainOrWithdrawn) {   // clause 9.7
  Publisher publisher;
  publisher.outbox.say("s1", "one");
  publisher.outbox.say("s1", "two");
  publisher.outbox.say("s2", "gone");
  publisher.outbox.say("s2", "");
  publisher.publish();
  Node node(publisher);
  Way way(publisher.log);
  ASSERT_EQ(node.sync(publisher, way), Trouble::none);
  EXPECT_EQ(node.state(), (State{{"s1", "two"}}));
  EXPECT_TRUE(way.asked.contains("bodies/000.p/4/1"));
  EXPECT_FALSE(way.asked.contains("bodies/000.p/4/0"));
}

TEST(Follower, RemembersAMissingBodyAndHealsWhenItComes) {   // clause 9.8
  Publisher publisher;
  publisher.say(0, 5);
  Node node(publisher);
  Way way(publisher.log);
  way.change = [](const std::string& path, Result<std::string> given) -> Result<std::string> {
    if (!path.starts_with("bodies/")) return given;
    return fail(ErrorCode::not_found, "no bodies");
  };
  EXPECT_EQ(node.sync(publisher, way), Trouble::none) << "for a while it is no alarm";
  EXPECT_EQ(node.missing(), 5);
  EXPECT_EQ(node.sync(publisher, way, test_time + std::chrono::seconds(601)), Trouble::missing);
  node.open();
  EXPECT_EQ(node.sync(publisher, way, test_time + std::chrono::seconds(700)), Trouble::missing);
  publisher.outbox.say("s1", "");        // what was missing is no longer wanted
  publisher.say(2, 1, "new ");           // or has another state
  way.change = {};
  EXPECT_EQ(node.sync(publisher, way, test_time + std::chrono::seconds(1'000)), Trouble::none);
  EXPECT_EQ(node.missing(), 0);
  EXPECT_EQ(node.state(), said(publisher, 5));
}

TEST(Follower, DoesNotTakeABodyThatIsNotTheOneTheEntryNames) {   // clause 9.8, 5.4
  Publisher publisher;
  publisher.say(0, 300);
  const std::pair<const char*, std::function<std::string(std::string)>> ways[] = {
      {"garbage", [](std::string) { return std::string("\xff\xff\xff\xff garbage"); }},
      {"nothing", [](std::string) { return std::string(); }},
      {"one bit", [](std::string bytes) { return bytes.back() = static_cast<char>(bytes.back() ^ 1), bytes; }},
      {"too many", [](std::string bytes) { return bytes + std::string(4 * 256, '\0'); }},
      {"endless", [](std::string) { return std::string(bodies_response_limit + 1, '\0'); }},
  };
  for (const auto& [what, spoil] : ways) {
    Node node(publisher);
    Way way(publisher.log);
    way.change = [&](const std::string& path, Result<std::string> given) {
      if (given && path.starts_with("bodies/001")) given = spoil(std::move(*given));
      return given;
    };
    EXPECT_EQ(node.sync(publisher, way), Trouble::content) << what;
    EXPECT_GE(node.state().size(), 256u) << "the rest is there";
    EXPECT_GT(node.missing(), 0);
    way.change = {};
    EXPECT_EQ(node.sync(publisher, way, test_time + std::chrono::seconds(5)), Trouble::none) << what;
    EXPECT_EQ(node.state(), said(publisher, 300)) << what;
  }
}

TEST(Follower, GoesOnWhenSlowBodiesComeInTheEnd) {   // clause 9.6
  Publisher publisher;
  publisher.say(0, 5);
  Node node(publisher);
  Way way(publisher.log);
  way.change = [](const std::string& path, Result<std::string> given) -> Result<std::string> {
    if (!path.starts_with("bodies/")) return given;
    return fail(ErrorCode::unavailable, "no answer in time");
  };
  EXPECT_EQ(node.sync(publisher, way), Trouble::away);
  EXPECT_EQ(node.follower->state().position, 0u);
  EXPECT_EQ(node.sync(publisher), Trouble::none);
  EXPECT_EQ(node.state(), said(publisher, 5));
}

TEST(Follower, ListsWhatItRefusesAndNeverShowsIt) {   // clause 9.9
  Publisher publisher;
  publisher.say(0, 3);
  publisher.outbox.say("s3", "fremd area");
  publisher.outbox.say("s4", "no body");
  publisher.publish();
  Node node(publisher);
  ASSERT_EQ(node.sync(publisher), Trouble::none);
  EXPECT_EQ(node.state().size(), 3u);
  auto refused = node.refused();
  ASSERT_EQ(refused.size(), 2u);
  EXPECT_EQ(refused[1].entry.local, "s3");
  EXPECT_EQ(refused[1].position, 3u);
  EXPECT_EQ(refused[1].reason, "area");
  EXPECT_EQ(refused[0].reason, "not a body");
  // What was good and now is not, is no longer shown: its publisher does not say the former any more.
  publisher.outbox.say("s0", "fremd now");
  publisher.outbox.say("s3", "good now");
  publisher.publish();
  ASSERT_EQ(node.sync(publisher), Trouble::none);
  EXPECT_EQ(node.state(), (State{{"s1", "text 1"}, {"s2", "text 2"}, {"s3", "good now"}}));
  EXPECT_EQ(node.refused().size(), 2u);
}

TEST(Follower, KeepsAListOfLimitedLength) {   // clause 9.9
  Publisher publisher;
  publisher.say(0, 50, "fremd ");
  Node node(publisher);
  node.options.refused_kept = 7;
  node.open();
  ASSERT_EQ(node.sync(publisher), Trouble::none);
  EXPECT_EQ(node.refused().size(), 7u);
  EXPECT_TRUE(node.state().empty());
}

TEST(Follower, DoesNotOverwriteWhatSomebodyElseSays) {   // clause 9.9
  Publisher publisher;
  publisher.say(0, 3);
  Node node(publisher);
  ASSERT_EQ(node.sync(publisher), Trouble::none);
  Publisher other("dorf.example/network/log");
  other.say(2, 2, "other ");
  Way way(other.log);
  auto second = Follower::open(node.folder.file("other"), *node.database, node.sink, {other.key.verifier(), {}, 0},
                               node.rules, {});
  ASSERT_TRUE(second);
  ASSERT_TRUE((*second)->step(way, other.note(), test_time));
  EXPECT_EQ(node.state()["s2"], "text 2");
  EXPECT_EQ(node.state()["s3"], "other 3");
  ASSERT_EQ(node.refused().size(), 1u);
  EXPECT_EQ(node.refused()[0].origin, "dorf.example/network/log");
}

TEST(Follower, AppliesAllAnewUnderOtherRulesWithoutThePublisher) {   // clause 9.10
  Publisher publisher;
  publisher.say(0, 600);
  publisher.say(0, 100, "text again ");
  publisher.say(600, 50, "fremd ");
  Node node(publisher);
  node.options.batch_entries = 100;
  node.open();
  ASSERT_EQ(node.sync(publisher), Trouble::none);
  const State before = node.state();
  EXPECT_EQ(before.size(), 600u);
  const auto settle = [&](LogSource& source) {
    while (true) {
      const auto more = node.follower->settle(source, test_time + std::chrono::seconds(100));
      if (!more || !*more) return more ? node.follower->state().trouble : more.error().what;
    }
  };
  Way gone(publisher.log);
  gone.change = [](const std::string&, const Result<std::string>&) -> Result<std::string> {
    return fail(ErrorCode::unavailable, "no connection");
  };
  // A narrower mandate: part of it goes, the rest was never away.
  node.rules.refusal = [](const Entry& entry, const std::vector<Claim>&) -> std::optional<std::string> {
    if (entry.local.ends_with('7')) return "narrower";
    return std::nullopt;
  };
  node.change("2");
  (void)settle(gone);
  EXPECT_TRUE(gone.asked.size() <= 1) << "at most for what was refused before";
  for (const auto& [local, body] : node.state()) EXPECT_FALSE(local.ends_with('7'));
  // Suspended: all of it goes; admitted again, all of it comes.
  node.rules.speaks = false;
  node.change("3");
  EXPECT_EQ(settle(gone), Trouble::none);
  EXPECT_TRUE(node.state().empty());
  node.open();
  node.rules.speaks = true;
  node.rules.refusal = [](const Entry&, const std::vector<Claim>&) { return std::optional<std::string>(); };
  node.change("4");
  EXPECT_EQ(node.sync(publisher), Trouble::none);
  EXPECT_EQ(node.state(), said(publisher, 650)) << "a wider mandate: what was refused is there";
  EXPECT_TRUE(node.refused().empty());
}

TEST(Follower, DoesNotGoBackToAnEarlierStateWhenAllIsAppliedAnew) {   // clause 9.10
  Publisher publisher;
  publisher.say(0, 1, "old ");
  const std::string old_bodies = publisher.log.by_path("bodies/000.p/1/0").value();
  publisher.say(1, 200);
  publisher.say(0, 1, "new ");
  Node node(publisher);
  node.options.batch_entries = 50;
  node.open();
  ASSERT_EQ(node.sync(publisher), Trouble::none);
  Way way(publisher.log);
  way.change = [&](const std::string& path, Result<std::string> given) {
    if (path.starts_with("bodies/")) given = old_bodies;   // a cache that has kept it
    return given;
  };
  node.change("2");
  for (bool more = true; more;) {
    more = node.follower->settle(way, test_time).value();
    EXPECT_EQ(node.state()["s0"], "new 0");
  }
  EXPECT_TRUE(way.asked.empty());
}

TEST(Follower, LosesNothingAndDoublesNothingWhereverItStops) {   // clause 9.3
  int crashes = 0;
  for (int at = 0;; ++at) {
    Publisher publisher;
    publisher.say(0, 400);
    Node node(publisher);
    node.options.batch_entries = 90;
    node.options.mirror.bundles = 1;
    node.options.mirror.before_write = crash_at(at);
    node.open();
    bool crashed = false;
    try {
      ASSERT_EQ(node.sync(publisher), Trouble::none);
    } catch (const Crash&) {
      crashed = true;
    }
    node.options.mirror.before_write = {};
    publisher.outbox.say("s7", "");
    publisher.say(3, 1, "again ");
    node.open();
    ASSERT_EQ(node.sync(publisher), Trouble::none);
    EXPECT_EQ(node.state(), said(publisher, 400)) << at;
    EXPECT_EQ(node.follower->state().position, 402u);
    if (!crashed) break;
    ++crashes;
  }
  EXPECT_GE(crashes, 6);
}

TEST(Follower, AppliesWhatWasProvenThoughTheLogIsInTroubleNow) {   // clause 9.4
  Publisher publisher;
  publisher.say(0, 300);
  Node node(publisher);
  node.options.batch_entries = 10;
  node.open();
  Way way(publisher.log);
  ASSERT_TRUE(node.follower->step(way, publisher.note(), test_time).value());
  Publisher other(publisher.key);
  other.say(0, 301, "another ");
  Way fork(other.log);
  for (int i = 0; i < 40; ++i) {
    // The bodies still come from where they are.
    fork.change = [&](const std::string& path, Result<std::string> given) {
      return path.starts_with("bodies/") ? publisher.log.by_path(path) : given;
    };
    EXPECT_EQ(node.follower->step(fork, other.note(), test_time).error().what, Trouble::fork);
  }
  EXPECT_EQ(node.state(), said(publisher, 300));
  EXPECT_EQ(node.follower->state().trouble, Trouble::fork);
  EXPECT_EQ(node.sync(publisher), Trouble::none);
}

TEST(Follower, NotesWhatItIsWorthToNote) {
  Publisher publisher;
  publisher.say(0, 3);
  Node node(publisher);
  ASSERT_EQ(node.sync(publisher), Trouble::none);
  const auto after = [](int seconds) { return test_time + std::chrono::seconds(seconds); };
  const auto before = node.database->version();
  for (int second = 0; second < 59; ++second) ASSERT_EQ(node.sync(publisher, after(second)), Trouble::none);
  EXPECT_EQ(node.database->version(), before) << "nothing new is no reason to write";
  for (int second = 60; second < 62; ++second) node.follower->failed({Trouble::away, "gone"}, after(second));
  EXPECT_EQ(node.follower->state().since, after(60));
  EXPECT_EQ(node.follower->state().heard_at, test_time);
}

TEST(Follower, BelievesAnewWhereItsCopyWasRemoved) {
  Publisher publisher;
  publisher.say(0, 30);
  Node node(publisher);
  ASSERT_EQ(node.sync(publisher), Trouble::none);
  node.follower.reset();
  std::filesystem::remove_all(node.folder.file("heard"));
  publisher.outbox.say("s3", "");
  publisher.publish();
  node.open();
  ASSERT_EQ(node.sync(publisher), Trouble::none);
  EXPECT_EQ(node.state(), said(publisher, 30));
}

// Clause 9.13.
TEST(Follower, SaysThatNobodyHasAnsweredYet) {   // clause 9.13
  Publisher publisher;
  publisher.say(0, 20);
  Node node(publisher);
  node.follower->connecting(test_time);
  EXPECT_EQ(node.follower->state().trouble, Trouble::connecting);
  EXPECT_EQ(node.follower->state().heard_at, Instant{});
  EXPECT_EQ(node.sync(publisher), Trouble::none);
  node.follower->failed({Trouble::away, "gone"}, test_time);
  node.open();
  node.follower->connecting(test_time);
  EXPECT_EQ(node.follower->state().trouble, Trouble::connecting) << "away was before";
  EXPECT_EQ(node.sync(publisher), Trouble::none);
  node.follower->failed({Trouble::fork, "two"}, test_time);
  node.follower->connecting(test_time);
  EXPECT_EQ(node.follower->state().trouble, Trouble::fork) << "an alarm stays until it is over";
}

}  // namespace
}  // namespace verbund::network
