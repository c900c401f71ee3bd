// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "kits/store/testing/folder.h"

namespace verbund::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Folder;

const std::vector<Migration> schema = {
    {"towns", 1,
     "CREATE TABLE town(key TEXT NOT NULL PRIMARY KEY, people BIGINT NOT NULL);"
     "CREATE TABLE street(name TEXT NOT NULL, town TEXT NOT NULL REFERENCES town(key))"}};

std::unique_ptr<Database> open(const Folder& folder) {
  auto database = Database::open({.path = folder.store("data/node.sqlite")}, schema);
  EXPECT_TRUE(database) << database.error().text();
  return std::move(*database);
}

void add(Connection& connection, std::string_view key, std::int64_t people) {
  connection.prepare("INSERT INTO town(key, people) VALUES ($1, $2)").bind(1, key).bind(2, people).run();
}

std::vector<std::string> keys(Database& database) {
  std::vector<std::string> out;
  database.read([&](Connection& connection) {
    auto rows = connection.prepare("SELECT key FROM town ORDER BY key");
    while (rows.step()) out.emplace_back(rows.text(0));
  });
  return out;
}

mode_t mode(const std::string& path) {
  struct stat found {};
  EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
  return found.st_mode & 0777;
}

TEST(Store, KeepsWhatIsWritten) {
  const Folder folder;
  {
    const auto database = open(folder);
    ASSERT_TRUE(database->write([](Connection& connection) -> Result<void> {
      add(connection, "Łódź „x“", 9'000'000'000'000);
      connection.prepare("INSERT INTO town(key, people) VALUES ($1, $2)").bind(1, "").bind(2, -1).run();
      return {};
    }));
  }
  const auto database = open(folder);
  database->read([](Connection& connection) {
    auto rows = connection.prepare("SELECT key, people, NULL FROM town ORDER BY people");
    ASSERT_TRUE(rows.step());
    EXPECT_EQ(rows.text(0), "");
    EXPECT_FALSE(rows.is_null(0));
    EXPECT_EQ(rows.number(1), -1);
    EXPECT_TRUE(rows.is_null(2));
    EXPECT_EQ(rows.text(2), "");
    ASSERT_TRUE(rows.step());
    EXPECT_EQ(rows.text(0), "Łódź „x“");
    EXPECT_EQ(rows.number(1), 9'000'000'000'000);
    EXPECT_FALSE(rows.step());
  });
}

TEST(Store, MakesItsFileForTheOwnerOnly) {
  if (testing::on_server()) GTEST_SKIP() << "skipped: a server has no file";
  const Folder folder;
  const auto database = open(folder);
  ASSERT_TRUE(database->write([](Connection& connection) -> Result<void> {
    add(connection, "a", 1);
    return {};
  }));
  EXPECT_EQ(mode(folder.file("data")), 0700u);
  EXPECT_EQ(mode(folder.file("data/node.sqlite")), 0600u);
  EXPECT_EQ(mode(folder.file("data/node.sqlite-wal")), 0600u);
}

TEST(Store, FindsParametersByTheirNumber) {
  const Folder folder;
  const auto database = open(folder);
  database->read([](Connection& connection) {
    auto row = connection.prepare("SELECT $2 || $1 || $2, $3");
    row.bind(3, 7).bind(1, "a").bind(2, "b");
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.text(0), "bab");
    EXPECT_EQ(row.number(1), 7);
  });
}

TEST(Store, UsesTheSameTextTwiceAtOnce) {
  const Folder folder;
  const auto database = open(folder);
  ASSERT_TRUE(database->write([](Connection& connection) -> Result<void> {
    for (const char* key : {"a", "b", "c"}) add(connection, key, 1);
    return {};
  }));
  database->read([](Connection& connection) {
    std::string pairs;
    auto outer = connection.prepare("SELECT key FROM town ORDER BY key");
    while (outer.step()) {
      auto inner = connection.prepare("SELECT key FROM town ORDER BY key");
      while (inner.step()) pairs += std::string(outer.text(0)) + std::string(inner.text(0)) + " ";
    }
    EXPECT_EQ(pairs, "aa ab ac ba bb bc ca cb cc ");
  });
}

TEST(Store, ForgetsTheBindingsOfACachedStatement) {
  const Folder folder;
  const auto database = open(folder);
  database->read([](Connection& connection) {
    connection.prepare("SELECT $1").bind(1, "secret").step();
    auto again = connection.prepare("SELECT $1");
    EXPECT_DEATH(again.step(), "bound_");
  });
}

TEST(Store, CountsTheRowsOfARun) {
  const Folder folder;
  const auto database = open(folder);
  ASSERT_TRUE(database->write([](Connection& connection) -> Result<void> {
    for (const char* key : {"a", "b", "c"}) add(connection, key, 1);
    auto update = connection.prepare("UPDATE town SET people = 2 WHERE key > $1");
    update.bind(1, "a").run();
    EXPECT_EQ(update.changes(), 2);
    update.bind(1, "z").run();
    EXPECT_EQ(update.changes(), 0);
    return {};
  }));
}

