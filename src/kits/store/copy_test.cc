// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "kits/store/save.h"
#include "kits/store/testing/engine.h"
#include "kits/store/testing/folder.h"

namespace verbund::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<Migration> country = {
    {"towns", 1, "CREATE TABLE town(key TEXT NOT NULL PRIMARY KEY, people BIGINT NOT NULL)"},
    {"streets", 1,
     "CREATE TABLE street(name TEXT NOT NULL, town TEXT NOT NULL REFERENCES town(key), note TEXT,"
     " PRIMARY KEY (town, name)); CREATE INDEX street_note ON street(note)"},
    {"towns", 2,
     "ALTER TABLE town ADD COLUMN mayor TEXT NOT NULL DEFAULT ''; CREATE TABLE year(number BIGINT NOT NULL,"
     " PRIMARY KEY (number))"}};

// Where VERBUND_TEST_POSTGRESQL names a server, what is copied to is there: PATH stands for a schema of its own.
std::string place(const std::string& path) {
  return testing::location(path);
}

std::unique_ptr<Database> open_country(const std::string& path) {
  auto database = Database::open({.path = path, .readers = 2}, country);
  EXPECT_TRUE(database) << database.error().text();
  return std::move(*database);
}

void fill(Database& database, unsigned seed, int towns) {
  std::mt19937 random(seed);
  ASSERT_TRUE(database.write([&](Connection& connection) -> Result<void> {
    for (const char* table : {"street", "town", "year"}) connection.execute("DELETE FROM " + std::string(table));
    for (int i = 0; i < towns; ++i) {
      const std::string key = std::to_string(random() % 1'000'000) + "/" + std::to_string(i) + (i % 3 == 0 ? "ä" : "Z");
      connection.prepare("INSERT INTO town(key, people, mayor) VALUES ($1, $2, $3)")
          .bind(1, key)
          .bind(2, static_cast<std::int64_t>(random()) - 2'000'000'000)
          .bind(3, std::string(random() % 40, 'm'))
          .run();
      for (unsigned k = 0; k < random() % 4; ++k) {
        auto street = connection.prepare("INSERT INTO street(name, town, note) VALUES ($1, $2, $3)");
        street.bind(1, "Straße " + std::to_string(k)).bind(2, key);
        if (random() % 2 == 0) street.bind_null(3).run();
        else street.bind(3, "").run();
      }
    }
    for (int i = 0; i < towns; ++i) {
      connection.prepare("INSERT INTO year(number) VALUES ($1)").bind(1, std::int64_t{i} * 10 - 50).run();
    }
    return {};
  }));
}

const CopyProgress in_peace = [](std::string_view, std::int64_t) -> Result<void> { return {}; };

std::vector<TableDigest> digests(Database& database) {
  std::vector<TableDigest> out;
  database.read([&](Connection& connection) {
    for (const Table& table : tables_of(country)) out.push_back(digest_table(connection, table, in_peace).value());
  });
  return out;
}

Result<CopyReport> copy_to(Database& from, const std::string& to, const CopyProgress& progress) {
  Result<CopyReport> out;
  from.read([&](Connection& connection) { out = copy_store(connection, {.path = to}, country, progress); });
  return out;
}

TEST(Tables, AreReadFromTheStepsOfTheProgramParentsFirst) {
  const auto tables = tables_of(country);
  ASSERT_EQ(tables.size(), 3u);
  EXPECT_EQ(tables[0].name, "town");
  EXPECT_EQ(tables[1].name, "street");
  EXPECT_THAT(tables[1].key, ElementsAre("town", "name"));
  EXPECT_THAT(tables[1].parents, ElementsAre("town"));
  ASSERT_EQ(tables[0].columns.size(), 3u);
  const auto turned = tables_of({country[1], country[0]});
  EXPECT_EQ(turned[0].name, "town");
  EXPECT_EQ(tables[0].columns[2].name, "mayor");
  EXPECT_TRUE(tables[0].columns[1].number);
  EXPECT_FALSE(tables[0].columns[2].number);
}

TEST(Tables, OfAStepThatTheyDoNotKnowEndTheProgram) {
  EXPECT_DEATH(tables_of({{"a", 1, "CREATE TABLE a(b BLOB PRIMARY KEY)"}}), "");
  EXPECT_DEATH(tables_of({{"a", 1, "CREATE TABLE a(b TEXT)"}}), "");
  EXPECT_DEATH(tables_of({{"a", 1, "DROP TABLE a"}}), "");
  EXPECT_DEATH(tables_of({{"a", 1, "CREATE TABLE \"a b\"(b TEXT PRIMARY KEY)"}}), "");
}

TEST(Copy, IsTheSameWhateverThereIs) {
  for (unsigned seed = 1; seed <= (testing::on_server() ? 3 : 12); ++seed) {
    const testing::Folder folder;
    const auto from = open_country(folder.file("from/node.sqlite"));
    fill(*from, seed, seed < 3 ? static_cast<int>(seed - 1) : static_cast<int>(seed * seed * 20));
    const auto report = copy_to(*from, place(folder.file("to/node.sqlite")), in_peace);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_FALSE(report->resumed);
    const auto to = open_country(place(folder.file("to/node.sqlite")));
    EXPECT_EQ(digests(*to), digests(*from)) << seed;
    EXPECT_THAT(to->integrity_findings(), ::testing::IsEmpty());
  }
}

// To the engine under test and back again: the way of a node that moves and returns.
TEST(Copy, ComesBackAsItWent) {
  const testing::Folder folder;
  const auto from = open_country(folder.file("from/node.sqlite"));
  fill(*from, 5, 1'200);
  ASSERT_TRUE(copy_to(*from, place(folder.file("to/node.sqlite")), in_peace));
  const auto there = open_country(place(folder.file("to/node.sqlite")));
  ASSERT_TRUE(copy_to(*there, folder.file("back/node.sqlite"), in_peace));
  EXPECT_EQ(digests(*open_country(folder.file("back/node.sqlite"))), digests(*from));
}

TEST(Copy, GoesOnAfterAnInterruptionAtEveryStep) {
  const testing::Folder folder;
  const auto from = open_country(folder.file("from/node.sqlite"));
  fill(*from, 7, 4'500);
  int steps = 0;
  ASSERT_TRUE(
      copy_to(*from, place(folder.file("whole/node.sqlite")), [&](std::string_view, std::int64_t) -> Result<void> {
        ++steps;
        return {};
      }));
  ASSERT_GT(steps, 9);
  for (int stop = 0; stop < steps; stop += testing::on_server() ? 4 : 1) {
    const std::string path = place(folder.file("to" + std::to_string(stop) + "/node.sqlite"));
    int step = 0;
    const auto broken = copy_to(*from, path, [&](std::string_view, std::int64_t) -> Result<void> {
      if (step++ == stop) return fail(ErrorCode::unavailable, "cut");
      return {};
    });
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().message, "cut");
    const auto refused = Database::open({.path = path}, country);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text(), HasSubstr("unfinished copy"));
    const auto report = copy_to(*from, path, in_peace);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->resumed);
    EXPECT_EQ(digests(*open_country(path)), digests(*from)) << stop;
  }
}

