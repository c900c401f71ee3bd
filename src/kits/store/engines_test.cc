// SPDX-License-Identifier: EUPL-1.2
// What both engines must do alike. Runs on SQLite, and on PostgreSQL in a database whose own order is that of German.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "kits/store/driver.h"
#include "kits/store/postgresql_statement.h"
#include "kits/store/store.h"
#include "kits/store/testing/folder.h"

namespace verbund::store {
namespace {

using ::testing::ElementsAre;
using testing::Folder;

const std::vector<Migration> words_schema = {
    {"words", 1,
     "CREATE TABLE word(text TEXT NOT NULL PRIMARY KEY, number BIGINT NOT NULL, note TEXT);"
     "CREATE INDEX word_number ON word(number) WHERE note = ''"}};

class Engines : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open() {
    auto database = Database::open({.path = folder_.store("words.sqlite")}, words_schema);
    EXPECT_TRUE(database) << database.error().text();
    return std::move(*database);
  }
  void write(const std::function<void(Connection&)>& work) {
    ASSERT_TRUE(database_->write([&](Connection& connection) -> Result<void> {
      work(connection);
      return {};
    }));
  }
  std::vector<std::string> column(std::string_view sql) {
    std::vector<std::string> out;
    database_->read([&](Connection& connection) {
      auto rows = connection.prepare(sql);
      while (rows.step()) out.push_back(rows.is_null(0) ? "NULL" : std::string(rows.text(0)));
    });
    return out;
  }
  static void add(Connection& connection, std::string_view text, std::int64_t number) {
    connection.prepare("INSERT INTO word(text, number) VALUES ($1, $2)").bind(1, text).bind(2, number).run();
  }

