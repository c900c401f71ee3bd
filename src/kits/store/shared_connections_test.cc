// SPDX-License-Identifier: EUPL-1.2
// Several databases of one server that take turns on few connections: none sees what is another one's, whatever happened
// on a connection before. Needs a throw-away cluster (script/with-postgresql); without one these tests are skipped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "kits/store/store.h"
#include "kits/store/testing/cutting_line.h"
#include "kits/store/testing/folder.h"

namespace verbund::store {
namespace {

using namespace std::chrono_literals;

const std::vector<Migration> owner_schema = {
    {"owner", 1, "CREATE TABLE owner_word(id BIGINT NOT NULL PRIMARY KEY, word TEXT NOT NULL)"}};

class SharedConnections : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::on_server()) GTEST_SKIP() << "skipped: no cluster (script/with-postgresql)";
    const std::string place = folder_.store("x");
    const std::size_t options = place.find("&options");
    ASSERT_NE(options, std::string::npos);
    base_ = place.substr(0, options);
    prefix_ = place.substr(place.find("%3D", options) + 3);
    line_ = std::make_unique<testing::CuttingLine>(folder_.path(),
                                                   std::string(std::getenv("VERBUND_POSTGRESQL_FOLDER")) + "/.s.PGSQL.5432");
    a_ = open("a");
    b_ = open("b");
    write(*a_, "of a");
    write(*b_, "of b");
  }
  void TearDown() override {
    a_.reset();
    b_.reset();
    connections_.reset();
    line_.reset();
  }
  std::unique_ptr<Database> open(const std::string& name) {
    Options options;
    options.path = "postgresql://verbund@/postgres?host=" + folder_.path();
    options.schema = prefix_ + "_" + name;
    options.connections = connections_;
    options.patience_ms = 30'000;
    options.reader_wait_ms = 60'000;
    auto out = Database::open(options, owner_schema);
    EXPECT_TRUE(out) << out.error().text();
    return std::move(*out);
  }
  // The same schema as another process has it: without the shared connections.
  std::unique_ptr<Database> elsewhere(const std::string& name) {
    return Database::open({.path = base_ + "&options=-csearch_path%3D" + prefix_ + "_" + name}, owner_schema).value();
  }
  static void write(Database& database, const std::string& word) {
    ASSERT_TRUE(database.write([&](Connection& connection) -> Result<void> {
      connection.prepare("INSERT INTO owner_word(id, word) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET word = excluded.word")
          .bind(1, word).run();
      return {};
    }));
  }
  static std::string word(Database& database) {
    std::string out;
    database.read([&](Connection& connection) {
      auto rows = connection.prepare("SELECT word FROM owner_word ORDER BY id");
      while (rows.step()) out += (out.empty() ? "" : ",") + std::string(rows.text(0));
    });
    return out;
  }

  const testing::Folder folder_;
  std::string base_, prefix_;
  std::unique_ptr<testing::CuttingLine> line_;
  std::shared_ptr<Connections> connections_ = shared_connections({.readers = 1, .writers = 1});
  std::unique_ptr<Database> a_, b_;
};

TEST_F(SharedConnections, EachSeesItsOwnRowsOnTheSameConnection) {
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(word(*a_), "of a");
    EXPECT_EQ(word(*b_), "of b");
    EXPECT_EQ(word(*b_), "of b");
    write(*a_, "of a");
    write(*b_, "of b");
  }
  auto beside = elsewhere("a");
  EXPECT_EQ(word(*beside), "of a");
}

TEST_F(SharedConnections, AlsoAfterWhatFailed) {
  for (int round = 0; round < 5; ++round) {
    EXPECT_THROW(a_->read([](Connection& connection) { connection.execute("SELECT nothing FROM nowhere"); }), Failure);
    EXPECT_EQ(word(*b_), "of b");
    EXPECT_THROW((void)a_->write([](Connection& connection) -> Result<void> {
      connection.execute("INSERT INTO owner_word(id, word) VALUES (1, 'twice')");
      return {};
    }), Failure);
    EXPECT_EQ(word(*b_), "of b");
    EXPECT_FALSE(a_->write([](Connection& connection) -> Result<void> {
      connection.execute("UPDATE owner_word SET word = 'rolled back'");
      return fail(ErrorCode::conflict, "no");
    }));
    EXPECT_THROW(b_->read([](Connection&) { throw std::runtime_error("of the reader"); }), std::runtime_error);
    EXPECT_EQ(word(*a_), "of a");
    write(*b_, "of b");
    EXPECT_EQ(word(*a_), "of a");
  }
}

