// SPDX-License-Identifier: EUPL-1.2
// The clauses of docs/protocols/network.md are named where they are checked.
#include <gtest/gtest.h>

#include <set>

#include "network/following/test_node.h"
#include "network/log/export.h"

namespace verbund::network {
namespace {

// A node that follows and hands on what it has: the copy of the log, bodies out of its store.
class Hub : public Outbox {
 public:
  explicit Hub(Publisher& publisher)
      : publisher_(publisher), node_(publisher), log_(LogPlace(node_.folder.file("heard"), ""), *this) {}
  void hear() { ASSERT_EQ(node_.sync(publisher_), Trouble::none); }
  OwnLog& log() { return log_; }
  std::int64_t read(std::int64_t after, std::size_t, const std::function<void(Entry)>&) override { return after; }
  std::int64_t last() override { return 0; }
  void bodies(std::span<const Entry> entries, const std::function<bool(std::optional<std::string>)>& each) override {
    node_.database->read([&](store::Connection& connection) {
      for (const Entry& entry : entries) {
        if (!each(entry.digest ? node_.sink.held(connection, entry) : std::nullopt)) return;
      }
    });
  }

 private:
  Publisher& publisher_;
  Node node_;
  OwnLog log_;
};

// Follows what `source` itself says, as one does who asks nobody else.
Trouble follow(Node& node, LogSource& source) {
  for (int i = 0; i < 1'000; ++i) {
    const auto more = node.follower->step(source, source.checkpoint().value(), test_time);
    if (!more) return more.error().what;
    if (!*more) return node.follower->state().trouble;
  }
  return Trouble::missing;
}

// Clause 9.11.
TEST(Hub, HandsOnEverythingWithTheSignaturesOfItsPublisher) {   // clause 9.11
  Publisher publisher;
  publisher.say(0, 700);
  publisher.say(300, 50, "again ");
  publisher.outbox.say("s5", "");
  publisher.publish();
  Hub hub(publisher);
  hub.hear();
  Node node(publisher);
  EXPECT_EQ(follow(node, hub.log()), Trouble::none);
  EXPECT_EQ(node.state(), said(publisher, 700));
  EXPECT_EQ(node.missing(), 0);
  EXPECT_EQ(hub.log().checkpoint().value(), publisher.note()) << "as it was signed";
}

TEST(Hub, IsReplacedByAnotherOrByThePublisherWithoutLoss) {   // clause 9.11
  Publisher publisher;
  publisher.say(0, 300);
  Hub one(publisher), two(publisher);
  one.hear();
  two.hear();
  Node node(publisher);
  node.options.mirror.bundles = 1;   // it goes in the midst of it
  node.options.batch_entries = 100;
  node.open();
  ASSERT_TRUE(node.follower->step(one.log(), one.log().checkpoint().value(), test_time).value());
  ASSERT_LT(node.follower->state().position, 300u);
  publisher.say(250, 100, "later ");
  two.hear();
  EXPECT_EQ(follow(node, two.log()), Trouble::none);
  EXPECT_EQ(node.state(), said(publisher, 350));
  publisher.say(0, 10, "last ");
  EXPECT_EQ(node.sync(publisher), Trouble::none);
  EXPECT_EQ(node.state(), said(publisher, 350));
  EXPECT_EQ(node.follower->state().position, 410u);
}

TEST(Hub, ThatAltersOrWithholdsIsNoticedAndHarmsNothing) {   // clause 9.11
  using Change = std::function<Result<std::string>(const std::string& path, Result<std::string> given)>;
  const auto flip = [](std::string part) -> Change {
    return [part](const std::string& path, Result<std::string> given) {
      if (given && path.starts_with(part) && given->size() > 30) (*given)[given->size() - 10] ^= 1;
      return given;
    };
  };
  const auto without = [](std::string part) -> Change {
    return [part](const std::string& path, Result<std::string> given) -> Result<std::string> {
      if (path.starts_with(part)) return fail(ErrorCode::not_found, "no such thing");
      return given;
    };
  };
  struct Lie {
    const char* name;
    Change change;
    std::set<Trouble> noticed;
  };
  const Lie lies[] = {
      {"another checkpoint", flip("checkpoint"), {Trouble::signature}},
      {"other entries", flip("tile/entries"), {Trouble::content, Trouble::clock}},
      {"other bodies", flip("bodies"), {Trouble::content}},
      {"no entries", without("tile/entries"), {Trouble::away}},
      {"no bodies", without("bodies"), {Trouble::none}},   // an alarm when it lasts: nothing is missing but time
  };
  for (const Lie& lie : lies) {
    Publisher publisher;
    publisher.say(0, 20);
    Hub hub(publisher);
    hub.hear();
    Node node(publisher);
    ASSERT_EQ(follow(node, hub.log()), Trouble::none);
    const State before = node.state();
    publisher.say(0, 5, "new ");
    hub.hear();
    Way liar(hub.log());
    liar.change = lie.change;
    EXPECT_TRUE(lie.noticed.contains(follow(node, liar))) << lie.name;
    const State now = said(publisher, 20);   // what it shows is what was said, now or before
    for (const auto& [local, body] : node.state()) {
      EXPECT_TRUE(body == now.at(local) || body == before.at(local)) << lie.name << ": " << local << " " << body;
    }
    if (lie.name == std::string_view("no bodies")) {
      EXPECT_EQ(node.missing(), 5);
      const Instant late = test_time + node.options.patience + std::chrono::seconds(1);
      EXPECT_EQ(node.sync(publisher, liar, late), Trouble::missing);
      EXPECT_EQ(node.sync(publisher, late + std::chrono::seconds(120)), Trouble::none);
    }
    EXPECT_EQ(node.sync(publisher, test_time + std::chrono::seconds(900)), Trouble::none) << lie.name;
    EXPECT_EQ(node.state(), now) << lie.name;
  }
}

TEST(Hub, ThatGivesAnOlderStateIsNoticedByWhoHasSeenANewerOne) {   // clause 9.11
  Publisher publisher;
  publisher.say(0, 20);
  Hub hub(publisher);
  hub.hear();
  Node node(publisher);
  publisher.say(0, 5, "new ");
  ASSERT_EQ(node.sync(publisher), Trouble::none);
  EXPECT_EQ(follow(node, hub.log()), Trouble::rollback);
  EXPECT_EQ(node.state(), said(publisher, 20));
  hub.hear();
  EXPECT_EQ(follow(node, hub.log()), Trouble::none);
}

// Clause 5.1: bodies lie in files that begin where somebody goes on who reads from the first.
TEST(Hub, MayBeAFolderOfFilesThatGrows) {
  Publisher publisher;
  const store::testing::Folder folder;
  FolderLogSource files(folder.path());
  Node node(publisher);
  for (const int objects : {5, 7, 8, 300, 301, 700}) {
    publisher.say(objects - 4, 4, "edition of " + std::to_string(objects) + " ");
    ASSERT_TRUE(export_log(publisher.log, folder.path(), {}).has_value());
    EXPECT_EQ(follow(node, files), Trouble::none) << objects;
    EXPECT_EQ(node.state(), said(publisher, 1'000)) << objects;
    EXPECT_EQ(node.missing(), 0) << objects;
  }
}

// A batch that is brought in while another is applied is the same batch.
TEST(Follower, LooksAheadWithoutChangingWhatComesOut) {
  Publisher publisher;
  publisher.say(0, 900);
  publisher.say(100, 300, "again ");
  publisher.say(50, 20, "no ");      // refused
  publisher.say(70, 5, "fremd ");
  for (int i = 30; i < 40; ++i) publisher.outbox.say("s" + std::to_string(i), "");
  publisher.publish();
  State states[2];
  for (const bool ahead : {false, true}) {
    Node node(publisher);
    node.options.ahead = ahead;
    node.options.batch_entries = 60;
    node.options.mirror.bundles = 1;
    node.open();
    Way way(publisher.log);
    int asked = 0;
    way.change = [&](const std::string& path, Result<std::string> given) -> Result<std::string> {
      // Now and then nobody answers, a text is another one, or the program stops.
      const bool bad = ++asked % 7 == 0 && path != "checkpoint";
      if (bad && asked % 2 == 0) return fail(ErrorCode::unavailable, "no answer");
      if (bad && path.starts_with("bodies")) (*given)[given->size() - 1] ^= 1;
      return given;
    };
    for (int i = 0; i < 2'000; ++i) {
      const auto more = node.follower->step(way, publisher.note(), test_time + std::chrono::seconds(i));
      if (i % 11 == 0) node.open();
      if (i == 40) node.change("2");
      if (more && !*more && node.missing() == 0 && node.follower->state().position == 1'235) break;
    }
    EXPECT_EQ(node.follower->state().position, 1'235u);
    EXPECT_EQ(node.missing(), 0);
    states[ahead] = node.state();
    EXPECT_EQ(node.refused().size(), 25u);
  }
  EXPECT_EQ(states[0], states[1]);
  EXPECT_EQ(states[0].at("s399"), publisher.outbox.now("s399"));
}

}  // namespace
}  // namespace verbund::network
