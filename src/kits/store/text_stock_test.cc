// SPDX-License-Identifier: EUPL-1.2
// Texts in common, on SQLite, and on PostgreSQL where there is a throw-away cluster (script/with-postgresql).
#include "kits/store/text_stock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "kits/crypto/digest.h"
#include "kits/store/copy.h"
#include "kits/store/driver.h"
#include "kits/store/testing/folder.h"
#include "kits/store/text_stock_store.h"

namespace verbund::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t day = 24 * 3'600;

const std::vector<Migration> letters = {
    {"letters", 1,
     "CREATE TABLE letter(id BIGINT NOT NULL PRIMARY KEY, sender TEXT NOT NULL, body TEXT NOT NULL);"
     "CREATE TABLE word(text TEXT NOT NULL PRIMARY KEY)"}};
const SharedColumn bodies = {"letter", "INSERT INTO letter(id, sender, body)", 2, "SELECT body FROM letter"};

std::string long_text(const std::string& word) {
  std::string out = word;
  while (out.size() < 4'000) out += " " + word + " äöü";
  return out;
}

class TextStockTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open(const std::string& name) {
    auto database = open_sharing({.path = folder_.store(name)}, letters, {place(), name, bodies}, &stocks_);
    EXPECT_TRUE(database) << database.error().text();
    return std::move(*database);
  }
  std::string place() const {
    const std::string there = folder_.store("texts.sqlite");
    return testing::on_server() ? there.substr(there.rfind("%3D") + 3) : "texts.sqlite";
  }
  static void put(Database& database, std::int64_t id, std::string_view body) {
    ASSERT_TRUE(database.write([&](Connection& connection) -> Result<void> {
      put(connection, id, body);
      return {};
    }));
  }
  static void put(Connection& connection, std::int64_t id, std::string_view body) {
    connection.prepare("INSERT INTO letter(id, sender, body) VALUES ($1, $2, $3)"
                       " ON CONFLICT (id) DO UPDATE SET body = excluded.body")
        .bind(1, id).bind(2, "x").bind(3, body).run();
  }
  static void drop(Database& database, std::int64_t id) {
    ASSERT_TRUE(database.write([&](Connection& connection) -> Result<void> {
      connection.prepare("DELETE FROM letter WHERE id = $1").bind(1, id).run();
      return {};
    }));
  }
  static std::string body(Database& database, std::int64_t id) {
    std::string out;
    database.read([&](Connection& connection) {
      auto row = connection.prepare("SELECT body FROM letter WHERE id = $1");
      if (row.bind(1, id).step()) out = row.text(0);
    });
    return out;
  }
  // What really stands there.
  std::string row_of(const std::string& name, std::int64_t id) {
    auto raw = open_alone({.path = folder_.store(name)}, letters);
    return raw ? body(**raw, id) : raw.error().text();
  }
  std::int64_t texts_kept() {
    auto raw = open_alone({.path = folder_.store("texts.sqlite")}, text_stock_migrations());
    EXPECT_TRUE(raw) << raw.error().text();
    std::int64_t out = 0;
    (*raw)->read([&](Connection& connection) {
      auto row = connection.prepare("SELECT COUNT(*) FROM text_body");
      row.step();
      out = row.number(0);
    });
    return out;
  }
  static std::int64_t now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
  }

  const testing::Folder folder_;
  TextStocks stocks_;
};

TEST_F(TextStockTest, TheSameTextOfTwoStandsOnce) {
  auto a = open("a"), b = open("b");
  const std::string text = long_text("Hund");
  put(*a, 1, text);
  ASSERT_TRUE(b->write([&](Connection& connection) -> Result<void> {
    auto rows = connection.bulk("letter", "id, sender, body");
    rows->add(std::int64_t{1}).add("x").add(text);
    rows->add(std::int64_t{2}).add("x").add("kurz");
    rows->flush();
    return {};
  }));
  EXPECT_EQ(body(*a, 1), text);
  EXPECT_EQ(body(*b, 1), text);
  EXPECT_EQ(body(*b, 2), "kurz");
  EXPECT_EQ(row_of("b", 2), "kurz");
  EXPECT_LT(row_of("a", 1).size(), 100u);
  EXPECT_EQ(row_of("a", 1), row_of("b", 1));
  EXPECT_EQ(texts_kept(), 1);
  b.reset();
  EXPECT_EQ(body(*open("b"), 1), text) << "opened anew";
}

