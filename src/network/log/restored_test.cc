// SPDX-License-Identifier: EUPL-1.2
#include "network/log/restored.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "kits/file/file.h"
#include "kits/store/testing/folder.h"
#include "network/log/rotation.h"
#include "network/log/sequencer.h"

namespace verbund::network {
namespace {

struct SaysNothing : Outbox {
  std::int64_t read(std::int64_t after, std::size_t, const std::function<void(Entry)>&) override { return after; }
  std::int64_t last() override { return 0; }
  void bodies(std::span<const Entry>, const std::function<bool(std::optional<std::string>)>&) override {}
};

// Protocol, clause 14.1.
TEST(RestoredLog, IsNotContinuedWhileItIsMarked) {
  const store::testing::Folder folder;
  const LogPlace place(folder.path());
  const auto key = load_or_create_key(place, "stadt.example/network/log");
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_TRUE(may_be_continued(place));
  ASSERT_TRUE(prepare_new_key(place));
  RestoredLog mark{Instant(std::chrono::seconds(1'700'000'000)), false, false, 7, tlog::leaf_hash("x"), 12};
  ASSERT_TRUE(mark_restored(place, mark));
  EXPECT_EQ(restored(place).value(), mark);
  struct stat found {};
  ASSERT_EQ(::stat(restored_file(place).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  SaysNothing outbox;
  for (const bool gone : {false, true}) {
    mark.original_is_gone = gone;
    ASSERT_TRUE(mark_restored(place, mark));
    const auto refused = Sequencer::open(place, *key, outbox);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_THAT(refused.error().text(), ::testing::HasSubstr("restored from a backup"));
    EXPECT_FALSE(file::read(place.folder + "/checkpoint", 1000));
    EXPECT_FALSE(take_over_key(place));
    EXPECT_FALSE(prepare_new_key(place));
  }
  ASSERT_TRUE(unmark_restored(place));
  EXPECT_FALSE(restored(place).value().has_value());
  EXPECT_TRUE(take_over_key(place));
  EXPECT_TRUE(Sequencer::open(place, load_key(place).value(), outbox));
}

TEST(RestoredLog, IsNotContinuedWhereItsMarkIsDamaged) {
  const store::testing::Folder folder;
  const LogPlace place(folder.path());
  ASSERT_TRUE(mark_restored(place, {}));
  const std::string whole = file::read(restored_file(place), 4096).value();
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    ASSERT_TRUE(file::write(restored_file(place), whole.substr(0, size)));
    EXPECT_FALSE(restored(place)) << size;
    EXPECT_FALSE(may_be_continued(place)) << size;
  }
}

}  // namespace
}  // namespace verbund::network
