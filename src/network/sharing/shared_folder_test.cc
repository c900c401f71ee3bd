// SPDX-License-Identifier: EUPL-1.2
// A folder that several processes have in common: what one adds the others have, and never two add.
#include "network/sharing/shared_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "base/text.h"
#include "kits/file/file.h"
#include "kits/store/testing/folder.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::network {
namespace {

using ::testing::ElementsAre;

constexpr const char* heard = "heard/stadt.example";

struct Sharer {
  explicit Sharer(const std::string& where, const std::string& name)
      : database(store::Database::open({.path = where}, sharing_migrations()).value()),
        shared(*database, path(), name) {}
  std::string path() const { return folder.path() + "/here"; }
  std::string read(const std::string& file) const { return file::read(path() + "/" + file, 1 << 20).value_or("none"); }
  void write(const std::string& file, const std::string& bytes) const {
    ASSERT_TRUE(file::write(path() + "/" + file, bytes));
  }

  store::testing::Folder folder;
  std::unique_ptr<store::Database> database;
  SharedFolder shared;
};

class FolderInCommon : public ::testing::Test {
 protected:
  std::unique_ptr<Sharer> sharer(const std::string& name = heard) {
    return std::make_unique<Sharer>(folder_.store("node.sqlite"), name);
  }
  const store::testing::Folder folder_;
};

TEST_F(FolderInCommon, GivesEachProcessWhatTheLeaderAdds) {
  const auto a = sharer(), b = sharer();
  EXPECT_FALSE(b->shared.pull().value());
  ASSERT_TRUE(a->shared.lead());
  ASSERT_TRUE(a->shared.add({{"tile/0/000.p/3", "three"}, {"seen", "note 3"}, {"progress", "3"}}));
  ASSERT_TRUE(a->shared.add({{"checkpoint", "note 3"}, {"evidence/00ff", "two notes"}}));
  EXPECT_TRUE(b->shared.pull().value());
  EXPECT_EQ(b->read("tile/0/000.p/3"), "three");
  EXPECT_EQ(b->read("seen"), "note 3");
  EXPECT_EQ(b->read("checkpoint"), "note 3");
  EXPECT_EQ(b->read("evidence/00ff"), "two notes");
  EXPECT_EQ(b->shared.taken(), 2);
  EXPECT_FALSE(b->shared.pull().value());
  // A full tile stands for its beginnings.
  ASSERT_TRUE(a->shared.add({{"tile/0/000", "all 256"}}));
  EXPECT_TRUE(b->shared.pull().value());
  EXPECT_EQ(b->read("tile/0/000"), "all 256");
  EXPECT_EQ(b->read("tile/0/000.p/3"), "none");
}

TEST_F(FolderInCommon, OnlyTheNewestLeaderAdds) {
  const auto a = sharer(), b = sharer();
  ASSERT_TRUE(a->shared.lead());
  ASSERT_TRUE(a->shared.add({{"seen", "1"}}));
  ASSERT_TRUE(b->shared.lead());   // a hangs, and does not know
  EXPECT_EQ(b->read("seen"), "1");
  EXPECT_TRUE(a->shared.leads());
  const auto asked = a->database->write([&](store::Connection& connection) { return a->shared.check(connection); });
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, ErrorCode::conflict);
  EXPECT_FALSE(a->shared.leads());
  EXPECT_FALSE(a->shared.add({{"seen", "2 of a"}}));
  ASSERT_TRUE(b->shared.add({{"seen", "2 of b"}}));
  EXPECT_TRUE(a->shared.pull().value());
  EXPECT_EQ(a->read("seen"), "2 of b");
}

TEST_F(FolderInCommon, WhatWasWrittenAndNotAddedIsForgottenByWhoLeadsNext) {
  const auto a = sharer();
  ASSERT_TRUE(a->shared.lead());
  ASSERT_TRUE(a->shared.add({{"progress", "300"}, {"seen", "note 300"}}));
  for (const char* file : {"progress", "seen", "checkpoint"}) a->write(file, "400, died before it was added");
  ASSERT_TRUE(a->shared.lead());
  EXPECT_EQ(a->read("progress"), "300");
  EXPECT_EQ(a->read("seen"), "note 300");
  EXPECT_EQ(a->read("checkpoint"), "none");
}

TEST_F(FolderInCommon, TakesWhatStoodInAFolderOnly) {
  const auto a = sharer(), b = sharer();
  a->write("seen", "note 7");
  a->write("tile/entries/000.p/7", "seven");
  a->write("lock", "not of ours");
  a->write(".tmp-crashed", "not of ours");
  ASSERT_TRUE(a->shared.lead());
  EXPECT_TRUE(b->shared.pull().value());
  EXPECT_EQ(b->read("seen"), "note 7");
  EXPECT_EQ(b->read("tile/entries/000.p/7"), "seven");
  EXPECT_EQ(b->read("lock"), "none");
  EXPECT_EQ(b->read(".tmp-crashed"), "none");
}

