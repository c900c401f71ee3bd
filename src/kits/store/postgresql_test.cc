// SPDX-License-Identifier: EUPL-1.2
// A server that is lost at the worst moments, is away, or has no room. Needs a throw-away cluster
// (script/with-postgresql); without one these tests are skipped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "kits/store/store.h"
#include "kits/store/testing/cutting_line.h"
#include "kits/store/testing/folder.h"

namespace verbund::store {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::CuttingLine;
using testing::Folder;
using Cut = CuttingLine::Cut;

const std::vector<Migration> tally_schema = {
    {"tally", 1, "CREATE TABLE tally(id BIGINT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);"
                 "INSERT INTO tally(id, value) VALUES (1, 0)"}};

class LostServer : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::on_server()) GTEST_SKIP() << "skipped: no cluster (script/with-postgresql)";
    const std::string folder = std::getenv("VERBUND_POSTGRESQL_FOLDER");
    line_ = std::make_unique<CuttingLine>(folder_.path(), folder + "/.s.PGSQL.5432");
    direct_ = Database::open({.path = folder_.store("x")}, tally_schema).value();
    options_.path = "postgresql://verbund@/postgres?host=" + folder_.path() +
                    folder_.store("x").substr(folder_.store("x").find("&options"));
    options_.patience_ms = 3'000;
    options_.reader_wait_ms = 200;
    database_ = Database::open(options_, tally_schema).value();
  }
  void TearDown() override {
    database_.reset();
    direct_.reset();
    line_.reset();
  }
  std::int64_t value() {
    std::int64_t out = -1;
    direct_->read([&](Connection& connection) {
      auto row = connection.prepare("SELECT value FROM tally");
      if (row.step()) out = row.number(0);
    });
    return out;
  }
  static Result<void> count_up(Connection& connection) {
    connection.prepare("UPDATE tally SET value = value + 1").run();
    return {};
  }
  void throw_all_out() {
    line_->away = true;
    std::this_thread::sleep_for(60ms);
    line_->away = false;
  }

  const Folder folder_;
  Options options_;
  std::unique_ptr<CuttingLine> line_;
  std::unique_ptr<Database> direct_, database_;   // not over the line, over it
};

TEST_F(LostServer, ACommitWhoseAnswerWasLostIsFoundOutAndNotDoneTwice) {
  for (int i = 1; i <= 5; ++i) {
    line_->cut = Cut::after_commit;
    int runs = 0;
    ASSERT_TRUE(database_->write([&](Connection& connection) {
      ++runs;
      return count_up(connection);
    }, Again::yes));
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(value(), i);
  }
}

// What a server says whose wait for a synchronous replica was cancelled ("COMMIT", and a warning), said by a trigger.
// `also`: what happens to the transaction besides.
void warn_at_commit(Database& database, const std::string& also) {
  ASSERT_TRUE(database.write([&](Connection& connection) -> Result<void> {
    connection.execute("CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                       "RAISE WARNING 'canceling wait for synchronous replication'; " + also + " RETURN NULL; END $$;"
                       "CREATE CONSTRAINT TRIGGER warn AFTER UPDATE ON tally DEFERRABLE INITIALLY DEFERRED"
                       " FOR EACH ROW EXECUTE FUNCTION warn()");
    return {};
  }));
}

TEST_F(LostServer, ACommitThatNoReplicaConfirmedIsLookedForAgain) {
  warn_at_commit(*direct_, "");
  for (int i = 1; i <= 3; ++i) {
    int runs = 0;
    ASSERT_TRUE(database_->write([&](Connection& connection) {
      ++runs;
      return count_up(connection);
    }, Again::yes));
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(value(), i);
  }
}

TEST_F(LostServer, ACommitThatNoReplicaConfirmedAndThatIsGoneIsAFailure) {
  // The row that says what was committed is not there: as on a replica that was made primary without it.
  warn_at_commit(*direct_, "DELETE FROM store_commit;");
  options_.path += "%20-cclient_min_messages%3Derror";   // whatever is set for the user
  const auto quiet = Database::open(options_, tally_schema).value();
  for (Database* each : {database_.get(), quiet.get()}) {
    try {
      (void)each->write(count_up);
      ADD_FAILURE() << "said to be kept";
    } catch (const Failure& failure) {
      EXPECT_THAT(failure.what(), HasSubstr("did not wait for its replica"));
    }
  }
}

TEST_F(LostServer, ACommitWaitsForReplicasWhateverIsSetForTheUser) {
  for (const char* set : {"off", "local", "remote_write", "on", "remote_apply"}) {
    Options options = options_;
    options.path += std::string("%20-csynchronous_commit%3D") + set;
    Database::open(options, tally_schema).value()->read([&](Connection& connection) {
      auto row = connection.prepare("SELECT current_setting('synchronous_commit')");
      ASSERT_TRUE(row.step());
      EXPECT_EQ(row.text(0), std::string_view(set) == "remote_apply" ? "remote_apply" : "on") << set;
    });
  }
}

TEST_F(LostServer, ACommitThatDidNotArriveIsDoneAgainWhereThatIsAllowed) {
  line_->cut = Cut::before_commit;
  int runs = 0;
  ASSERT_TRUE(database_->write([&](Connection& connection) {
    ++runs;
    return count_up(connection);
  }, Again::yes));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(value(), 1);
}

TEST_F(LostServer, ACommitThatDidNotArriveIsAFailureWhereTheWorkCannotBeRunAgain) {
  line_->cut = Cut::before_commit;
  EXPECT_THROW((void)database_->write(count_up), Failure);
  EXPECT_EQ(value(), 0);
  ASSERT_TRUE(database_->write(count_up));
  EXPECT_EQ(value(), 1);
}