TEST_F(TextStockTest, ATextOfAnotherIsNotReadWhateverStandsInTheRows) {
  auto a = open("a"), b = open("b");
  const std::string secret = long_text("Geheim");
  put(*b, 1, secret);
  const std::string reference = row_of("b", 1);
  {
    auto raw = open_alone({.path = folder_.store("a")}, letters);
    ASSERT_TRUE(raw);
    put(**raw, 1, reference);   // forged: beside the program
  }
  try {
    ADD_FAILURE() << body(*a, 1).substr(0, 20);
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("not there"));
    EXPECT_EQ(std::string(failure.what()).find("Geheim"), std::string::npos);
  }
  put(*a, 2, reference);        // through the program it is a text like others
  EXPECT_EQ(body(*a, 2), reference);
  put(*a, 1, secret);           // who has it himself, has it
  EXPECT_EQ(body(*a, 1), secret);
}

TEST_F(TextStockTest, TextsThatLookLikeReferencesAreTextsToo) {
  auto a = open("a");
  const std::string one(1, '\x01');
  const std::vector<std::string> hostile = {one, one + "=", one + "+", one + "+x", one + one + "=",
                                            one + "=" + std::string(64, 'a'), one + "=" + long_text("x")};
  ASSERT_TRUE(a->write([&](Connection& connection) -> Result<void> {
    auto rows = connection.bulk("word", "text");
    for (std::size_t i = 0; i < hostile.size(); ++i) {
      put(connection, static_cast<std::int64_t>(i), hostile[i]);
      rows->add(hostile[i]);
    }
    rows->flush();
    return {};
  }));
  a->read([&](Connection& connection) {
    for (std::size_t i = 0; i < hostile.size(); ++i) {
      auto row = connection.prepare("SELECT body FROM letter WHERE id = $1");
      ASSERT_TRUE(row.bind(1, static_cast<std::int64_t>(i)).step());
      EXPECT_EQ(row.text(0), hostile[i]);
      auto word = connection.prepare("SELECT text FROM word WHERE text = $1");
      ASSERT_TRUE(word.bind(1, hostile[i]).step()) << i;
      EXPECT_EQ(word.text(0), hostile[i]);
    }
  });
}