TEST(Store, RollsBackOnAnErrorAndOnAnException) {
  const Folder folder;
  const auto database = open(folder);
  const auto refused = database->write([](Connection& connection) -> Result<void> {
    add(connection, "a", 1);
    return fail(ErrorCode::invalid, "not today");
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "not today");
  EXPECT_THROW((void)database->write([](Connection& connection) -> Result<void> {
    add(connection, "b", 1);
    add(connection, "b", 2);  // breaks the primary key
    return {};
  }), Failure);
  EXPECT_THAT(keys(*database), IsEmpty());
  ASSERT_TRUE(database->write([](Connection& connection) -> Result<void> {
    add(connection, "c", 1);
    return {};
  }));
  EXPECT_THAT(keys(*database), ElementsAre("c"));
}

TEST(Store, HoldsForeignKeysAndRefusesWritingInARead) {
  const Folder folder;
  const auto database = open(folder);
  EXPECT_THROW((void)database->write([](Connection& connection) -> Result<void> {
    connection.execute("INSERT INTO street(name, town) VALUES ('Rathausallee', 'nowhere')");
    return {};
  }), Failure);
  EXPECT_THROW(database->read([](Connection& connection) { add(connection, "a", 1); }), Failure);
  EXPECT_THAT(keys(*database), IsEmpty());
}

TEST(Store, TakesDoubleQuotesForNamesOnly) {
  const Folder folder;
  const auto database = open(folder);
  EXPECT_THROW(database->read([](Connection& connection) { connection.prepare("SELECT \"text\""); }), Failure);
}

TEST(Store, RefusesATextThatOtherEnginesCannotKeep) {
  const Folder folder;
  const auto database = open(folder);
  database->read([](Connection& connection) {
    auto row = connection.prepare("SELECT $1");
    EXPECT_THROW(row.bind(1, std::string_view("a\0b", 3)), Failure);
  });
}

TEST(Store, SaysWhenAFileIsNoStore) {
  const Folder folder;
  const std::string path = folder.file("notes.txt");
  std::ofstream(path) << std::string(5000, 'x');
  const auto database = Database::open({.path = path}, schema);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, ErrorCode::unavailable);
  EXPECT_THAT(database.error().text(), HasSubstr("not a database"));
}

TEST(Store, SaysWhenItsFolderCannotBeMade) {
  const Folder folder;
  std::ofstream(folder.file("taken")) << "a file";
  const auto database = Database::open({.path = folder.file("taken/node.sqlite")}, schema);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, ErrorCode::unavailable);
}

TEST(Store, FindsADamagedPage) {
  if (testing::on_server()) GTEST_SKIP() << "skipped: a server has no file";
  const Folder folder;
  const std::string path = folder.file("data/node.sqlite");
  {
    const auto database = open(folder);
    ASSERT_TRUE(database->write([](Connection& connection) -> Result<void> {
      for (int i = 0; i < 2000; ++i) add(connection, "town " + std::to_string(i), i);
      return {};
    }));
    EXPECT_THAT(database->integrity_findings(), IsEmpty());
  }
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 6);
    file << std::string(4096, '\x5a');
  }
  auto database = Database::open({.path = path}, schema);
  ASSERT_TRUE(database);
  EXPECT_FALSE((*database)->integrity_findings().empty());
}

TEST(StoreSchema, GrowsStepByStepAndIsRunOnce) {
  const Folder folder;
  open(folder);
  auto more = schema;
  more.push_back({"towns", 2, "ALTER TABLE town ADD COLUMN mayor TEXT"});
  for (int i = 0; i < 2; ++i) {
    const auto database = Database::open({.path = folder.store("data/node.sqlite")}, more);
    ASSERT_TRUE(database) << database.error().text();
    (*database)->read([](Connection& connection) { connection.prepare("SELECT mayor FROM town"); });
  }
}

TEST(StoreSchema, RefusesAnotherPastAndANewerProgram) {
  const Folder folder;
  open(folder);
  auto changed = schema;
  changed[0].sql += " ";
  auto other = Database::open({.path = folder.store("data/node.sqlite")}, changed);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::conflict);
  auto older = Database::open({.path = folder.store("data/node.sqlite")}, {});
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::conflict);
  EXPECT_THAT(older.error().message, HasSubstr("newer version"));
}

TEST(StoreSchema, LeavesNothingOfAStepThatFails) {
  const Folder folder;
  auto broken = schema;
  broken.push_back({"towns", 2, "CREATE TABLE half(x BIGINT); CREATE TABLE half(x BIGINT)"});
  const auto database = Database::open({.path = folder.store("data/node.sqlite")}, broken);
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, ErrorCode::unavailable);
  const auto kept = open(folder);
  kept->read([](Connection& connection) { EXPECT_THROW(connection.prepare("SELECT x FROM half"), Failure); });
  kept->read([](Connection& connection) { EXPECT_NO_THROW(connection.prepare("SELECT key FROM town")); });
}

}  // namespace
}  // namespace verbund::store