TEST_F(LostServer, WhatIsLostBeforeItsCommitIsAFailureAndNotKept) {
  const auto lose = [&](Connection& connection) -> Result<void> {
    connection.prepare("UPDATE tally SET value = value + 1").run_later();
    throw_all_out();
    return {};
  };
  EXPECT_THROW((void)database_->write(lose), Failure);
  EXPECT_EQ(value(), 0);
  ASSERT_TRUE(database_->write(count_up));
  EXPECT_EQ(value(), 1);
}

TEST_F(LostServer, AWriteThatHasNotBegunIsTriedAgain) {
  ASSERT_TRUE(database_->write(count_up));
  throw_all_out();
  ASSERT_TRUE(database_->write(count_up));   // its connection was gone
  EXPECT_EQ(value(), 2);
  line_->away = true;
  std::thread comes_back([&] {
    std::this_thread::sleep_for(700ms);
    line_->away = false;
  });
  EXPECT_TRUE(database_->write(count_up));
  comes_back.join();
  EXPECT_EQ(value(), 3);
}

TEST_F(LostServer, AReadTakesANewConnectionWhenItsOwnIsGone) {
  for (int i = 0; i < 3; ++i) {
    database_->read([](Connection& connection) { EXPECT_TRUE(connection.prepare("SELECT 1").step()); });
    throw_all_out();
  }
  EXPECT_THROW(database_->read([&](Connection& connection) {
    throw_all_out();
    connection.prepare("SELECT 1").step();
  }), Failure);
  database_->read([](Connection& connection) { EXPECT_TRUE(connection.prepare("SELECT 1").step()); });
}

TEST_F(LostServer, WhileItIsAwayNobodyWaitsAndItSaysSo) {
  EXPECT_EQ(database_->trouble(), "");
  (void)database_->version();
  line_->away = true;
  const auto nothing = [](Connection&) {};
  EXPECT_THROW(database_->read(nothing), Failure);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) EXPECT_THROW(database_->read(nothing), Failure);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
  EXPECT_NE(database_->trouble(), "");
  const auto before = database_->version();   // answers without the server
  ASSERT_TRUE(direct_->write(count_up));
  line_->away = false;
  for (int i = 0; i < 300 && (!database_->trouble().empty() || database_->version() == before); ++i)
    std::this_thread::sleep_for(10ms);
  EXPECT_EQ(database_->trouble(), "");
  EXPECT_NE(database_->version(), before) << "what happened meanwhile is to be looked for";
  database_->read(nothing);
}

TEST_F(LostServer, ALockIsLostWithItsSessionAndStaysLost) {
  const auto mine = database_->try_lock("leader");
  ASSERT_TRUE(mine);
  throw_all_out();
  for (int i = 0; i < 500 && mine->held(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_FALSE(mine->held());
  std::unique_ptr<NamedLock> theirs;
  for (int i = 0; i < 500 && !theirs; ++i) {
    theirs = direct_->try_lock("leader");
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(theirs);
  EXPECT_FALSE(mine->held());
}

TEST_F(LostServer, AReadSaysWhenNoConnectionBecomesFree) {
  options_.readers = 1;
  const auto narrow = Database::open(options_, tally_schema).value();
  narrow->read([&](Connection&) {
    std::string reason;
    std::thread([&] {
      try {
        narrow->read([](Connection&) {});
      } catch (const Failure& failure) {
        reason = failure.what();
      }
    }).join();
    EXPECT_THAT(reason, HasSubstr("none of the 1 connections became free within 200 ms"));
  });
  narrow->read([](Connection&) {});
}

TEST_F(LostServer, AWriterSaysWhenAnotherOneTakesTooLong) {
  options_.busy_timeout_ms = 100;
  const auto impatient = Database::open(options_, tally_schema).value();
  ASSERT_TRUE(direct_->write([&](Connection& connection) {
    EXPECT_THROW((void)impatient->write(count_up), Failure);
    return count_up(connection);
  }));
  ASSERT_TRUE(impatient->write(count_up));
  EXPECT_EQ(value(), 2);
}

TEST_F(LostServer, WhatProcessesThatAreLongOverLeftBehindGoesWithTheNextOne) {
  ASSERT_TRUE(direct_->write([](Connection& connection) -> Result<void> {
    connection.execute("INSERT INTO store_commit(writer, token, at) VALUES ('long over', 1, 1000)");
    return {};
  }));
  const auto next = Database::open({.path = folder_.store("x")}, tally_schema).value();
  std::vector<std::string> left;
  next->read([&](Connection& connection) {
    auto rows = connection.prepare("SELECT writer FROM store_commit");
    while (rows.step()) left.emplace_back(rows.text(0));
  });
  EXPECT_FALSE(left.empty());   // those of now
  for (const auto& writer : left) EXPECT_NE(writer, "long over");
}

TEST_F(LostServer, WorkThatGoesOnAfterAFailureIsNotTakenForKept) {
  EXPECT_THROW((void)database_->write([](Connection& connection) -> Result<void> {
    auto done = count_up(connection);
    try {
      connection.execute("INSERT INTO tally(id, value) VALUES (1, 1)");
    } catch (const Failure&) {
    }
    return done;
  }), Failure);
  EXPECT_EQ(value(), 0);
}

TEST(ServerAddress, SaysWhatIsWrongWithIt) {
  for (const char* url : {"postgresql://nobody@/x?host=/nonexistent", "postgresql://x?nonsense=1", "postgres://[",
                          "postgresql://127.0.0.1:1/x"}) {
    const auto opened = Database::open({.path = url}, {});
    ASSERT_FALSE(opened) << url;
    EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
    EXPECT_THAT(opened.error().text(), HasSubstr("start the database server"));
  }
}

}  // namespace
}  // namespace verbund::store