TEST_F(TextStockTest, WithinOneTransactionTheyAreReadAsWritten) {
  auto a = open("a");
  ASSERT_TRUE(a->write([&](Connection& connection) -> Result<void> {
    for (std::int64_t i = 0; i < 1'500; ++i) put(connection, i, long_text(std::to_string(i)));   // more than wait
    for (std::int64_t i : {0, 700, 1'499}) {
      auto row = connection.prepare("SELECT body FROM letter WHERE id = $1");
      EXPECT_TRUE(row.bind(1, i).step());
      EXPECT_EQ(row.text(0), long_text(std::to_string(i)));
    }
    return {};
  }));
  EXPECT_EQ(body(*a, 1'000), long_text("1000"));
  EXPECT_EQ(texts_kept(), 1'500);
}

TEST_F(TextStockTest, WhatWasNotCommittedLeavesTextsThatNobodyNames) {
  auto a = open("a");
  put(*a, 1, long_text("alt"));
  const auto write_and_fail = [&] {
    (void)a->write([&](Connection& connection) -> Result<void> {
      for (std::int64_t i = 1; i < 1'500; ++i) put(connection, i, long_text("neu" + std::to_string(i)));
      throw Failure("the end of the process");   // after texts have gone to the stock
    });
  };
  EXPECT_THROW(write_and_fail(), Failure);
  EXPECT_EQ(body(*a, 1), long_text("alt"));
  EXPECT_GT(texts_kept(), 1);
  EXPECT_EQ(sweep_texts(*a, now()).notes, 0) << "somebody may still be writing";
  EXPECT_GT(sweep_texts(*a, now() + 2 * day).texts, 0);
  EXPECT_EQ(texts_kept(), 1);
  EXPECT_EQ(body(*a, 1), long_text("alt"));
}

TEST_F(TextStockTest, AProcessThatDiesBetweenTextAndRowLosesNothing) {
  put(*open("a"), 1, long_text("alt"));
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    TextStocks stocks;
    auto a = open_sharing({.path = folder_.store("a")}, letters, {place(), "a", bodies}, &stocks);
    if (!a) ::_exit(2);
    (void)(*a)->write([&](Connection& connection) -> Result<void> {
      for (std::int64_t i = 1; i < 1'500; ++i) put(connection, i, long_text("neu" + std::to_string(i)));
      ::_exit(0);
    });
    ::_exit(3);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  EXPECT_GT(texts_kept(), 1) << "texts went to the stock before the rows that name them";
  auto a = open("a");
  EXPECT_EQ(body(*a, 1), long_text("alt"));
  EXPECT_EQ(body(*a, 2), "");
  put(*a, 2, long_text("neu2"));
  EXPECT_EQ(body(*a, 2), long_text("neu2"));
}

TEST_F(TextStockTest, ATextGoesWhenNobodyNamesItAnyMore) {
  auto a = open("a"), b = open("b");
  for (Database* database : {a.get(), b.get()}) {
    put(*database, 1, long_text("gemeinsam"));
    put(*database, 2, long_text("bleibt"));
  }
  drop(*a, 1);
  Swept swept = sweep_texts(*a, now() + 2 * day);
  EXPECT_EQ(swept.notes, 1);
  EXPECT_EQ(swept.texts, 0) << "the other one has it";
  EXPECT_EQ(body(*b, 1), long_text("gemeinsam"));
  drop(*b, 1);
  swept = sweep_texts(*b, now() + 2 * day);
  EXPECT_EQ(swept.texts, 1);
  EXPECT_EQ(texts_kept(), 1);
  put(*a, 1, long_text("gemeinsam"));
  EXPECT_EQ(body(*a, 1), long_text("gemeinsam")) << "comes again";
  EXPECT_EQ(body(*b, 2), long_text("bleibt"));
  auto none = Database::open({.path = folder_.store("alone")}, letters);
  ASSERT_TRUE(none);
  EXPECT_EQ(sweep_texts(**none, now() + 2 * day).notes, 0);
}

TEST_F(TextStockTest, ACopyHoldsTheTextsThemselves) {
  auto a = open("a");
  auto alone = Database::open({.path = folder_.store("alone")}, letters);
  ASSERT_TRUE(alone);
  for (std::int64_t i = 0; i < 20; ++i) {
    put(*a, i, long_text(std::to_string(i)));
    put(**alone, i, long_text(std::to_string(i)));
  }
  a.reset();
  auto from = Database::open({.path = folder_.store("a")}, letters);   // finds the stock by itself
  ASSERT_TRUE(from) << from.error().text();
  const auto quiet = [](std::string_view, std::int64_t) { return Result<void>(); };
  (*from)->read([&](Connection& connection) {
    auto copied = copy_store(connection, {.path = folder_.store("copy")}, letters, quiet);
    ASSERT_TRUE(copied) << copied.error().text();
  });
  EXPECT_EQ(row_of("copy", 7), long_text("7"));
  auto copy = Database::open({.path = folder_.store("copy")}, letters);
  ASSERT_TRUE(copy);
  for (const Table& table : tables_of(letters)) {
    std::vector<crypto::Digest> digests;
    for (Database* database : {from->get(), copy->get(), alone->get()}) {
      database->read([&](Connection& connection) {
        digests.push_back(digest_table(connection, table, quiet)->digest);
      });
    }
    EXPECT_EQ(digests[0], digests[1]);
    EXPECT_EQ(digests[0], digests[2]);
  }
  if (testing::on_server()) return;
  EXPECT_TRUE(shares_texts(folder_.store("a")));
  EXPECT_FALSE(shares_texts(folder_.store("copy")));
  EXPECT_FALSE(shares_texts(folder_.store("nowhere")));
}

TEST_F(TextStockTest, WithoutTheStockNothingIsGuessed) {
  if (testing::on_server()) GTEST_SKIP() << "skipped: a server has no file";
  auto a = open("a");
  put(*a, 1, long_text("Hund"));
  a.reset();
  std::filesystem::remove(folder_.store("texts.sqlite"));
  auto again = open("a");
  EXPECT_THROW(body(*again, 1), Failure);
  put(*again, 1, long_text("Hund"));
  EXPECT_EQ(body(*again, 1), long_text("Hund"));
}

}  // namespace
}  // namespace verbund::store