// A command and a server take what was added into the same folder at once; tiles become full and their beginnings go.
TEST_F(FolderInCommon, IsTakenByTwoAtOnceIntoOneFolder) {
  constexpr int rounds = 60;
  const auto leader = sharer(), server = sharer();
  ASSERT_TRUE(leader->shared.lead());
  std::atomic<bool> over = false;
  std::vector<std::string> wrong(3);
  {
    std::vector<std::jthread> takers;
    for (std::string& trouble : wrong) {
      takers.emplace_back([&] {
        std::int64_t newest = 0;
        while (!over) {
          const auto taken = SharedFolder(*server->database, server->path(), heard).pull();
          if (!taken) trouble = taken.error().text();
          const auto seen = file::read(server->path() + "/seen", 100);
          const std::int64_t now = seen ? parse_number(*seen).value_or(-1) : 0;
          if (now < newest) trouble = "an older one was put in the place of a newer one";
          newest = now;
        }
      });
    }
    for (int round = 1; round <= rounds; ++round) {
      const std::string tile = "tile/0/00" + std::to_string(round % 10);
      ASSERT_TRUE(leader->shared.add({{tile + ".p/3", "three"}, {"seen", std::to_string(round)}}));
      ASSERT_TRUE(leader->shared.add({{tile, "all 256"}, {"checkpoint", std::to_string(round)}}));
    }
    over = true;
  }
  EXPECT_THAT(wrong, ::testing::Each(""));
  ASSERT_TRUE(server->shared.pull());
  EXPECT_EQ(server->read("seen"), std::to_string(rounds));
  EXPECT_EQ(server->read("checkpoint"), std::to_string(rounds));
}

TEST_F(FolderInCommon, AFolderThatWasLostIsTakenAgain) {
  const auto a = sharer(), b = sharer();
  ASSERT_TRUE(a->shared.lead());
  ASSERT_TRUE(a->shared.add({{"tile/0/000.p/1", "one"}, {"seen", "note"}}));
  ASSERT_TRUE(b->shared.pull());
  std::filesystem::remove_all(b->path());
  EXPECT_TRUE(SharedFolder(*b->database, b->path(), heard).pull());
  EXPECT_EQ(b->read("seen"), "note");
  EXPECT_EQ(b->read("tile/0/000.p/1"), "one");
}

TEST_F(FolderInCommon, OfTwoWhoReplaceOneFileOneIsTooLate) {
  const auto a = sharer("witness"), b = sharer("witness");
  EXPECT_TRUE(a->shared.replace("00ff", std::nullopt, "size 5").value());
  EXPECT_FALSE(b->shared.replace("00ff", std::nullopt, "another 5").value());
  EXPECT_EQ(b->read("00ff"), "size 5") << "who was too late knows what is there";
  EXPECT_TRUE(b->shared.replace("00ff", "size 5", "size 6").value());
  EXPECT_FALSE(a->shared.replace("00ff", "size 5", "another 6").value());
  EXPECT_EQ(a->read("00ff"), "size 6");
  EXPECT_TRUE(a->shared.replace("00ff", "size 6", "").value());
  EXPECT_EQ(a->read("00ff"), "none");
  EXPECT_TRUE(b->shared.pull().value());
  EXPECT_EQ(b->read("00ff"), "none");
  EXPECT_EQ(b->shared.body("00ff"), std::nullopt);
}

TEST_F(FolderInCommon, AWitnessThatWasAloneGivesWhatItHasOnce) {
  const auto a = sharer("witness"), b = sharer("witness");
  a->write("00ff", "size 5");
  a->write("key", "its own");
  b->write("00ff", "size 3");
  ASSERT_TRUE(a->shared.adopt());
  ASSERT_TRUE(b->shared.adopt());
  ASSERT_TRUE(b->shared.pull());
  EXPECT_EQ(b->read("00ff"), "size 5");
  EXPECT_EQ(b->shared.body("key"), std::nullopt);
}

TEST_F(FolderInCommon, AStoreThatBeganAnewIsTakenWhole) {
  const auto a = sharer("witness");
  for (const char* size : {"1", "2", "3"}) {
    const auto before = a->shared.body("00ff");
    EXPECT_TRUE(a->shared.replace("00ff", before, size).value());
  }
  ASSERT_TRUE(a->database->write([](store::Connection& connection) -> Result<void> {
    forget_shared(connection);
    SharedLogStore(connection, "witness").replace("00ff", std::nullopt, "4");
    return {};
  }));
  EXPECT_TRUE(a->shared.pull().value());
  EXPECT_EQ(a->read("00ff"), "4");
}

TEST_F(FolderInCommon, ACommandTakesEverythingAtOnce) {
  const auto a = sharer(), b = sharer("witness");
  ASSERT_TRUE(a->shared.lead());
  ASSERT_TRUE(a->shared.add({{"seen", "note"}}));
  EXPECT_TRUE(b->shared.replace("00ff", std::nullopt, "size 5").value());
  const store::testing::Folder data;
  ASSERT_TRUE(pull_all(*a->database, data.path()));
  EXPECT_EQ(file::read(data.path() + "/network/heard/stadt.example/seen", 99).value_or("none"), "note");
  EXPECT_EQ(file::read(data.path() + "/network/witness/00ff", 99).value_or("none"), "size 5");
}

}  // namespace
}  // namespace verbund::network
