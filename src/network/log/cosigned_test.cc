// SPDX-License-Identifier: EUPL-1.2
// What a publisher does where witnesses are asked for.
#include <gtest/gtest.h>

#include <set>

#include "kits/store/testing/folder.h"
#include "network/log/own_log.h"
#include "network/log/rotation.h"
#include "network/log/sequencer.h"
#include "network/log/test_outbox.h"
#include "network/log/verify.h"

namespace verbund::network {
namespace {

struct Witnessed {
  store::testing::Folder folder;
  LogPlace place{folder.path()};
  TestOutbox outbox;
  OwnLog log{place, outbox};
  std::set<std::string> away;            // of the witnesses a and b
  std::size_t quorum = 1;
  std::uint64_t ahead = 0;               // entries that the witnesses have signed

  Witnessed() { (void)load_or_create_key(place, "stadt.example/network/log"); }
  static tlog::SignerKey witness(const std::string& name) { return {name, tlog::KeyType::cosignature, {}}; }
  Sequencer::Options options() {
    Sequencer::Options out;
    out.cosign = [this](const std::string& bytes, const tlog::TileSource&) -> Result<std::string> {
      auto note = tlog::parse_note(bytes).value();
      std::size_t got = 0;
      for (const std::string name : {"a", "b"}) {
        if (away.contains(name)) continue;
        note.signatures.push_back(tlog::sign_note(note.text, witness(name), Instant(std::chrono::seconds(1))));
        ++got;
      }
      if (tlog::Checkpoint::parse(note.text)->size < ahead) return fail(ErrorCode::conflict, "a longer history");
      if (got < quorum) return fail(ErrorCode::unavailable, "too few");
      return note.to_text();
    };
    return out;
  }
  Result<std::unique_ptr<Sequencer>> open() { return Sequencer::open(place, load_key(place).value(), outbox, options()); }
  // Who has cosigned what is published now.
  std::string by() {
    std::string out;
    const auto note = tlog::parse_note(log.checkpoint().value_or(""));
    for (const std::string name : {"a", "b"}) {
      if (note && tlog::verify_note(*note, witness(name).verifier())) out += name;
    }
    return out;
  }
  std::uint64_t size() { return log.published().value().size; }
};

TEST(Sequencer, PublishesNothingWithoutTheCosignaturesThatAreAskedFor) {   // clause 11.5
  Witnessed node;
  node.away = {"a", "b"};
  EXPECT_FALSE(node.open());                        // not even an empty log
  EXPECT_FALSE(node.log.checkpoint());
  node.away.clear();
  node.outbox.say("s1", "one");
  {
    auto sequencer = node.open();
    ASSERT_TRUE(sequencer) << sequencer.error().text();
    ASSERT_TRUE((*sequencer)->step().value());
    EXPECT_EQ(node.by(), "ab");
    node.away = {"a", "b"};
    node.outbox.say("s2", "two");
    EXPECT_EQ((*sequencer)->step().error().code, ErrorCode::unavailable);
  }
  // However often it begins again, what is published is what was cosigned.
  for (int i = 0; i < 3; ++i) {
    const std::string before = node.log.checkpoint().value();
    auto sequencer = node.open();
    ASSERT_TRUE(sequencer) << sequencer.error().text();
    EXPECT_FALSE((*sequencer)->step());
    EXPECT_EQ(node.log.checkpoint().value(), before);
    EXPECT_EQ(node.size(), 1u);
  }
  // A new key: the checkpoint by the old one stays until the new one is cosigned.
  const std::string before = node.log.checkpoint().value();
  ASSERT_TRUE(prepare_new_key(node.place));
  ASSERT_TRUE(take_over_key(node.place));
  {
    auto waiting = node.open();
    ASSERT_TRUE(waiting) << waiting.error().text();
    EXPECT_FALSE((*waiting)->step());
  }
  EXPECT_EQ(node.log.checkpoint().value(), before);
  node.away = {"b"};
  auto sequencer = node.open();
  ASSERT_TRUE(sequencer) << sequencer.error().text();
  EXPECT_EQ(node.by(), "a");
  EXPECT_TRUE(tlog::open_checkpoint(node.log.checkpoint().value(), load_key(node.place)->verifier()));
  EXPECT_TRUE((*sequencer)->step().value());
  EXPECT_EQ(node.size(), 2u);
}

// Stopped after a witness has signed and before it published, then it got a new key: the witness is ahead of it.
TEST(Sequencer, GoesOnWhereAWitnessIsAhead) {   // clause 11.5
  Witnessed node;
  node.outbox.say("s1", "one");
  {
    auto sequencer = node.open();
    ASSERT_TRUE((*sequencer)->step().value());
  }
  node.outbox.say("s2", "two");
  node.ahead = 2;
  ASSERT_TRUE(prepare_new_key(node.place));
  ASSERT_TRUE(take_over_key(node.place));
  auto sequencer = node.open();
  ASSERT_TRUE(sequencer) << sequencer.error().text();
  EXPECT_EQ(node.size(), 1u);
  EXPECT_TRUE((*sequencer)->step().value());
  EXPECT_EQ(node.size(), 2u);
  EXPECT_EQ(node.by(), "ab");
  EXPECT_FALSE((*sequencer)->step().value());
}

// Nothing new is to be said, but a new key has to be shown.
TEST(Sequencer, SignsWithANewKeyWhenTheWitnessesAreBack) {   // clause 11.5
  Witnessed node;
  ASSERT_TRUE(node.open());
  ASSERT_TRUE(prepare_new_key(node.place));
  ASSERT_TRUE(take_over_key(node.place));
  node.away = {"a", "b"};
  auto sequencer = node.open();
  ASSERT_TRUE(sequencer) << sequencer.error().text();
  EXPECT_FALSE((*sequencer)->step());
  node.away.clear();
  EXPECT_FALSE((*sequencer)->step().value());
  EXPECT_TRUE(tlog::open_checkpoint(node.log.checkpoint().value(), load_key(node.place)->verifier()));
}

TEST(Sequencer, AsksForMoreCosignaturesLater) {   // clause 11.5
  Witnessed node;
  node.quorum = 0;
  node.away = {"a", "b"};
  node.outbox.say("s1", "one");
  auto sequencer = node.open();
  ASSERT_TRUE(sequencer);
  ASSERT_TRUE((*sequencer)->step().value());
  EXPECT_EQ(node.by(), "");
  const auto root = node.log.published()->root;
  EXPECT_FALSE((*sequencer)->cosign_again().value());
  node.away = {"b"};
  EXPECT_TRUE((*sequencer)->cosign_again().value());
  EXPECT_EQ(node.by(), "a");
  EXPECT_FALSE((*sequencer)->cosign_again().value());    // nothing new
  node.away.clear();
  EXPECT_TRUE((*sequencer)->cosign_again().value());
  EXPECT_EQ(node.by(), "ab");
  node.away = {"a"};                                     // who has signed needs not be there any more
  EXPECT_FALSE((*sequencer)->cosign_again().value());
  EXPECT_EQ(node.by(), "ab");
  node.quorum = 2;
  EXPECT_FALSE((*sequencer)->cosign_again());
  EXPECT_EQ(node.by(), "ab");
  EXPECT_EQ(node.log.published()->root, root);
  node.away.clear();
  node.outbox.say("s2", "two");
  EXPECT_TRUE((*sequencer)->step().value());             // and it goes on as ever
  EXPECT_EQ(node.by(), "ab");
  EXPECT_TRUE(verify_log(node.log, load_key(node.place)->verifier(), true));
}

}  // namespace
}  // namespace verbund::network