TEST_F(SharedConnections, AlsoAfterTheServerWasLost) {
  for (int round = 0; round < 3; ++round) {
    line_->away = true;
    std::this_thread::sleep_for(60ms);
    line_->away = false;
    const auto again = [](const std::function<void()>& work) {
      for (int tries = 0; tries < 600; ++tries) {
        try {
          return work();
        } catch (const Failure&) {
          std::this_thread::sleep_for(50ms);
        }
      }
      work();
    };
    again([&] { EXPECT_EQ(word(*b_), "of b"); });
    again([&] { write(*a_, "of a"); });
    again([&] { EXPECT_EQ(word(*a_), "of a"); });
    again([&] { write(*b_, "of b"); });
  }
}

TEST_F(SharedConnections, UnderLoadNothingIsMixed) {
  std::atomic<int> wrong{0}, right{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 100; ++i) {
          const bool first = (i + t) % 2 == 0;
          if (i % 10 == t) write(first ? *a_ : *b_, first ? "of a" : "of b");
          ++(word(first ? *a_ : *b_) == (first ? "of a" : "of b") ? right : wrong);
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(right, 400);
}

TEST_F(SharedConnections, ALockOfOneIsNoneOfTheOtherAndHeldOnceAlsoInOneProcess) {
  auto of_a = a_->try_lock("log-log");
  auto of_b = b_->try_lock("log-log");
  ASSERT_TRUE(of_a);
  ASSERT_TRUE(of_b);
  EXPECT_FALSE(a_->try_lock("log-log"));
  auto other = elsewhere("a");
  EXPECT_FALSE(other->try_lock("log-log"));
  EXPECT_TRUE(of_a->held());
  of_a.reset();
  auto taken = other->try_lock("log-log");
  ASSERT_TRUE(taken);
  EXPECT_TRUE(of_b->held());
  EXPECT_FALSE(a_->try_lock("log-log"));
}

TEST_F(SharedConnections, LocksEndWithTheirSession) {
  auto of_a = a_->try_lock("log-log");
  auto of_b = b_->try_lock("process-x");
  line_->away = true;
  const auto until = std::chrono::steady_clock::now() + 60s;
  while ((of_a->held() || of_b->held()) && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(10ms);
  EXPECT_FALSE(of_a->held());
  EXPECT_FALSE(of_b->held());
  line_->away = false;
  std::unique_ptr<NamedLock> again;
  while (!again && std::chrono::steady_clock::now() < until) {
    try {
      again = a_->try_lock("log-log");
    } catch (const Failure&) {
    }
    if (!again) std::this_thread::sleep_for(10ms);
  }
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->held());
  EXPECT_FALSE(of_a->held()) << "never true again";
}

TEST_F(SharedConnections, NewsAreThoseOfTheDatabaseItself) {
  a_->version();
  b_->version();
  auto other = elsewhere("a");
  const auto until = std::chrono::steady_clock::now() + 60s;
  const auto notices = [&](Database& database, Database& writer, const char* word) {
    const auto before = database.version();
    write(writer, word);
    while (database.version() == before && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(5ms);
    return database.version() != before;
  };
  auto other_b = elsewhere("b");
  EXPECT_TRUE(notices(*a_, *other, "of a"));
  EXPECT_TRUE(notices(*b_, *other_b, "of b"));
  const auto before = b_->version();
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(notices(*a_, *other, "of a"));
  EXPECT_LE(b_->version() - before, 2) << "what was under way to it, and nothing of the fifty";
}

TEST_F(SharedConnections, AWordThatIsNoSchemaOpensNothing) {
  Options options;
  options.path = base_;
  options.schema = prefix_ + "_a, public";
  options.connections = connections_;
  EXPECT_FALSE(Database::open(options, owner_schema));
}

}  // namespace
}  // namespace verbund::store
