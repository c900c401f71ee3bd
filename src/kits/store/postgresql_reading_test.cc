// SPDX-License-Identifier: EUPL-1.2
// Reading while no server writes, and never an older state than the one that was seen. Needs a throw-away cluster
// (script/with-postgresql); without one these tests are skipped. With two servers: script/check-hardship.mjs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "kits/store/postgresql_link.h"
#include "kits/store/reading_anywhere.h"
#include "kits/store/store.h"
#include "kits/store/testing/cutting_line.h"
#include "kits/store/testing/folder.h"

namespace verbund::store {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::CuttingLine;
using testing::Folder;

const std::vector<Migration> word_schema = {
    {"said", 1, "CREATE TABLE said(word TEXT NOT NULL PRIMARY KEY); INSERT INTO said(word) VALUES ('first')"}};

// A user whose new sessions can be made to read only.
class ReadingServer : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::on_server()) GTEST_SKIP() << "skipped: no cluster (script/with-postgresql)";
    options_.path = folder_.store("reading");
    admin_ = Database::open({.path = folder_.store("admin")}, {}).value();
    const std::size_t at = options_.path.find("search_path%3D") + 14;
    schema_ = options_.path.substr(at);
    user_ = "reader_" + std::to_string(::getpid()) + "_" + schema_;
    admin("CREATE ROLE " + user_ + " LOGIN");
    admin("CREATE SCHEMA " + schema_ + " AUTHORIZATION " + user_);
    options_.path.replace(options_.path.find("verbund@"), 8, user_ + "@");
    options_.patience_ms = 200;
    options_.reader_wait_ms = 200;
    database_ = Database::open(options_, word_schema).value();
  }
  void TearDown() override {
    database_.reset();
    if (!admin_) return;
    admin("DROP OWNED BY " + user_ + " CASCADE");
    admin("DROP ROLE " + user_);
  }
  void admin(const std::string& sql) {
    ASSERT_TRUE(admin_->write([&](Connection& connection) -> Result<void> {
      connection.execute(sql);
      return {};
    }));
  }
  // From now on sessions of the user only read, and those that are there are ended; or may write again.
  void only_reads(bool only) {
    admin("ALTER ROLE " + user_ + (only ? " SET default_transaction_read_only = on"
                                        : " RESET default_transaction_read_only"));
    admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + user_ + "'");
  }
  // As a server that has not heard of the last commits, or that was replaced by one that has not.
  void change_state(const std::string& change) {
    admin("UPDATE " + schema_ + ".store_commit SET token = token " + change + " WHERE writer = 'state'");
  }
  Result<void> say(const std::string& word) {
    return database_->write([&](Connection& connection) -> Result<void> {
      connection.prepare("INSERT INTO said(word) VALUES ($1)").bind(1, word).run();
      return {};
    });
  }
  static int count(Connection& connection) {
    auto row = connection.prepare("SELECT COUNT(*) FROM said");
    return row.step() ? static_cast<int>(row.number(0)) : -1;
  }
  static void until(const std::function<bool()>& condition) {
    for (int i = 0; i < 6'000 && !condition(); ++i) std::this_thread::sleep_for(10ms);
    EXPECT_TRUE(condition());
  }

  const Folder folder_;
  Options options_;
  std::string schema_, user_;
  std::unique_ptr<Database> admin_, database_;
};

// The first of two hosts: both lead to the same server.
TEST_F(ReadingServer, AServerThatHangsKeepsNobodyWhoMayAskAnotherOne) {
  CuttingLine line(folder_.path(), std::string(std::getenv("VERBUND_POSTGRESQL_FOLDER")) + "/.s.PGSQL.5432");
  Options options = options_;
  options.path.replace(options.path.find("host=") + 5, 0, folder_.path() + ",");
  const auto database = Database::open(options, word_schema).value();
  (void)database->version();   // somebody looks on
  line.hangs = true;
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] { database->read_anywhere([](Connection& connection) { EXPECT_EQ(count(connection), 1); }); });
  for (auto& reader : readers) reader.join();
  database->read_anywhere([](Connection& connection) { EXPECT_EQ(count(connection), 1); });
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);   // else 120 s
  line.hangs = false;
  until([&] { return database->trouble().empty(); });
}