  const Folder folder_;
  std::unique_ptr<Database> database_ = open();
};

TEST_F(Engines, OrderAndCompareTextByItsBytes) {
  write([](Connection& connection) {
    for (const char* text : {"b", "B", "ä", "a-b", "ab", "a b", "Z", "z", "", "ß", "10", "9"}) add(connection, text, 1);
  });
  const auto order = ElementsAre("", "10", "9", "B", "Z", "a b", "a-b", "ab", "b", "z", "ß", "ä");
  EXPECT_THAT(column("SELECT text FROM word ORDER BY text"), order);
  EXPECT_THAT(column("SELECT text FROM word WHERE text > 'a' ORDER BY text"),
              ElementsAre("a b", "a-b", "ab", "b", "z", "ß", "ä"));
  EXPECT_THAT(column("SELECT MAX(text) FROM word"), ElementsAre("ä"));
  EXPECT_THAT(column("SELECT MIN(text) FROM word WHERE text >= 'B'"), ElementsAre("B"));
  EXPECT_THAT(column("SELECT text FROM word WHERE text = 'Ab'"), ElementsAre());
}

TEST_F(Engines, OrderInATemporaryTableAlike) {
  write([](Connection& connection) {
    connection.execute("CREATE TEMPORARY TABLE IF NOT EXISTS passing(text TEXT NOT NULL)");
    for (const char* text : {"b", "B", "a"})
      connection.prepare("INSERT INTO passing(text) VALUES ($1)").bind(1, text).run();
    std::string order;
    auto rows = connection.prepare("SELECT text FROM passing ORDER BY text");
    while (rows.step()) order += rows.text(0);
    EXPECT_EQ(order, "Bab");
  });
}

TEST_F(Engines, KnowCaseInPatterns) {
  write([](Connection& connection) {
    for (const char* text : {"Amt", "amt", "Äm", "A%t"}) add(connection, text, 1);
  });
  EXPECT_THAT(column("SELECT text FROM word WHERE text LIKE 'a%' ORDER BY text"), ElementsAre("amt"));
  EXPECT_THAT(column("SELECT text FROM word WHERE text LIKE '_m%' ORDER BY text"), ElementsAre("Amt", "amt", "Äm"));
}

TEST_F(Engines, KeepNumbersOf64BitsAndTellTruth) {
  write([](Connection& connection) {
    add(connection, "most", INT64_MAX);
    add(connection, "least", INT64_MIN);
  });
  database_->read([](Connection& connection) {
    auto rows = connection.prepare("SELECT number, number > 0, -7 / 2, -7 % 2 FROM word ORDER BY number");
    ASSERT_TRUE(rows.step());
    EXPECT_EQ(rows.number(0), INT64_MIN);
    EXPECT_EQ(rows.number(1), 0);
    EXPECT_EQ(rows.number(2), -3);
    EXPECT_EQ(rows.number(3), -1);
    ASSERT_TRUE(rows.step());
    EXPECT_EQ(rows.number(0), INT64_MAX);
    EXPECT_EQ(rows.number(1), 1);
    EXPECT_EQ(rows.text(1), "1");
  });
  EXPECT_THROW((void)database_->write([](Connection& connection) -> Result<void> {
    connection.prepare("INSERT INTO word(text, number) VALUES ('x', $1)").bind_null(1).run();
    return {};
  }), Failure);
}

TEST_F(Engines, TellAnEmptyTextFromNothing) {
  write([](Connection& connection) {
    auto add_one = connection.prepare("INSERT INTO word(text, number, note) VALUES ($1, 0, $2)");
    add_one.bind(1, "").bind(2, "").run();
    add_one.bind(1, "x").bind_null(2).run();
  });
  EXPECT_THAT(column("SELECT note FROM word ORDER BY text"), ElementsAre("", "NULL"));
  EXPECT_THAT(column("SELECT text FROM word WHERE note = ''"), ElementsAre(""));
  EXPECT_THAT(column("SELECT COALESCE(note, 'none') FROM word ORDER BY text"), ElementsAre("", "none"));
}

TEST_F(Engines, CountWhatAnInsertThatMeetsARowChanges) {
  write([](Connection& connection) {
    add(connection, "a", 1);
    auto nothing = connection.prepare("INSERT INTO word(text, number) VALUES ($1, 2) ON CONFLICT (text) DO NOTHING");
    nothing.bind(1, "a").run();
    EXPECT_EQ(nothing.changes(), 0);
    nothing.bind(1, "b").run();
    EXPECT_EQ(nothing.changes(), 1);
    auto update = connection.prepare("INSERT INTO word(text, number) VALUES ($1, 5)"
                                     " ON CONFLICT (text) DO UPDATE SET number = word.number + excluded.number");
    update.bind(1, "a").run();
    EXPECT_EQ(update.changes(), 1);
    auto look = connection.prepare("SELECT number FROM word");
    look.run();
    EXPECT_EQ(look.changes(), 0);
    auto gone = connection.prepare("DELETE FROM word");
    gone.run();
    EXPECT_EQ(gone.changes(), 2);
  });
}

TEST_F(Engines, RefuseATextThatIsNoUtf8) {
  database_->read([](Connection& connection) {
    auto row = connection.prepare("SELECT $1");
    EXPECT_THROW(row.bind(1, "\xff"), Failure);
    EXPECT_THROW(row.bind(1, "\xed\xa0\x80"), Failure);
    EXPECT_THROW(row.bind(1, std::string_view("a\0b", 3)), Failure);
    EXPECT_EQ(row.bind(1, "\xf0\x9f\x99\x82").step(), true);
  });
}

TEST_F(Engines, GoOverManyRowsWhileOthersAreAskedFor) {
  static constexpr int rows = 30'000;   // 15 MB: more than is kept in memory
  write([](Connection& connection) {
    const auto bulk = connection.bulk("word", "text, number");
    for (int i = 0; i < rows; ++i) bulk->add(std::to_string(100'000 + i) + std::string(500, 'x')).add(std::int64_t{i});
    bulk->flush();
  });
  database_->read([](Connection& connection) {
    auto all = connection.prepare("SELECT text, number FROM word ORDER BY text");
    auto one = connection.prepare("SELECT number FROM word WHERE text = $1");
    std::int64_t count = 0;
    while (all.step()) {
      EXPECT_EQ(all.number(1), count++);
      if (count % 5'000 != 10) continue;
      ASSERT_TRUE(one.bind(1, all.text(0)).step());
      EXPECT_EQ(one.number(0), all.number(1));
      one.reset();
      EXPECT_EQ(all.number(1), count - 1);   // still the same row
    }
    EXPECT_EQ(count, rows);
    EXPECT_TRUE(all.step());   // from the beginning
    all.reset();
  });
}

TEST_F(Engines, TakeManyRowsAtOnce) {
  const std::vector<std::string> hard = {"tab\there", "line\nfeed", "back\\slash", "\\N", "\\.", "", "\r", "Ł„“", "\\t"};
  write([&](Connection& connection) {
    const auto bulk = connection.bulk("word", "text, number, note");
    for (std::size_t i = 0; i < hard.size(); ++i) {
      bulk->add(hard[i]).add(static_cast<std::int64_t>(i));
      if (i % 2 == 0) bulk->add_null();
      else bulk->add("");
    }
    EXPECT_EQ(connection.prepare("SELECT 7").step(), true);   // between rows
    bulk->flush();
  });
  EXPECT_EQ(column("SELECT text FROM word ORDER BY number"), hard);
  EXPECT_THAT(column("SELECT COUNT(*) FROM word WHERE note IS NULL"), ElementsAre("5"));
  EXPECT_THROW((void)database_->write([](Connection& connection) -> Result<void> {
    const auto bulk = connection.bulk("word", "text, number");
    bulk->add("new").add(std::int64_t{1}).add("\\N").add(std::int64_t{2});
    bulk->flush();
    return {};
  }), Failure);
  EXPECT_EQ(column("SELECT text FROM word ORDER BY number"), hard);
}

TEST_F(Engines, LoseNoRowOfABulkAndShowThemToEachStatement) {
  write([](Connection& connection) {
    const auto bulk = connection.bulk("word", "text, number");
    bulk->add("a").add(std::int64_t{1}).add("b");
    auto count = connection.prepare("SELECT COUNT(*) FROM word");
    EXPECT_TRUE(count.step());
    EXPECT_EQ(count.number(0), 1);   // the half one is not there yet
    count.reset();
    bulk->add(std::int64_t{2}).add("c").add(std::int64_t{3});
    connection.execute("UPDATE word SET number = number + 10 WHERE text = 'c'");
    bulk->add("d").add(std::int64_t{4}).add("half");
  });   // neither flushed nor asked for
  EXPECT_THAT(column("SELECT text FROM word ORDER BY text"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(column("SELECT number FROM word WHERE text = 'c'"), ElementsAre("13"));
  // What was kept back when a transaction ended in an error is not found by the next one.
  EXPECT_FALSE(database_->write([](Connection& connection) -> Result<void> {
    connection.bulk("word", "text, number")->add("e").add(std::int64_t{5});
    return fail(ErrorCode::conflict, "not now");
  }));
  // A key that is there already is a failure at the latest when the transaction commits.
  EXPECT_THROW((void)database_->write([](Connection& connection) -> Result<void> {
    connection.bulk("word", "text, number")->add("f").add(std::int64_t{6}).add("a").add(std::int64_t{7});
    return {};
  }), Failure);
  write([](Connection& connection) { connection.bulk("word", "text, number")->add("g").add(std::int64_t{8}); });
  EXPECT_THAT(column("SELECT text FROM word ORDER BY text"), ElementsAre("a", "b", "c", "d", "g"));
}

TEST_F(Engines, TellOfWhatIsRunLaterWithTheNextStatementOrTheCommit) {
  const auto later = [](Connection& connection, std::string_view text, std::int64_t number) {
    connection.prepare("INSERT INTO word(text, number) VALUES ($1, $2)").bind(1, text).bind(2, number).run_later();
  };
  write([&](Connection& connection) {
    later(connection, "a", 1);
    later(connection, "b", 2);
    auto rows = connection.prepare("SELECT text FROM word WHERE text IN ('a', 'b') ORDER BY text");
    std::string seen;
    while (rows.step()) {
      seen += rows.text(0);
      later(connection, "after " + std::string(rows.text(0)), 3);   // while rows are on the line
    }
    EXPECT_EQ(seen, "ab");
    const auto bulk = connection.bulk("word", "text, number");
    bulk->add("c").add(std::int64_t{3});
    connection.prepare("UPDATE word SET number = 4 WHERE text = 'c'").run_later();
    bulk->add("d").add(std::int64_t{5});
    for (int i = 0; i < 1'000; ++i) later(connection, "many " + std::to_string(i), 6);
  });
  EXPECT_THAT(column("SELECT text FROM word WHERE number < 6 ORDER BY text"),
              ElementsAre("a", "after a", "after b", "b", "c", "d"));
  EXPECT_THAT(column("SELECT number FROM word WHERE text = 'c'"), ElementsAre("4"));
  EXPECT_THAT(column("SELECT COUNT(*) FROM word WHERE number = 6"), ElementsAre("1000"));
  // What fails is told by a later statement or by the commit; nothing of the transaction is kept.
  EXPECT_THROW((void)database_->write([&](Connection& connection) -> Result<void> {
    later(connection, "new", 7);
    later(connection, "a", 7);
    later(connection, "newer", 7);
    return {};
  }), Failure);
  EXPECT_THROW((void)database_->write([&](Connection& connection) -> Result<void> {
    later(connection, "a", 7);
    connection.prepare("SELECT COUNT(*) FROM word").step();
    return {};
  }), Failure);
  EXPECT_FALSE(database_->write([&](Connection& connection) -> Result<void> {
    later(connection, "new", 7);
    return fail(ErrorCode::conflict, "not now");
  }));
  EXPECT_THAT(column("SELECT COUNT(*) FROM word WHERE number = 7"), ElementsAre("0"));
  write([&](Connection& connection) { later(connection, "e", 8); });
  EXPECT_THAT(column("SELECT text FROM word WHERE number > 6"), ElementsAre("e"));
}

TEST_F(Engines, NoticeCommitsOfOthersWithinMilliseconds) {
  const auto other = open();
  (void)other->version();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));   // a listener has come to the line
  const auto before = other->version();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(other->version(), before);
  write([](Connection& connection) { add(connection, "a", 1); });
  const auto begin = std::chrono::steady_clock::now();
  while (other->version() == before && std::chrono::steady_clock::now() - begin < std::chrono::seconds(5))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_NE(other->version(), before);
  RecordProperty("noticed_us", std::to_string((std::chrono::steady_clock::now() - begin).count() / 1000));
  // What changes nothing is no news; what we do ourselves shows at once.
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto own = other->version();
  ASSERT_TRUE(other->write([](Connection& connection) -> Result<void> {
    connection.prepare("UPDATE word SET number = 2 WHERE text = 'nobody'").run();
    return {};
  }));
  EXPECT_EQ(other->version(), own);
  ASSERT_TRUE(other->write([](Connection& connection) -> Result<void> {
    add(connection, "b", 1);
    return {};
  }));
  EXPECT_NE(other->version(), own);
}

TEST_F(Engines, GiveALockToOneAtATime) {
  const auto other = open();
  auto mine = database_->try_lock("leader");
  ASSERT_TRUE(mine);
  EXPECT_TRUE(mine->held());
  EXPECT_FALSE(database_->try_lock("leader"));
  EXPECT_FALSE(other->try_lock("leader"));
  auto another = other->try_lock("other-leader");
  EXPECT_TRUE(another);
  mine.reset();
  std::unique_ptr<NamedLock> theirs;
  for (int i = 0; !theirs && i < 200; ++i) {
    theirs = other->try_lock("leader");
    if (!theirs) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_TRUE(theirs);
  EXPECT_TRUE(theirs->held());
  EXPECT_THROW(database_->try_lock("Not A Name"), Failure);
}

TEST_F(Engines, RunMigrationsOnceHoweverManyStartTogether) {
  for (int round = 0; round < 2; ++round) {
    const std::string where = folder_.store("round" + std::to_string(round));
    std::atomic<int> good = 0;
    std::vector<std::thread> openers;
    for (int i = 0; i < 8; ++i)
      openers.emplace_back([&] {
        const auto opened = Database::open({.path = where}, words_schema);
        if (opened) ++good;
        else ADD_FAILURE() << opened.error().text();
      });
    for (auto& opener : openers) opener.join();
    EXPECT_EQ(good, 8);
  }
}

TEST(EngineText, TheSchemaSaysThatTextIsComparedByBytes) {
  using postgresql::schema_text;
  EXPECT_EQ(schema_text("CREATE TABLE a(b TEXT NOT NULL, c BIGINT, TEXTS BIGINT)"),
            "CREATE TABLE a(b TEXT COLLATE \"C\" NOT NULL, c BIGINT, TEXTS BIGINT)");
  EXPECT_EQ(schema_text("ALTER TABLE a ADD COLUMN b TEXT"), "ALTER TABLE a ADD COLUMN b TEXT COLLATE \"C\"");
  EXPECT_EQ(schema_text("CREATE TABLE a(b BIGINT DEFAULT ' TEXT ')"), "CREATE TABLE a(b BIGINT DEFAULT ' TEXT ')");
  EXPECT_EQ(schema_text("DELETE FROM a WHERE b = CAST(c AS TEXT)"), "DELETE FROM a WHERE b = CAST(c AS TEXT)");
}

TEST(EngineText, ParametersAreCountedOutsideOfTexts) {
  EXPECT_EQ(postgresql::parameter_count("SELECT $2 || $1, '$9', \"$8\", 'it''s $7'"), 2);
  EXPECT_EQ(postgresql::parameter_count("SELECT 1"), 0);
}

TEST(EngineText, ALocationIsShownWithoutItsPassword) {
  const std::pair<const char*, const char*> cases[] = {
      {"/var/lib/verbund/node.sqlite", "/var/lib/verbund/node.sqlite"},
      {"postgresql://verbund:geheim@db1,db2:5432/stadt?sslmode=require",
       "postgresql://verbund@db1,db2:5432/stadt?sslmode=require"},
      {"postgres://verbund@db/stadt", "postgres://verbund@db/stadt"},
      {"postgresql:///stadt?user=verbund&password=geheim&host=db", "postgresql:///stadt?user=verbund&password=...&host=db"},
  };
  for (const auto& [location, text] : cases) EXPECT_EQ(shown(location), text);
  EXPECT_TRUE(is_server("postgres://x"));
  EXPECT_FALSE(is_server("postgresql.sqlite"));
}

}  // namespace
}  // namespace verbund::store
