// SPDX-License-Identifier: EUPL-1.2
// Processes of one node, each with a folder of its own and one store: what one adds the others have, and never two add.
#include "network/sharing/shared_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "kits/file/file.h"
#include "kits/store/testing/folder.h"
#include "network/log/sequencer.h"
#include "network/log/test_outbox.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::network {
namespace {

using store::testing::Folder;

struct Process {
  Process(const std::string& where, Outbox& said, const tlog::SignerKey& signing)
      : database(store::Database::open({.path = where}, sharing_migrations()).value()), outbox(said), key(signing),
        place(folder.path()), shared(*database, place, "log") {}

  Result<void> open() {
    auto opened = Sequencer::open(place, tlog::NoteSigner(key), outbox, {.share = [this](const auto& files) {
                                    if (dies) return Result<void>(fail(ErrorCode::unavailable, "died"));
                                    return shared.add(files);
                                  }});
    if (!opened) return pass(opened);
    sequencer = std::move(*opened);
    return {};
  }
  void publish() {
    while (true) {
      const auto more = sequencer->step();
      ASSERT_TRUE(more) << more.error().text();
      if (!*more) return;
    }
  }
  std::string checkpoint() { return OwnLog(place, outbox).checkpoint().value_or("none"); }

  Folder folder;
  std::unique_ptr<store::Database> database;
  Outbox& outbox;
  const tlog::SignerKey key;
  const LogPlace place;
  SharedLog shared;
  std::unique_ptr<Sequencer> sequencer;
  bool dies = false;
};

class Sharing : public ::testing::Test {
 protected:
  std::unique_ptr<Process> process() { return std::make_unique<Process>(folder_.store("node.sqlite"), outbox_, key_); }

  const Folder folder_;
  TestOutbox outbox_;
  const tlog::SignerKey key_ = tlog::SignerKey::generate("stadt.example/network/log");
};

// Every tile of the first log is in the second one's folder, byte for byte, and nothing is missing up to the root.
void expect_same(Process& a, Process& b) {
  EXPECT_EQ(a.checkpoint(), b.checkpoint());
  OwnLog first(a.place, a.outbox), second(b.place, b.outbox);
  const auto published = first.published();
  ASSERT_TRUE(published);
  for (std::uint64_t index = 0; index * tlog::tile_width < published->size; ++index) {
    const tlog::TileId id{tlog::TileId::entries, index, tlog::width_in(published->size, tlog::TileId::entries, index)};
    const auto tile = first.tile(id);
    ASSERT_TRUE(tile) << tile.error().text();
    EXPECT_EQ(*tile, second.tile(id).value_or("none"));
  }
}

TEST_F(Sharing, GivesEachProcessWhatTheLeaderPublishes) {
  const auto a = process(), b = process();
  ASSERT_TRUE(a->shared.lead().value());
  EXPECT_FALSE(b->shared.lead().value());
  ASSERT_TRUE(a->open());
  for (const int more : {0, 3, 700, 1}) {
    for (int i = 0; i < more; ++i) outbox_.say(std::to_string(i), "body");
    a->publish();
    EXPECT_TRUE(b->shared.pull().value());
    expect_same(*a, *b);
    EXPECT_FALSE(b->shared.pull().value());
  }
}

TEST_F(Sharing, GoesOnWhereTheLeaderStopped) {
  const auto a = process(), b = process();
  ASSERT_TRUE(a->shared.lead().value());
  ASSERT_TRUE(a->open());
  for (int i = 0; i < 300; ++i) outbox_.say(std::to_string(i), "body");
  a->publish();
  a->sequencer.reset();
  a->shared.step_down();
  for (int tries = 0; tries < 300 && !b->shared.lead().value(); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ASSERT_TRUE(b->shared.leads());
  ASSERT_TRUE(b->open());
  EXPECT_EQ(b->sequencer->size(), 300u);
  for (int i = 0; i < 300; ++i) outbox_.say("more " + std::to_string(i), "body");
  b->publish();
  EXPECT_EQ(b->sequencer->size(), 600u);
  EXPECT_TRUE(a->shared.pull().value());
  expect_same(*b, *a);
}

TEST_F(Sharing, RefusesALeaderThatDoesNotKnowThatItIsNoneAnyMore) {
  const auto a = process(), b = process();
  ASSERT_TRUE(a->shared.lead().value());
  ASSERT_TRUE(a->open());
  outbox_.say("1", "body");
  a->publish();
  // The lock is lost on the server's side only: somebody else is the leader there.
  ASSERT_TRUE(b->database->write([](store::Connection& connection) -> Result<void> {
    SharedLogStore(connection, "log").lead("another");
    return {};
  }));
  const std::string before = a->checkpoint();
  outbox_.say("2", "body");
  const auto refused = a->sequencer->step();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(a->checkpoint(), before) << "what the store does not have is not published";
  EXPECT_FALSE(a->shared.leads());
}

TEST_F(Sharing, AStepThatWasNotSharedIsDoneAgainByAnother) {
  const auto a = process(), b = process();
  ASSERT_TRUE(a->shared.lead().value());
  ASSERT_TRUE(a->open());
  for (int i = 0; i < 255; ++i) outbox_.say(std::to_string(i), "body");
  a->publish();
  a->dies = true;
  for (int i = 0; i < 10; ++i) outbox_.say("lost " + std::to_string(i), "body");
  EXPECT_FALSE(a->sequencer->step());
  a->sequencer.reset();
  a->shared.step_down();
  for (int tries = 0; tries < 300 && !b->shared.lead().value(); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  ASSERT_TRUE(b->open());
  for (int i = 0; i < 300; ++i) outbox_.say("more " + std::to_string(i), "body");
  b->publish();
  EXPECT_EQ(b->sequencer->size(), 565u);
  EXPECT_TRUE(a->shared.pull().value());
  expect_same(*b, *a);
}

TEST_F(Sharing, TakesALogThatStoodInItsFolderOnly) {
  const auto a = process();
  auto alone = Sequencer::open(a->place, tlog::NoteSigner(key_), outbox_);
  ASSERT_TRUE(alone);
  for (int i = 0; i < 300; ++i) outbox_.say(std::to_string(i), "body");
  while ((*alone)->step().value()) {
  }
  alone->reset();
  ASSERT_TRUE(a->shared.lead().value());
  const auto b = process();
  EXPECT_TRUE(b->shared.pull().value());
  expect_same(*a, *b);
}

TEST_F(Sharing, RefusesAFolderWithAnotherLog) {
  const auto a = process(), b = process();
  ASSERT_TRUE(a->shared.lead().value());
  ASSERT_TRUE(a->open());
  ASSERT_TRUE(file::write(b->place.folder + "/key", "another+00000000+xyz\n"));
  const auto refused = b->shared.pull();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace verbund::network