TEST_F(ReadingServer, ServesWhoShowsWhatIsThereWhileItOnlyReads) {
  ASSERT_TRUE(say("second"));
  (void)database_->version();   // somebody looks on
  only_reads(true);
  EXPECT_THROW((void)say("third"), Failure);
  until([&] { return !database_->trouble().empty() && database_->readable(); });
  EXPECT_THAT(database_->trouble(), HasSubstr("read-only"));
  for (int i = 0; i < 20; ++i) {
    database_->read_anywhere([](Connection& connection) {
      EXPECT_TRUE(connection.secondary());
      EXPECT_EQ(count(connection), 2);
    });
  }
  ReadingAnywhere shown(*database_);
  shown.read([](Connection& connection) { EXPECT_EQ(count(connection), 2); });
  EXPECT_TRUE(shown.readable());
  EXPECT_THROW(shown.read([](Connection& connection) { connection.execute("INSERT INTO said(word) VALUES ('no')"); }),
               Failure);
  // Who builds upon it is not served.
  EXPECT_THROW(database_->read([](Connection&) {}), Failure);
  only_reads(false);
  until([&] { return database_->trouble().empty(); });
  ASSERT_TRUE(say("third"));
  database_->read_anywhere([](Connection& connection) {
    EXPECT_FALSE(connection.secondary());
    EXPECT_EQ(count(connection), 3);
  });
}

TEST_F(ReadingServer, NeverShowsAStateBeforeTheOneThatWasSeen) {
  ASSERT_TRUE(say("second"));
  (void)database_->version();
  change_state("- 1");
  only_reads(true);
  until([&] { return !database_->trouble().empty(); });
  EXPECT_FALSE(database_->readable());
  for (int i = 0; i < 20; ++i) EXPECT_THROW(database_->read_anywhere([](Connection&) {}), Failure);
  EXPECT_FALSE(database_->readable());
  change_state("+ 1");   // it has caught up
  until([&] { return database_->readable(); });
  database_->read_anywhere([](Connection& connection) { EXPECT_EQ(count(connection), 2); });
  // A connection that was good is behind by now: the server was replaced by one that is.
  change_state("- 1");
  EXPECT_THROW(database_->read_anywhere([](Connection&) {}), Failure);
  until([&] { return !database_->readable(); });
}

TEST_F(ReadingServer, WhatTheOneThatWritesHasCountsAlsoWhenItIsLess) {
  ASSERT_TRUE(say("second"));
  change_state("- 1");   // a commit that no replica had was lost
  database_->read([](Connection& connection) { EXPECT_EQ(count(connection), 2); });
  ASSERT_TRUE(say("third"));
  database_->read_anywhere([](Connection& connection) {
    EXPECT_FALSE(connection.secondary());
    EXPECT_EQ(count(connection), 3);
  });
}

TEST_F(ReadingServer, AProcessKnowsTheStateThatOthersHaveMade) {
  const auto other = Database::open(options_, word_schema).value();
  ASSERT_TRUE(other->write([](Connection& connection) -> Result<void> {
    connection.execute("INSERT INTO said(word) VALUES ('of another')");
    return {};
  }));
  database_->read([](Connection& connection) { EXPECT_EQ(count(connection), 2); });
  (void)database_->version();
  change_state("- 1");
  only_reads(true);
  until([&] { return !database_->trouble().empty(); });
  EXPECT_THROW(database_->read_anywhere([](Connection&) {}), Failure);
}

TEST(ServerHosts, AreThoseOfTheUrl) {
  using postgresql::each_host;
  const auto shown = [](const std::string& url) {
    std::string out;
    for (const auto& one : each_host(url)) {
      EXPECT_FALSE(one.writes);
      out += "[" + one.host + " " + one.hostaddr + " " + one.port + "]";
    }
    return out;
  };
  EXPECT_EQ(shown("postgresql://verbund@db1,db2:5433,db3/town"), "[db1  ][db2  5433][db3  ]");
  EXPECT_EQ(shown("postgresql://verbund@db1:5433/town"), "[db1  5433]");
  EXPECT_EQ(shown("postgresql:///town?host=%2Frun%2Fa,%2Frun%2Fb&port=5433"), "[/run/a  5433][/run/b  5433]");
  EXPECT_EQ(shown("postgresql:///town?hostaddr=10.0.0.1,10.0.0.2"), "[ 10.0.0.1 ][ 10.0.0.2 ]");
  EXPECT_EQ(shown("postgresql:///town"), "[  ]");
  EXPECT_EQ(shown("no url"), "[  ]");
}

}  // namespace
}  // namespace verbund::store
