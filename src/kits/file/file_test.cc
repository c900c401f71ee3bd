// SPDX-License-Identifier: EUPL-1.2
#include "kits/file/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "kits/store/testing/folder.h"

namespace verbund::file {
namespace {

using store::testing::Folder;

unsigned mode_of(const std::string& path) {
  struct stat about {};
  EXPECT_EQ(::stat(path.c_str(), &about), 0);
  return about.st_mode & 0777;
}

TEST(File, WritesWholeFilesAndTheFoldersOnTheWay) {
  const Folder folder;
  const std::string path = folder.file("a/b/c.txt");
  ASSERT_TRUE(write(path, "one"));
  EXPECT_EQ(read(path, 10).value(), "one");
  EXPECT_EQ(mode_of(path), for_all);
  ASSERT_TRUE(write(path, "", for_owner));
  EXPECT_EQ(read(path, 10).value(), "");
  EXPECT_EQ(mode_of(path), for_owner);
}

TEST(File, SaysWhatCouldNotBeRead) {
  const Folder folder;
  EXPECT_EQ(read(folder.file("none"), 10).error().code, ErrorCode::not_found);
  ASSERT_TRUE(write(folder.file("long"), "12345"));
  EXPECT_EQ(read(folder.file("long"), 5).value(), "12345");
  EXPECT_EQ(read(folder.file("long"), 4).error().code, ErrorCode::too_large);
  EXPECT_EQ(read(folder.path(), 10).error().code, ErrorCode::unavailable);
}

TEST(File, CreatesAFileOnlyOnce) {
  const Folder folder;
  const std::string path = folder.file("keys/log.key");
  ASSERT_TRUE(create(path, "secret", for_owner));
  EXPECT_EQ(create(path, "other", for_owner).error().code, ErrorCode::conflict);
  EXPECT_EQ(read_secret(path, 100).value(), "secret");
  EXPECT_EQ(mode_of(path), for_owner);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.file("keys")), {}), 1) << "nothing passing stays";
}

// Runs `work` in so many processes at once; gives how many of them it said no.
int refused_of(int processes, const std::function<bool(int process)>& work) {
  std::vector<pid_t> children;
  for (int process = 0; process < processes; ++process) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work(process) ? 0 : 1);
    children.push_back(child);
  }
  int refused = 0;
  for (const pid_t child : children) {
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    if (status != 0) ++refused;
  }
  return refused;
}

TEST(File, IsWrittenByManyProcessesAtOnceAndAlwaysWhole) {
  const Folder folder;
  const std::string path = folder.file("mark");
  const auto text = [](int process) { return std::string(20'000, static_cast<char>('a' + process)); };
  EXPECT_EQ(refused_of(6, [&](int process) {
    for (int round = 0; round < 60; ++round) {
      if (!write(path, text(process))) return false;
      const auto seen = read(path, 1 << 20);
      if (!seen || seen->size() != 20'000 || seen->find_first_not_of(seen->front()) != std::string::npos) return false;
    }
    return true;
  }), 0);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "nothing passing stays";
}

TEST(File, IsWrittenByManyThreadsAtOnce) {
  const Folder folder;
  const std::string path = folder.file("mark");
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 6; ++thread) {
      threads.emplace_back([&] {
        for (int round = 0; round < 60; ++round) refused += write(path, "one line").has_value() ? 0 : 1;
      });
    }
  }
  EXPECT_EQ(refused, 0);
}

TEST(File, OfManyWhoCreateItOneDoes) {
  const Folder folder;
  EXPECT_EQ(refused_of(6, [&](int process) {
    return create(folder.file("key"), std::string(1000, static_cast<char>('a' + process)), for_owner).has_value();
  }), 5);
  const auto seen = read_secret(folder.file("key"), 2000);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->find_first_not_of(seen->front()), std::string::npos);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, ClearsWhatACrashHasLeftAnHourAgo) {
  const Folder folder;
  const std::string below = "deep/";   // a folder that was not looked at yet
  std::filesystem::create_directories(folder.file("deep"));
  ASSERT_TRUE(write(folder.file("old"), "half"));
  for (const auto& [name, ago] : {std::pair("mark.newA1b2C3", 90), std::pair("mark.newD4e5F6", 5), std::pair("mark.new", 90),
                                  std::pair("renewal", 90)}) {
    std::filesystem::copy_file(folder.file("old"), folder.file(below + name));
    std::filesystem::last_write_time(folder.file(below + name),
                                     std::filesystem::file_time_type::clock::now() - std::chrono::minutes(ago));
  }
  ASSERT_TRUE(write(folder.file(below + "mark"), "whole"));
  EXPECT_FALSE(std::filesystem::exists(folder.file(below + "mark.newA1b2C3")));
  for (const char* stays : {"mark.newD4e5F6", "mark.new", "renewal", "mark"})
    EXPECT_TRUE(std::filesystem::exists(folder.file(below + stays))) << stays;
}

TEST(File, ABatchThatIsGivenUpLeavesNothing) {
  const Folder folder;
  {
    Batch batch;
    ASSERT_TRUE(batch.add(folder.file("a"), "one"));
    ASSERT_TRUE(batch.add(folder.file("b"), "two"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(File, RefusesASecretThatOthersMayRead) {
  const Folder folder;
  ASSERT_TRUE(write(folder.file("secret"), "x", 0640));
  EXPECT_EQ(read_secret(folder.file("secret"), 10).error().code, ErrorCode::conflict);
}

TEST(File, HoldsALockAgainstOthersUntilItsProcessEnds) {
  const Folder folder;
  const std::string path = folder.file("lock");
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto lock = Lock::take(path);
    const char held = lock ? 'y' : 'n';
    if (::write(ends[1], &held, 1) != 1) ::_exit(1);
    while (true) ::pause();
  }
  char held = 0;
  ASSERT_EQ(::read(ends[0], &held, 1), 1);
  EXPECT_EQ(held, 'y');
  EXPECT_EQ(Lock::take(path).error().code, ErrorCode::conflict);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  std::optional<Lock> mine(Lock::take(path).value());
  EXPECT_FALSE(Lock::take(path));
  mine.reset();
  EXPECT_TRUE(Lock::take(path));
}

TEST(File, WaitsForALock) {
  const Folder folder;
  std::optional<Lock> held(Lock::take(folder.file("lock")).value());
  EXPECT_EQ(Lock::take_within(folder.file("lock"), std::chrono::milliseconds(20)).error().code, ErrorCode::conflict);
  std::jthread releasing([&] { held.reset(); });
  EXPECT_TRUE(Lock::take_within(folder.file("lock"), std::chrono::minutes(1)));
}

TEST(Batch, PutsManyFilesInPlaceAndTheLastOfOnePath) {
  const Folder folder;
  Batch batch;
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(batch.add(folder.file("deep/" + std::to_string(i % 290)), std::to_string(i)).has_value());
  }
  ASSERT_TRUE(batch.commit().has_value());
  for (int i = 0; i < 290; ++i) {
    EXPECT_EQ(read(folder.file("deep/" + std::to_string(i)), 100).value(), std::to_string(i < 10 ? i + 290 : i));
  }
  EXPECT_EQ(read_part(folder.file("deep/120"), 1, 10).value(), "20");
  EXPECT_EQ(read_part(folder.file("deep/120"), 5, 10).value(), "");
  EXPECT_EQ(read_part(folder.file("deep/none"), 0, 10).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace verbund::file
