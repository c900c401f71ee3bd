// SPDX-License-Identifier: EUPL-1.2
#include "kits/file/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <optional>

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
