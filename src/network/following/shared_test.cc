// SPDX-License-Identifier: EUPL-1.2
// One log followed by two processes of a node, one after the other: whoever goes on has what the other one had, and who
// does not know that it is no longer its turn changes nothing.
#include <gtest/gtest.h>

#include <filesystem>

#include "network/following/test_node.h"
#include "network/sharing/shared_folder.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::network {
namespace {

// With a folder of its own and a store that all have in common.
struct FollowingProcess {
  FollowingProcess(const std::string& where, const Publisher& publisher)
      : trust{publisher.key.verifier(), {}, 0}, database(store::Database::open({.path = where}, tables()).value()),
        shared(*database, copy(), "heard/stadt") {
    rules.terms = "1";
    rules.refusal = [](const Entry&, const std::vector<Claim>&) { return std::nullopt; };
  }
  static std::vector<store::Migration> tables() {
    auto out = following_migrations();
    for (auto& step : TestSink::migrations()) out.push_back(std::move(step));
    for (auto& step : sharing_migrations()) out.push_back(std::move(step));
    return out;
  }
  std::string copy() const { return folder.file("heard"); }

  void lead() {
    follower.reset();
    ASSERT_TRUE(shared.lead());
    Follower::Options options;
    options.may_write = [this](store::Connection& connection) { return shared.check(connection); };
    options.mirror.bundles = 1;
    options.mirror.share = [this](const std::vector<LogFile>& files) { return shared.add(files); };
    options.mirror.before_write = before_write;
    auto opened = Follower::open(copy(), *database, sink, trust, rules, options);
    ASSERT_TRUE(opened) << opened.error().message;
    follower = std::move(*opened);
  }
  Trouble sync(Publisher& publisher) {
    Way way(publisher.log);
    for (int i = 0; i < 1'000; ++i) {
      const auto more = follower->step(way, publisher.note(), test_time);
      if (!more) return more.error().what;
      if (!*more) return follower->state().trouble;
    }
    return Trouble::missing;
  }
  State state() { return held(*database); }

  Folder folder;
  TestSink sink;
  Trust trust;
  Rules rules;
  std::function<void(std::string_view)> before_write;
  std::unique_ptr<store::Database> database;
  SharedFolder shared;
  std::unique_ptr<Follower> follower;
};

TEST(SharedFollowing, GoesOnInAnotherProcessWithWhatTheFirstHad) {
  const Folder folder;
  Publisher publisher;
  publisher.say(0, 300);
  FollowingProcess a(folder.store("node.sqlite"), publisher), b(folder.store("node.sqlite"), publisher);
  a.lead();
  EXPECT_EQ(a.sync(publisher), Trouble::none);
  EXPECT_TRUE(b.shared.pull().value());
  EXPECT_EQ(FolderLogSource(b.copy()).checkpoint().value_or("none"), publisher.note()) << "handed on by any process";
  publisher.say(100, 400, "new ");
  b.lead();
  EXPECT_EQ(b.follower->mirror().size(), 300u) << "nothing is fetched twice";
  EXPECT_EQ(b.sync(publisher), Trouble::none);
  EXPECT_EQ(b.state(), said(publisher, 500));
}

TEST(SharedFollowing, WhoIsNotAskedAnyMoreChangesNothing) {
  const Folder folder;
  Publisher publisher;
  publisher.say(0, 10);
  FollowingProcess a(folder.store("node.sqlite"), publisher), b(folder.store("node.sqlite"), publisher);
  a.lead();
  EXPECT_EQ(a.sync(publisher), Trouble::none);
  b.lead();   // a hangs meanwhile
  publisher.say(0, 20, "new ");
  EXPECT_EQ(b.sync(publisher), Trouble::none);
  publisher.say(0, 1, "newest ");
  EXPECT_EQ(a.sync(publisher), Trouble::storage);
  EXPECT_FALSE(a.shared.leads());
  State old = said(publisher, 20);
  old["s0"] = "new 0";
  EXPECT_EQ(b.state(), old);
  EXPECT_EQ(b.sync(publisher), Trouble::none);
  EXPECT_EQ(b.state(), said(publisher, 20));
}

TEST(SharedFollowing, SeesAForkThatAnotherProcessWouldHaveSeen) {
  const Folder folder;
  Publisher publisher;
  publisher.say(0, 10);
  Publisher liar(publisher.key);
  liar.say(0, 10, "other ");
  FollowingProcess a(folder.store("node.sqlite"), publisher), b(folder.store("node.sqlite"), publisher);
  a.lead();
  EXPECT_EQ(a.sync(publisher), Trouble::none);
  b.lead();
  EXPECT_EQ(b.sync(liar), Trouble::fork);
  ASSERT_TRUE(a.shared.pull().value());
  EXPECT_FALSE(std::filesystem::is_empty(a.copy() + "/evidence")) << "every process can show the evidence";
  EXPECT_EQ(b.state(), said(publisher, 10));
}

TEST(SharedFollowing, AProcessMayDieAtAnyWrite) {
  for (int at = 0; at < 12; ++at) {
    const Folder folder;
    Publisher publisher;
    publisher.say(0, 100);
    FollowingProcess a(folder.store("node.sqlite"), publisher), b(folder.store("node.sqlite"), publisher);
    a.lead();
    EXPECT_EQ(a.sync(publisher), Trouble::none);
    publisher.say(50, 500, "new ");
    a.before_write = crash_at(at);
    a.lead();
    try {
      (void)a.sync(publisher);
    } catch (const Crash&) {
    }
    a.follower.reset();
    b.lead();
    EXPECT_EQ(b.sync(publisher), Trouble::none) << "died at write " << at;
    EXPECT_EQ(b.state(), said(publisher, 550)) << "died at write " << at;
    publisher.say(0, 3, "newest ");
    a.before_write = {};
    a.lead();
    EXPECT_EQ(a.sync(publisher), Trouble::none) << "died at write " << at;
    EXPECT_EQ(a.state(), said(publisher, 550)) << "died at write " << at;
  }
}

}  // namespace
}  // namespace verbund::network
