// SPDX-License-Identifier: EUPL-1.2
// A load of many new objects goes in bulk; what it leaves is what puts one by one would leave.
#include <gtest/gtest.h>

#include <random>

#include "directory/objects/known_ids.h"
#include "directory/objects/object_store.h"
#include "kits/store/testing/folder.h"

namespace verbund::directory {
namespace {

const Instant load_time = parse_time("2026-06-08T07:00:00Z").value();

struct Step {
  enum What { put, withdraw, look } what;
  ObjectKind kind;
  ObjectId id;
  std::string body, origin;
};

std::string body_of(ObjectKind kind, const ObjectId& id, int edition) {
  if (kind == ObjectKind::unit) {
    OrganisationalUnit unit;
    unit.id = id;
    unit.name = {{"de", "Amt " + std::to_string(edition)}};
    return to_body(unit);
  }
  Responsibility one;
  one.id = id;
  one.service = {id.agency, "s" + std::to_string(edition)};
  one.holder_kind = ObjectKind::unit;
  one.holder = {id.agency, "u"};
  return to_body(one);
}

// Long rows of new objects, broken by ones that are there, change, are foreign, go, or are looked at.
std::vector<Step> steps(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Step> out;
  std::vector<ObjectId> seen;
  for (int i = 0; i < 2'500; ++i) {
    const auto die = random() % 1'000;
    const auto kind = die % 10 == 9 ? ObjectKind::unit : ObjectKind::responsibility;
    ObjectId id{"agency" + std::to_string(random() % 3), "n" + std::to_string(i)};
    if (die < 12 && !seen.empty()) id = seen[random() % seen.size()];
    seen.push_back(id);
    const auto what = die == 12 ? Step::withdraw : die == 13 ? Step::look : Step::put;
    if (what != Step::put) id = seen[random() % seen.size()];
    const int edition = die % 2 == 0 ? i : 0;
    out.push_back({what, kind, id, body_of(kind, id, edition), die == 14 ? "other.example/log" : ""});
  }
  return out;
}

class ObjectLoadTest : public ::testing::Test {
 protected:
  std::unique_ptr<store::Database> open(const std::string& name) {
    return store::Database::open({.path = folder_.store(name)}, directory_migrations()).value();
  }
  static std::string rows(store::Database& database) {
    std::string out;
    database.read([&](store::Connection& connection) {
      const auto table = [&](store::Statement all, int columns) {
        while (all.step()) {
          for (int column = 0; column < columns; ++column) out += std::string(all.text(column)) + "|";
          out += "\n";
        }
      };
      table(connection.prepare("SELECT kind, agency, local, digest, source, delivery, changed_at, origin"
                               " FROM directory_object ORDER BY kind, agency, local"), 8);
      table(connection.prepare("SELECT kind, agency, local, body FROM directory_body ORDER BY kind, agency, local"), 4);
      table(connection.prepare("SELECT sequence, kind, agency, local, withdrawn, digest, at, origin"
                               " FROM directory_change ORDER BY sequence"), 8);
      table(connection.prepare("SELECT kind, slug, agency, local, current FROM public_address ORDER BY kind, slug"), 5);
    });
    return out;
  }
  // In one transaction; with a new ObjectStore for each step nothing goes in bulk.
  static std::string outcomes(store::Database& database, const std::vector<Step>& all, bool load) {
    std::string out;
    const auto done = database.write([&](store::Connection& connection) -> Result<void> {
      ObjectStore one(connection);
      one.begin_stock("stock");
      for (const Step& step : all) {
        std::optional<ObjectStore> fresh;
        if (!load) fresh.emplace(connection);
        ObjectStore& objects = load ? one : *fresh;
        if (step.what == Step::look) {
          out += ObjectStore(connection).body(step.kind, step.id).value_or("none");
        } else if (step.what == Step::withdraw) {
          out += objects.withdraw(step.kind, step.id, load_time) ? "gone" : "not there";
        } else {
          out += std::to_string(static_cast<int>(
              objects.put_body(step.kind, step.id, step.body, "stock", load_time, step.origin)));
        }
        out += "\n";
      }
      one.end_stock("stock", load_time, {});
      return {};
    });
    EXPECT_TRUE(done);
    return out;
  }

  store::testing::Folder folder_;
};

TEST_F(ObjectLoadTest, LeavesWhatPutsOneByOneLeave) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto in_bulk = open("bulk" + std::to_string(seed));
    const auto one_by_one = open("single" + std::to_string(seed));
    for (const std::uint64_t delivery : {seed, seed, seed + 100}) {   // again, and another one on top of it
      const auto all = steps(delivery);
      EXPECT_EQ(outcomes(*in_bulk, all, true), outcomes(*one_by_one, all, false)) << seed;
      ASSERT_EQ(rows(*in_bulk), rows(*one_by_one)) << seed;
    }
  }
}

TEST_F(ObjectLoadTest, KnowsEachIdThatIsThereAndFewThatAreNot) {
  const auto database = open("known");
  ASSERT_TRUE(database->write([&](store::Connection& connection) -> Result<void> {
    KnownIds known(connection);
    EXPECT_TRUE(known.whole(ObjectKind::responsibility, "town", 10));   // empty
    const auto id = [](int i) { return ObjectId{"town", "z" + std::to_string(i)}; };
    for (int i = 0; i < 300'000; ++i) known.add(ObjectKind::responsibility, "town", id(i).local);
    int missed = 0, wrong = 0;
    for (int i = 0; i < 300'000; ++i) {
      missed += !known.may_hold(ObjectKind::responsibility, id(i));
      wrong += known.may_hold(ObjectKind::responsibility, id(300'000 + i));
      wrong += known.may_hold(ObjectKind::unit, id(i));
    }
    EXPECT_EQ(missed, 0);
    EXPECT_LT(wrong, 600);   // of 600,000
    return {};
  }));
}

TEST_F(ObjectLoadTest, LearnsARangeOnlyWhenThatIsWorthIt) {
  const auto database = open("range");
  ASSERT_TRUE(database->write([&](store::Connection& connection) -> Result<void> {
    ObjectStore objects(connection);
    for (int i = 0; i < 50; ++i) {
      const ObjectId id{"town", std::to_string(i)};
      objects.put_body(ObjectKind::responsibility, id, body_of(ObjectKind::responsibility, id, 0), "s", load_time);
    }
    KnownIds known(connection);
    EXPECT_FALSE(known.whole(ObjectKind::responsibility, "town", 49));
    EXPECT_FALSE(known.whole(ObjectKind::responsibility, "town", 60));   // not asked again so soon
    EXPECT_TRUE(known.whole(ObjectKind::responsibility, "town", 98));
    EXPECT_TRUE(known.may_hold(ObjectKind::responsibility, {"town", "49"}));
    EXPECT_TRUE(known.whole(ObjectKind::unit, "town", 1));
    return {};
  }));
}

}  // namespace
}  // namespace verbund::directory
