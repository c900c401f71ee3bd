// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "kits/store/store.h"
#include "kits/store/testing/folder.h"

namespace verbund::store {
namespace {

using testing::Folder;

const std::vector<Migration> counters = {{"count", 1,
                                        "CREATE TABLE counter(name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);"
                                        "INSERT INTO counter(name, value) VALUES ('a', 0), ('b', 0)"}};

std::unique_ptr<Database> open_counters(const Folder& folder, int readers = 4) {
  auto database = Database::open({.path = folder.store("node.sqlite"), .readers = readers}, counters);
  EXPECT_TRUE(database) << database.error().text();
  return std::move(*database);
}

std::int64_t value(Connection& connection, std::string_view name) {
  auto row = connection.prepare("SELECT value FROM counter WHERE name = $1");
  return row.bind(1, name).step() ? row.number(0) : -1;
}

Result<void> count_up(Connection& connection) {
  connection.prepare("UPDATE counter SET value = value + 1").run();
  return {};
}

TEST(StoreConcurrency, ReadersDoNotWaitForTheWriterAndSeeTheOldState) {
  const Folder folder;
  const auto database = open_counters(folder);
  std::promise<void> written;
  std::promise<void> looked;
  std::thread writer([&] {
    (void)database->write([&](Connection& connection) {
      auto done = count_up(connection);
      written.set_value();
      looked.get_future().wait();
      return done;
    });
  });
  written.get_future().wait();
  database->read([](Connection& connection) { EXPECT_EQ(value(connection, "a"), 0); });
  looked.set_value();
  writer.join();
  database->read([](Connection& connection) { EXPECT_EQ(value(connection, "a"), 1); });
}

TEST(StoreConcurrency, AReadSeesOneStateFromItsBegin) {
  const Folder folder;
  const auto database = open_counters(folder);
  database->read([&](Connection& connection) {
    std::thread([&] { EXPECT_TRUE(database->write(count_up)); }).join();  // after the begin, before the first look
    EXPECT_EQ(value(connection, "a"), 0);
    std::thread([&] { EXPECT_TRUE(database->write(count_up)); }).join();
    EXPECT_EQ(value(connection, "a"), 0);
  });
  database->read([](Connection& connection) { EXPECT_EQ(value(connection, "b"), 2); });
}

TEST(StoreConcurrency, ReadersOverTheLimitWaitForOneToEnd) {
  const Folder folder;
  const auto database = open_counters(folder, 1);
  std::atomic<bool> second_in = false;
  std::thread second;
  database->read([&](Connection&) {
    second = std::thread([&] { database->read([&](Connection&) { second_in = true; }); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_FALSE(second_in);
  });
  second.join();
  EXPECT_TRUE(second_in);
}

TEST(StoreConcurrency, AFailedReadGivesItsConnectionBack) {
  const Folder folder;
  const auto database = open_counters(folder, 1);
  for (int i = 0; i < 3; ++i)
    EXPECT_THROW(database->read([](Connection& connection) { connection.execute("no such thing"); }), Failure);
  database->read([](Connection& connection) { EXPECT_EQ(value(connection, "a"), 0); });
}

TEST(StoreConcurrency, WritersOfThreadsAndOfOtherProgramsTakeTurns) {
  const Folder folder;
  const auto one = open_counters(folder);
  const auto other = open_counters(folder);  // as another process would: connections of its own
  std::atomic<bool> torn = false;
  std::atomic<bool> stop = false;
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i)
    writers.emplace_back([&, i] {
      for (int k = 0; k < 25; ++k) EXPECT_TRUE((i % 2 ? one : other)->write(count_up));
    });
  std::thread reader([&] {
    while (!stop)
      one->read([&](Connection& connection) {
        const auto a = value(connection, "a");
        if (a != value(connection, "b")) torn = true;
      });
  });
  for (auto& writer : writers) writer.join();
  stop = true;
  reader.join();
  EXPECT_FALSE(torn);
  other->read([](Connection& connection) { EXPECT_EQ(value(connection, "a"), 100); });
}

TEST(StoreConcurrency, OpensWhileAnotherProgramWrites) {
  const Folder folder;
  const auto database = open_counters(folder);
  (void)database->write([&](Connection&) -> Result<void> {
    const auto other = Database::open({.path = folder.store("node.sqlite"), .busy_timeout_ms = 10}, counters);
    EXPECT_TRUE(other) << other.error().text();
    return {};
  });
}

TEST(StoreConcurrency, TwoProgramsMakeTheSameStoreAtOnce) {
  for (int round = 0; round < (testing::on_server() ? 3 : 20); ++round) {
    const Folder folder;
    std::vector<std::thread> openers;
    for (int i = 0; i < 4; ++i) openers.emplace_back([&] { open_counters(folder)->read([](Connection&) {}); });
    for (auto& opener : openers) opener.join();
  }
}

}  // namespace
}  // namespace verbund::store
