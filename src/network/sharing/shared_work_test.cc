// SPDX-License-Identifier: EUPL-1.2
#include "network/sharing/shared_work.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "kits/store/testing/folder.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::network {
namespace {

std::vector<std::string> named(const char* prefix, int count) {
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) out.push_back(prefix + std::to_string(i));
  return out;
}

TEST(Division, IsEvenAndWhole) {
  for (const int processes : {1, 2, 3, 7}) {
    for (const int pieces : {0, 1, 2, 3, 8, 100}) {
      const auto division = divide(named("log", pieces), named("process", processes));
      EXPECT_EQ(division.size(), static_cast<std::size_t>(pieces));
      std::map<std::string, int> load;
      for (const auto& [piece, process] : division) ++load[process];
      for (const std::string& process : named("process", processes)) {
        EXPECT_GE(load[process], pieces / processes);
        EXPECT_LE(load[process], (pieces + processes - 1) / processes);
      }
    }
  }
  EXPECT_TRUE(divide(named("log", 3), {}).empty());
}

TEST(Division, IsTheSameInWhateverOrderTheyAreNamed) {
  auto logs = named("log", 40), processes = named("process", 3);
  const auto division = divide(logs, processes);
  std::ranges::reverse(logs);
  std::ranges::reverse(processes);
  EXPECT_EQ(divide(logs, processes), division);
}

TEST(Division, MovesLittleWhenAProcessGoes) {
  const auto logs = named("log", 300);
  const auto before = divide(logs, named("process", 4)), after = divide(logs, named("process", 3));
  int moved = 0, of_gone = 0;
  for (const auto& [log, process] : before) {
    if (after.at(log) == process) continue;
    ++(process == "process3" ? of_gone : moved);
  }
  EXPECT_EQ(of_gone, 75);
  EXPECT_LT(moved, 60);   // divided anew at random it would be 150
}

// Looks with each of `all` until all agree that there are so many of them.
void agree(const std::vector<SharedWork*>& all) {
  for (int tries = 0; tries < 3'000; ++tries) {
    bool agreed = true;
    for (SharedWork* each : all) {
      each->look();
      agreed = agreed && each->processes() == all.size();
    }
    if (agreed) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL() << "they do not agree";
}

TEST(SharedWork, EachPieceIsDoneByOneOfTheProcessesThatAreThere) {
  const store::testing::Folder folder;
  const auto open = [&] {
    return store::Database::open({.path = folder.store("node.sqlite")}, sharing_migrations()).value();
  };
  const auto logs = named("log", 7);
  const auto a = open(), b = open(), c = open();
  SharedWork one(*a);
  EXPECT_TRUE(one.mine(logs).empty()) << "before it has looked";
  EXPECT_TRUE(one.look());
  EXPECT_EQ(one.mine(logs).size(), 7u);
  EXPECT_TRUE(one.is_mine("compare"));
  auto two = std::make_unique<SharedWork>(*b);
  SharedWork three(*c);
  agree({&one, two.get(), &three});
  std::vector<std::string> done;
  for (SharedWork* each : {&one, two.get(), &three}) std::ranges::copy(each->mine(logs), std::back_inserter(done));
  EXPECT_THAT(done, ::testing::UnorderedElementsAreArray(logs));
  two.reset();   // says that it goes
  agree({&one, &three});
  EXPECT_EQ(one.mine(logs).size() + three.mine(logs).size(), 7u);
}

TEST(SharedWork, FindsThatAProcessHasDied) {
  const store::testing::Folder folder;
  const auto database = store::Database::open({.path = folder.store("node.sqlite")}, sharing_migrations()).value();
  ASSERT_TRUE(database->write([](store::Connection& connection) -> Result<void> {
    ProcessStore(connection).enter("00112233445566778899aabb");   // who held its lock is not there any more
    return {};
  }));
  SharedWork work(*database);
  agree({&work});
  database->read([](store::Connection& connection) { EXPECT_EQ(ProcessStore(connection).names().size(), 1u); });
}

}  // namespace
}  // namespace verbund::network
