// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "network/following/mirror.h"
#include "network/following/test_publisher.h"
#include "network/log/handover.h"
#include "network/log/rotation.h"

namespace verbund::network {
namespace {

void rotate(Publisher& publisher) {
  ASSERT_TRUE(prepare_new_key(publisher.folder.path()));
  ASSERT_TRUE(take_over_key(publisher.folder.path()));
  publisher.key = load_key(publisher.folder.path()).value();
}

TEST(Mirror, FollowsAHandOverAndNoOldKeyAfterIt) {   // clause 12.6
  Publisher publisher;
  const tlog::SignerKey old_key = publisher.key;
  const Trust trust{old_key.verifier(), {}, 0};
  store::testing::Folder folder;
  std::optional<Mirror> mirror = Mirror::open(folder.file("heard"), trust, {}).value();
  Way way(publisher.log);
  publisher.say(0, 3);
  ASSERT_TRUE(mirror->step(way, publisher.note(), test_time));
  EXPECT_EQ(way.asked["handover"], 0);
  rotate(publisher);
  publisher.say(3, 2);
  ASSERT_TRUE(mirror->step(way, publisher.note(), test_time));
  EXPECT_EQ(mirror->size(), 5u);

  // Signed by the old key, though it goes on from what was seen.
  const auto old_note = [&] {
    tlog::Note note{tlog::parse_note(publisher.note())->text, {}};
    note.signatures.push_back(tlog::sign_note(note.text, old_key));
    return note.to_text();
  };
  publisher.say(5, 1);
  for (int round = 0; round < 2; ++round) {
    const auto refused = mirror->step(way, old_note(), test_time);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what, Trouble::signature);
    mirror.reset();   // it is remembered, also where the member's entry names the old key
    mirror = Mirror::open(folder.file("heard"), trust, {}).value();
  }
  ASSERT_TRUE(mirror->step(way, publisher.note(), test_time));
  EXPECT_EQ(mirror->size(), 6u);
  mirror->believe({publisher.key.verifier(), {}, 0});   // the operator has noted the new key
  rotate(publisher);
  publisher.say(6, 1);
  ASSERT_TRUE(mirror->step(way, publisher.note(), test_time));
  EXPECT_EQ(mirror->size(), 7u);
  EXPECT_EQ(FolderLogSource(mirror->folder()).handovers().value(), publisher.log.handovers().value());
}

// Somebody has stolen the key and handed the log over to himself; the operator names another key (clause 12.6).
TEST(Mirror, IsNotBoundByTheHandOverOfAThief) {
  Publisher publisher;
  publisher.say(0, 3);
  const tlog::SignerKey stolen = publisher.key;
  store::testing::Folder folder;
  auto mirror = Mirror::open(folder.file("heard"), {stolen.verifier(), {}, 0}, {}).value();
  Way way(publisher.log);
  ASSERT_TRUE(mirror.step(way, publisher.note(), test_time));
  Publisher thief(tlog::SignerKey::generate(test_origin));
  thief.say(0, 4);
  const auto now = thief.log.published().value();
  const std::string theft = sign_handover({stolen.verifier(), thief.key.verifier(), 3, now.root}, stolen, thief.key);
  Way false_way(thief.log);
  false_way.change = [&](const std::string& path, Result<std::string> truth) {
    return path == "handover" ? Result<std::string>(theft) : truth;
  };
  ASSERT_TRUE(mirror.step(false_way, thief.note(), test_time));
  rotate(publisher);
  publisher.say(3, 1);
  EXPECT_FALSE(mirror.step(way, publisher.note(), test_time));    // the first one counts
  mirror.believe({publisher.key.verifier(), {}, 0});
  EXPECT_TRUE(mirror.step(way, publisher.note(), test_time));
  EXPECT_FALSE(mirror.step(false_way, thief.note(), test_time));
  rotate(publisher);
  publisher.say(5, 1);
  ASSERT_TRUE(mirror.step(way, publisher.note(), test_time));     // and its hand-overs lead on
  EXPECT_EQ(mirror.size(), 5u);
}

TEST(Mirror, BelievesNoForgedHandOver) {   // clause 12.6
  Publisher publisher;
  publisher.say(0, 3);
  store::testing::Folder folder;
  auto mirror = Mirror::open(folder.file("heard"), {publisher.key.verifier(), {}, 0}, {}).value();
  Way way(publisher.log);
  ASSERT_TRUE(mirror.step(way, publisher.note(), test_time));
  Publisher thief(tlog::SignerKey::generate(test_origin));
  thief.say(0, 5);
  const Handover handover{publisher.key.verifier(), thief.key.verifier(), 3, tlog::leaf_hash("root")};
  tlog::Note forged{handover.to_text(), {}};
  forged.signatures = {tlog::sign_note(forged.text, thief.key), tlog::sign_note(forged.text, thief.key)};
  Way false_way(thief.log);
  for (const std::string& given : {forged.to_text(), std::string("garbage"), std::string(70'000, 'x')}) {
    false_way.change = [&](const std::string& path, Result<std::string> truth) {
      return path == "handover" ? Result<std::string>(given) : truth;
    };
    EXPECT_FALSE(mirror.step(false_way, thief.note(), test_time));
  }
  ASSERT_TRUE(mirror.step(way, publisher.note(), test_time));
  EXPECT_EQ(mirror.size(), 3u);
}

}  // namespace
}  // namespace verbund::network
