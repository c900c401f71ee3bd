// SPDX-License-Identifier: EUPL-1.2
#include "network/log/rotation.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "kits/file/file.h"
#include "kits/store/testing/folder.h"
#include "network/log/export.h"
#include "network/log/handover.h"
#include "network/log/sequencer.h"
#include "network/log/test_outbox.h"
#include "network/log/verify.h"

namespace verbund::network {
namespace {

struct Publisher {
  store::testing::Folder folder;
  LogPlace place{folder.path()};
  TestOutbox outbox;
  OwnLog log{place, outbox};
  tlog::VerifierKey first = load_or_create_key(place, "stadt.example/network/log").value().verifier();

  void publish() {
    auto opened = Sequencer::open(place, load_key(place).value(), outbox);
    ASSERT_TRUE(opened) << opened.error().text();
    while ((*opened)->step().value()) {
    }
  }
  void rotate() {
    ASSERT_TRUE(prepare_new_key(place));
    const auto taken = take_over_key(place);
    ASSERT_TRUE(taken) << taken.error().text();
  }
  std::vector<std::string> notes() { return split_handovers(log.handovers().value()).value(); }
};

TEST(Rotation, LetsWhoHoldsAnOlderKeyVerifyTheLog) {   // clause 12.5
  Publisher node;
  node.outbox.say("s1", "one");
  node.publish();
  for (int i = 0; i < 3; ++i) {
    const auto before = load_key(node.place).value().verifier();
    node.rotate();
    const auto now = load_key(node.place).value().verifier();
    EXPECT_NE(now, before);
    EXPECT_EQ(current_key(node.first, node.notes()).value(), now);
    node.outbox.say("s" + std::to_string(i), "more");
    node.publish();
    EXPECT_TRUE(tlog::open_checkpoint(node.log.checkpoint().value(), now));
    EXPECT_EQ(node.log.key().value(), now.to_text() + "\n");
    const auto report = verify_log(node.log, node.first, true);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->checkpoint.size, static_cast<std::uint64_t>(i) + 2);
  }
  const std::string target = node.folder.file("export");
  ASSERT_TRUE(export_log(node.log, target, {}));
  FolderLogSource exported(target);
  EXPECT_TRUE(verify_log(exported, node.first, true));
  EXPECT_FALSE(verify_log(exported, tlog::SignerKey::generate(node.first.name).verifier(), true));
}

TEST(Rotation, SignsTheSameLogAgainWhereNothingIsNew) {   // clause 12.5
  Publisher node;
  node.publish();
  node.rotate();
  node.rotate();   // twice before anybody published
  node.publish();
  EXPECT_TRUE(tlog::open_checkpoint(node.log.checkpoint().value(), load_key(node.place).value().verifier()));
}

TEST(Rotation, RemovesTheOldSecretKey) {   // clause 12.5
  Publisher node;
  const std::string secret = file::read(node.place.key_file, 4096).value();
  node.publish();
  node.rotate();
  for (const auto& each : std::filesystem::recursive_directory_iterator(node.folder.path())) {
    if (!each.is_regular_file()) continue;
    EXPECT_FALSE(file::read(each.path(), 1u << 20).value().contains(secret));
  }
  EXPECT_EQ(std::filesystem::status(node.place.key_file).permissions(), std::filesystem::perms(0600));
  EXPECT_FALSE(new_key_waits(node.place));
}

TEST(Rotation, WaitsForTheOneWhoPublishes) {   // clause 12.5
  Publisher node;
  EXPECT_TRUE(take_over_key(node.place));   // nothing waits
  ASSERT_TRUE(prepare_new_key(node.place));
  EXPECT_EQ(prepare_new_key(node.place).error().code, ErrorCode::conflict);
  {
    const auto running = Sequencer::open(node.place, load_key(node.place).value(), node.outbox);
    ASSERT_TRUE(running);
    EXPECT_EQ(take_over_key(node.place).error().code, ErrorCode::conflict);
    EXPECT_TRUE(new_key_waits(node.place));
  }
  EXPECT_TRUE(take_over_key(node.place));
  node.publish();
}

TEST(Rotation, GoesOnWhereItWasKilled) {   // clause 12.5
  // The states between any two of its writes, made by hand.
  for (int reached = 0; reached < 4; ++reached) {
    Publisher node;
    node.outbox.say("s1", "one");
    node.publish();
    ASSERT_TRUE(prepare_new_key(node.place));
    const std::string next = file::read(node.place.key_file + ".next", 4096).value();
    const std::string old = file::read(node.place.key_file, 4096).value();
    ASSERT_TRUE(take_over_key(node.place));
    if (reached < 1) std::filesystem::remove(node.place.folder + "/handover");
    const auto put_back = [](const std::string& path, const std::string& text) {
      ASSERT_TRUE(file::write(path, text, file::for_owner));
    };
    if (reached < 2) put_back(node.place.key_file, old);
    if (reached < 3) put_back(node.place.key_file + ".next", next);
    ASSERT_TRUE(take_over_key(node.place)) << reached;
    node.publish();
    EXPECT_EQ(node.notes().size(), 1u) << reached;
    EXPECT_EQ(file::read(node.place.key_file, 4096).value(), next) << reached;
    EXPECT_TRUE(verify_log(node.log, node.first, true)) << reached;
    EXPECT_FALSE(new_key_waits(node.place)) << reached;
  }
}

}  // namespace
}  // namespace verbund::network
