// SPDX-License-Identifier: EUPL-1.2
// Short writes that share a transaction: each is kept once or not at all, and none pays for another one's failure.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "kits/store/store.h"
#include "kits/store/testing/cutting_line.h"
#include "kits/store/testing/folder.h"
#include "kits/store/write_turns.h"

namespace verbund::store {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::CuttingLine;
using testing::Folder;
using Fate = WriteTurns::Fate;

// The first one does its work, waits for a second one to share with; the second ends the transaction.
Fate fate_of_the_first(WriteTurns& turns, Fate fate, std::exception_ptr reason = {}) {
  turns.take(true);
  std::thread second([&] {
    turns.take(true);
    EXPECT_EQ(turns.others(), 1);
    turns.end(fate, reason);
  });
  struct Join {
    std::thread& thread;
    ~Join() { thread.join(); }
  } join{second};
  for (;;)
    if (const auto out = turns.hand_on()) return *out;
}

TEST(WriteTurns, WhoHandedOnHearsWhatBecameOfIt) {
  WriteTurns turns;
  EXPECT_EQ(fate_of_the_first(turns, Fate::kept), Fate::kept);
  EXPECT_EQ(fate_of_the_first(turns, Fate::undone), Fate::undone);
  try {
    fate_of_the_first(turns, Fate::failed, std::make_exception_ptr(Failure("not known")));
    ADD_FAILURE() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_STREQ(failure.what(), "not known");
  }
  turns.take(true);
  EXPECT_EQ(turns.others(), 0);
  turns.end(Fate::kept);
}

TEST(WriteTurns, NobodySharesWithWhoDoesNotWantTo) {
  for (const bool first_shares : {true, false}) {
    WriteTurns turns;
    std::atomic<bool> over = false;
    turns.take(first_shares);
    std::thread second([&] {
      turns.take(!first_shares);
      EXPECT_TRUE(over);
      EXPECT_EQ(turns.others(), 0);
      turns.end(Fate::kept);
    });
    for (int i = 0; i < 20; ++i) {
      EXPECT_FALSE(turns.hand_on());
      std::this_thread::sleep_for(1ms);
    }
    over = true;
    turns.end(Fate::kept);
    second.join();
  }
}

const std::vector<Migration> tallies = {{"tally", 1,
                                         "CREATE TABLE tally(id BIGINT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);"
                                         "INSERT INTO tally(id, value) VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0)"}};

std::vector<std::int64_t> values(Database& database) {
  std::vector<std::int64_t> out;
  database.read([&](Connection& connection) {
    auto row = connection.prepare("SELECT value FROM tally ORDER BY id");
    while (row.step()) out.push_back(row.number(0));
  });
  return out;
}

void count_up(Connection& connection, int id) {
  connection.prepare("UPDATE tally SET value = value + 1 WHERE id = $1").bind(1, id).run_later();
}

auto counting(int id) {
  return [id](Connection& connection) -> Result<void> {
    count_up(connection, id);
    return {};
  };
}

// The first writer's work lasts until the others have come, or a little longer.
void at_once(Database& database, const std::vector<std::function<void()>>& others) {
  std::vector<std::thread> all;
  std::atomic<std::size_t> come = 0;
  bool first_time = true;
  ASSERT_TRUE(database.write([&](Connection& connection) -> Result<void> {
    count_up(connection, 0);
    if (!std::exchange(first_time, false)) return {};
    for (const auto& other : others)
      all.emplace_back([&] {
        ++come;
        other();
      });
    while (come < others.size()) std::this_thread::yield();
    std::this_thread::sleep_for(5ms);
    return {};
  }, Again::yes));
  for (auto& thread : all) thread.join();
}

TEST(SharedWrites, OneThatFailsFailsAlone) {
  const Folder folder;
  const auto database = Database::open({.path = folder.store("x")}, tallies).value();
  constexpr int rounds = 20;
  for (int round = 0; round < rounds; ++round)
    at_once(*database, {
        [&] {
          EXPECT_TRUE(database->write(counting(1), Again::yes));
        },
        [&] {
          const auto done = database->write([](Connection& connection) -> Result<void> {
            count_up(connection, 2);
            return fail(ErrorCode::conflict, "not wanted");
          }, Again::yes);
          ASSERT_FALSE(done);
          EXPECT_EQ(done.error().message, "not wanted");
        },
        [&] {
          try {
            (void)database->write([](Connection& connection) -> Result<void> {
              count_up(connection, 3);   // what breaks the key shows with the next statement or the commit only
              connection.prepare("INSERT INTO tally(id, value) VALUES ($1, 0)").bind(1, 3).run_later();
              return {};
            }, Again::yes);
            ADD_FAILURE() << "a key twice";
          } catch (const Failure& failure) {
            EXPECT_THAT(failure.what(), HasSubstr("INSERT INTO tally"));
          }
        },
        [&] {
          EXPECT_TRUE(database->write(counting(4)));
        }});
  EXPECT_THAT(values(*database), ElementsAre(rounds, rounds, 0, 0, rounds));
}

std::int64_t commits(Database& database) {
  std::int64_t out = 0;
  database.read([&](Connection& connection) {
    auto row = connection.prepare("SELECT token FROM store_commit WHERE writer = 'state'");
    if (row.step()) out = row.number(0);
  });
  return out;
}

TEST(SharedWrites, ThoseWhoComeTogetherAreCommittedTogether) {
  if (!testing::on_server()) GTEST_SKIP() << "skipped: no cluster (script/with-postgresql)";
  const Folder folder;
  const auto database = Database::open({.path = folder.store("x")}, tallies).value();
  const auto more = [&] {
    EXPECT_TRUE(database->write(counting(1), Again::yes));
  };
  bool together = false;
  int rounds = 0;
  while (!together && rounds < 200) {
    const std::int64_t before = commits(*database);
    at_once(*database, {more, more, more});
    ++rounds;
    together = commits(*database) == before + 1;
  }
  EXPECT_TRUE(together);
  EXPECT_THAT(values(*database), ElementsAre(rounds, 3 * rounds, 0, 0, 0));
}

TEST(SharedWrites, AServerThatIsLostMeanwhileLosesNothingAndDoublesNothing) {
  if (!testing::on_server()) GTEST_SKIP() << "skipped: no cluster (script/with-postgresql)";
  const Folder folder;
  CuttingLine line(folder.path(), std::string(std::getenv("VERBUND_POSTGRESQL_FOLDER")) + "/.s.PGSQL.5432");
  const std::string store = folder.store("x");
  const auto direct = Database::open({.path = store}, tallies).value();
  const auto database = Database::open({.path = "postgresql://verbund@/postgres?host=" + folder.path() +
                                                store.substr(store.find("&options")),
                                        .patience_ms = 20'000},
                                       tallies).value();
  std::atomic<int> kept = 0, running = 4;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer)
    writers.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(database->write(counting(1), Again::yes));
        ++kept;
      }
      --running;
    });
  for (int turn = 0, next = 0; running > 0; std::this_thread::sleep_for(1ms)) {
    if (kept < next) continue;   // whoever looks for the outcome of a commit is let through
    next = kept + 10;
    line.cut = turn++ % 2 == 0 ? CuttingLine::Cut::before_commit : CuttingLine::Cut::after_commit;
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(kept, 400);
  EXPECT_THAT(values(*direct), ElementsAre(0, 400, 0, 0, 0));
}

}  // namespace
}  // namespace verbund::store