TEST(Copy, IsBegunAnewWhereTheStoreHasChangedMeanwhile) {
  const testing::Folder folder;
  const auto from = open_country(folder.file("from/node.sqlite"));
  fill(*from, 7, 900);
  const std::string path = place(folder.file("to/node.sqlite"));
  int step = 0;
  ASSERT_FALSE(copy_to(*from, path, [&](std::string_view, std::int64_t) -> Result<void> {
    if (++step == 3) return fail(ErrorCode::unavailable, "cut");
    return {};
  }));
  fill(*from, 8, 700);
  ASSERT_TRUE(copy_to(*from, path, in_peace));
  EXPECT_EQ(digests(*open_country(path)), digests(*from));
}

TEST(Copy, TouchesNoStoreThatHoldsData) {
  const testing::Folder folder;
  const auto from = open_country(folder.file("from/node.sqlite"));
  fill(*from, 1, 5);
  const auto to = open_country(place(folder.file("to/node.sqlite")));
  fill(*to, 2, 5);
  const auto before = digests(*to);
  const auto refused = copy_to(*from, place(folder.file("to/node.sqlite")), in_peace);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(digests(*to), before);
}

TEST(Copy, DigestsTellEveryDifference) {
  const testing::Folder folder;
  const auto one = open_country(folder.file("one/node.sqlite"));
  fill(*one, 3, 1'500);
  const auto whole = digests(*one);
  for (const char* change : {"UPDATE town SET people = people + 1 WHERE key = (SELECT MAX(key) FROM town)",
                             "UPDATE street SET note = '' WHERE note IS NULL", "INSERT INTO year(number) VALUES (3)",
                             "DELETE FROM year WHERE number = -50"}) {
    const auto before = digests(*one);
    ASSERT_TRUE(one->write([&](Connection& connection) -> Result<void> {
      connection.execute(change);
      return {};
    }));
    EXPECT_NE(digests(*one), before) << change;
  }
}

TEST(Save, IsOneStateWhileOthersWrite) {
  const testing::Folder folder;
  const std::string path = folder.file("node.sqlite");
  const auto from = open_country(path);
  fill(*from, 3, 9'000);
  const auto before = digests(*from);
  int heard = 0;
  const auto saved = save_sqlite(path, folder.file("saved.sqlite"), [&](std::uint64_t) -> Result<void> {
    ++heard;
    fill(*from, 4, 100);
    return {};
  });
  ASSERT_TRUE(saved) << saved.error().text();
  EXPECT_GE(heard, 1);
  EXPECT_FALSE(std::filesystem::exists(folder.file("saved.sqlite-wal")));
  EXPECT_EQ(digests(*open_country(folder.file("saved.sqlite"))), before);
  EXPECT_NE(digests(*from), before);
  const auto again = save_sqlite(path, folder.file("saved.sqlite"), [](std::uint64_t) -> Result<void> { return {}; });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace verbund::store
