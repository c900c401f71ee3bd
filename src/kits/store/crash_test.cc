// SPDX-License-Identifier: EUPL-1.2
// Processes that die while they write, and disks that are full.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "kits/store/store.h"
#include "kits/store/testing/folder.h"

namespace verbund::store {
namespace {

using testing::Folder;

const std::vector<Migration> crash_schema = {
    {"crash", 1,
     "CREATE TABLE state(number BIGINT NOT NULL);"
     "INSERT INTO state(number) VALUES (0);"
     "CREATE TABLE item(number BIGINT NOT NULL, position BIGINT NOT NULL, filling TEXT NOT NULL,"
     " PRIMARY KEY (number, position))"}};

// A small cache, so that a transaction is on the disk before it is committed.
Options options(const Folder& folder) {
  return {.path = folder.store("node.sqlite"), .cache_kib = 64, .writer_cache_kib = 64};
}

// Transaction `number`: replaces all items by `items` of its own.
Result<void> replace(Connection& connection, std::int64_t number, int items) {
  connection.execute("DELETE FROM item");
  for (int i = 0; i < items; ++i)
    connection.prepare("INSERT INTO item(number, position, filling) VALUES ($1, $2, $3)")
        .bind(1, number).bind(2, std::int64_t{i}).bind(3, std::string(500, 'x')).run();
  connection.prepare("UPDATE state SET number = $1").bind(1, number).run();
  return {};
}

// The number of the last transaction. Fails the test if it is not there as a whole.
std::int64_t whole_state(Database& database, int items) {
  std::int64_t number = -1;
  database.read([&](Connection& connection) {
    auto state = connection.prepare("SELECT number FROM state");
    ASSERT_TRUE(state.step());
    number = state.number(0);
    auto counts = connection.prepare(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN number = $1 THEN 0 ELSE 1 END), 0) FROM item");
    ASSERT_TRUE(counts.bind(1, number).step());
    EXPECT_EQ(counts.number(0), number == 0 ? 0 : items);
    EXPECT_EQ(counts.number(1), 0);
  });
  return number;
}

[[noreturn]] void write_until_killed(const Folder& folder, std::int64_t from, int items, int acknowledge) {
  auto database = Database::open(options(folder), crash_schema);
  if (!database) ::_exit(1);
  for (std::int64_t number = from; true; ++number) {
    if (!(*database)->write([&](Connection& connection) { return replace(connection, number, items); })) ::_exit(2);
    if (::write(acknowledge, &number, sizeof number) != sizeof number) ::_exit(3);
  }
}

TEST(StoreCrash, KeepsWhatWasAcknowledgedAndNothingHalf) {
  const std::uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const Folder folder;
  constexpr int items = 400;  // 200 KB a transaction, more than the cache holds
  std::int64_t last = 0;
  for (int round = 0; round < (testing::on_server() ? 15 : 50); ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      write_until_killed(folder, last + 1, items, ends[1]);
    }
    ::close(ends[1]);
    // On a busy machine a child gets no transaction done so soon: then it is waited for.
    pollfd first{ends[0], POLLIN, 0};
    if (last == 0 && round >= 5) ::poll(&first, 1, 60'000);
    ::usleep(static_cast<useconds_t>(1000 + random() % 40'000));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    std::int64_t acknowledged = last;
    for (std::int64_t number = 0; ::read(ends[0], &number, sizeof number) == sizeof number;) acknowledged = number;
    ::close(ends[0]);

    auto database = Database::open(options(folder), crash_schema);
    ASSERT_TRUE(database) << database.error().text();
    ASSERT_TRUE((*database)->integrity_findings().empty());
    last = whole_state(**database, items);
    EXPECT_GE(last, acknowledged);
    EXPECT_LE(last, acknowledged + 1);
  }
  EXPECT_GT(last, 0);
}

// In the child: a file may not become larger than `bytes`, which is what a full disk looks like from inside.
int write_on_a_full_disk(const Folder& folder, rlim_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  auto database = Database::open(options(folder), crash_schema);
  if (!database) return 1;
  if (!(*database)->write([](Connection& connection) { return replace(connection, 1, 10); })) return 2;
  const rlimit limit{bytes, bytes};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 3;
  try {
    (void)(*database)->write([](Connection& connection) { return replace(connection, 2, 4000); });
    return 4;
  } catch (const Failure&) {
  }
  // What was there can still be read and, as soon as it is small enough, written.
  if (whole_state(**database, 10) != 1) return 5;
  if (!(*database)->write([](Connection& connection) { return replace(connection, 3, 10); })) return 6;
  return 0;
}

TEST(StoreCrash, AFullDiskIsAFailureThatLeavesNothingHalf) {
  if (testing::on_server()) GTEST_SKIP() << "skipped: the disk is the server's";
  const Folder folder;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(write_on_a_full_disk(folder, 512 * 1024));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  auto database = Database::open(options(folder), crash_schema);
  ASSERT_TRUE(database) << database.error().text();
  EXPECT_TRUE((*database)->integrity_findings().empty());
  EXPECT_EQ(whole_state(**database, 10), 3);
}

TEST(StoreCrash, ALongTransactionNeedsNoMoreMemoryThanItsCache) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "skipped: the address sanitizer keeps freed memory";
#endif
  const Folder folder;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto database = Database::open(options(folder), crash_schema);
    if (!database) ::_exit(1);
    rusage before{};
    rusage after{};
    (void)(*database)->write([](Connection& connection) { return replace(connection, 1, 2000); });
    ::getrusage(RUSAGE_SELF, &before);
    (void)(*database)->write([](Connection& connection) { return replace(connection, 2, 60'000); });  // 30 MB
    ::getrusage(RUSAGE_SELF, &after);
    ::_exit(after.ru_maxrss - before.ru_maxrss < 4 * 1024 ? 0 : 2);  // KiB
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace verbund::store
