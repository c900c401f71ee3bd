// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/object_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "directory/objects/origin_store.h"
#include "directory/objects/testing/random_object.h"
#include "kits/store/testing/folder.h"

namespace verbund::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Instant morning = parse_time("2026-06-08T07:00:00Z").value();
const Instant noon = parse_time("2026-06-08T10:00:00Z").value();

Service service(std::string agency, std::string local, std::string title) {
  Service out;
  out.id = {std::move(agency), std::move(local)};
  out.modules.texts.resize(1);
  out.modules.texts[0].code = text_code::citizen_title;
  out.modules.texts[0].content = {{"de", std::move(title)}};
  return out;
}

OrganisationalUnit unit(std::string local, std::string name) {
  OrganisationalUnit out;
  out.id = {"town", std::move(local)};
  out.name = {{"de", std::move(name)}};
  return out;
}

class ObjectStoreTest : public ::testing::Test {
 protected:
  ObjectStoreTest()
      : database_(store::Database::open({.path = folder_.store("node.sqlite")}, directory_migrations()).value()) {}

  void write(const std::function<void(ObjectStore&)>& work) {
    ASSERT_TRUE(database_->write([&](store::Connection& connection) -> Result<void> {
      ObjectStore objects(connection);
      work(objects);
      return {};
    }));
  }
  void read(const std::function<void(const ObjectStore&)>& work) {
    database_->read([&](store::Connection& connection) { work(ObjectStore(connection)); });
  }

  std::vector<std::string> ids(ObjectKind kind) {
    std::vector<std::string> out;
    read([&](const ObjectStore& objects) {
      objects.each_body(kind, [&](const ObjectId& id, std::string_view) { out.push_back(external_id(kind, id)); });
    });
    return out;
  }
  // "sequence id" with "-" for a withdrawal.
  std::vector<std::string> changes(std::int64_t after = 0, std::size_t most = 100) {
    std::vector<std::string> out;
    read([&](const ObjectStore& objects) {
      objects.each_change(after, most, [&](const Change& change) {
        EXPECT_EQ(change.digest.size(), change.withdrawn ? 0u : 64u);
        out.push_back(std::to_string(change.sequence) + (change.withdrawn ? " -" : " ") +
                      external_id(change.kind, change.id));
      });
    });
    return out;
  }
  std::string slug(ObjectKind kind, const ObjectId& id) {
    std::string out;
    read([&](const ObjectStore& objects) { out = objects.slug(kind, id); });
    return out;
  }
  // Delivers a complete stock of the source "town" and gives what was withdrawn.
  std::vector<std::string> deliver(const std::vector<OrganisationalUnit>& units, Instant now) {
    std::vector<std::string> withdrawn;
    write([&](ObjectStore& objects) {
      objects.begin_stock("town");
      for (const auto& each : units) objects.put(each, "town", now);
      objects.end_stock("town", now, [&](ObjectKind kind, const ObjectId& id) {
        withdrawn.push_back(external_id(kind, id));
      });
    });
    return withdrawn;
  }

  store::testing::Folder folder_;
  std::unique_ptr<store::Database> database_;
};

TEST_F(ObjectStoreTest, GivesBackEveryKindOfObject) {
  testing::Random random(3);
  const auto a = testing::random_service(random);
  const auto b = testing::random_specialisation(random);
  const auto c = testing::random_unit(random);
  const auto d = testing::random_online_service(random);
  const auto e = testing::random_responsibility(random);
  write([&](ObjectStore& objects) {
    EXPECT_EQ(objects.put(a, "s", morning), PutOutcome::added);
    EXPECT_EQ(objects.put(b, "s", morning), PutOutcome::added);
    EXPECT_EQ(objects.put(c, "s", morning), PutOutcome::added);
    EXPECT_EQ(objects.put(d, "s", morning), PutOutcome::added);
    EXPECT_EQ(objects.put(e, "s", morning), PutOutcome::added);
  });
  read([&](const ObjectStore& objects) {
    EXPECT_EQ(objects.get<Service>(a.id), a);
    EXPECT_EQ(objects.get<Specialisation>(b.id), b);
    EXPECT_EQ(objects.get<OrganisationalUnit>(c.id), c);
    EXPECT_EQ(objects.get<OnlineService>(d.id), d);
    EXPECT_EQ(objects.get<Responsibility>(e.id), e);
    EXPECT_EQ(objects.get<Service>(c.id), std::nullopt);
    EXPECT_EQ(objects.count(ObjectKind::unit), 1);
    EXPECT_EQ(objects.changed_at(ObjectKind::service, a.id), morning);
    EXPECT_EQ(objects.changed_at(ObjectKind::service, {"x", "y"}), std::nullopt);
  });
}

TEST_F(ObjectStoreTest, WritesAChangeRowForChangesOnly) {
  write([&](ObjectStore& objects) {
    EXPECT_EQ(objects.last_sequence(), 0);
    objects.put(unit("1", "Bürgeramt"), "town", morning);
    EXPECT_EQ(objects.put(unit("1", "Bürgeramt"), "town", noon), PutOutcome::unchanged);
    EXPECT_EQ(objects.changed_at(ObjectKind::unit, {"town", "1"}), morning);
    EXPECT_EQ(objects.put(unit("1", "Bürgerbüro"), "town", noon), PutOutcome::changed);
    EXPECT_EQ(objects.changed_at(ObjectKind::unit, {"town", "1"}), noon);
    EXPECT_TRUE(objects.withdraw(ObjectKind::unit, {"town", "1"}, noon));
    EXPECT_FALSE(objects.withdraw(ObjectKind::unit, {"town", "1"}, noon));
    EXPECT_FALSE(objects.withdraw(ObjectKind::service, {"town", "9"}, noon));
    EXPECT_EQ(objects.last_sequence(), 3);
  });
  EXPECT_THAT(changes(), ElementsAre("1 town.OE.1", "2 town.OE.1", "3 -town.OE.1"));
  EXPECT_THAT(changes(1, 1), ElementsAre("2 town.OE.1"));
  EXPECT_THAT(ids(ObjectKind::unit), IsEmpty());
}

TEST_F(ObjectStoreTest, LeavesNothingOfATransactionThatFails) {
  ASSERT_FALSE(database_->write([](store::Connection& connection) -> Result<void> {
    ObjectStore(connection).put(unit("1", "Bürgeramt"), "town", morning);
    return fail(ErrorCode::invalid, "broken file");
  }));
  EXPECT_THAT(ids(ObjectKind::unit), IsEmpty());
  EXPECT_THAT(changes(), IsEmpty());
  read([](const ObjectStore& objects) { EXPECT_TRUE(objects.sources().empty()); });
}

TEST_F(ObjectStoreTest, OrdersObjectsBytewise) {
  write([](ObjectStore& objects) {
    for (const char* local : {"b", "ä", "10", "9", "Z"}) objects.put(unit(local, "Amt"), "town", morning);
  });
  EXPECT_THAT(ids(ObjectKind::unit), ElementsAre("town.OE.10", "town.OE.9", "town.OE.Z", "town.OE.b", "town.OE.ä"));
}

TEST_F(ObjectStoreTest, WithdrawsWhatACompleteStockDoesNotDeliver) {
  EXPECT_THAT(deliver({unit("1", "A"), unit("2", "B"), unit("3", "C")}, morning), IsEmpty());
  write([](ObjectStore& objects) { objects.put(unit("other", "D"), "elsewhere", morning); });
  EXPECT_THAT(deliver({unit("2", "B"), unit("4", "E")}, noon), ElementsAre("town.OE.1", "town.OE.3"));
  EXPECT_THAT(ids(ObjectKind::unit), ElementsAre("town.OE.2", "town.OE.4", "town.OE.other"));
}

TEST_F(ObjectStoreTest, TakesTheSameStockAgainWithoutEffect) {
  const std::vector<OrganisationalUnit> units{unit("1", "A"), unit("2", "B")};
  deliver(units, morning);
  const auto before = changes();
  EXPECT_THAT(deliver(units, noon), IsEmpty());
  EXPECT_EQ(changes(), before);
  EXPECT_THAT(deliver({}, noon), ElementsAre("town.OE.1", "town.OE.2"));
  EXPECT_THAT(deliver({}, noon), IsEmpty());
}

TEST_F(ObjectStoreTest, LeavesAnObjectToTheSourceThatDeliveredItLast) {
  deliver({unit("1", "A"), unit("2", "B")}, morning);
  write([](ObjectStore& objects) {
    EXPECT_EQ(objects.put(unit("1", "A"), "elsewhere", noon), PutOutcome::unchanged);
  });
  EXPECT_THAT(deliver({}, noon), ElementsAre("town.OE.2"));
  EXPECT_THAT(ids(ObjectKind::unit), ElementsAre("town.OE.1"));
}

TEST_F(ObjectStoreTest, WithdrawsMoreThanItHoldsAtOnce) {
  std::vector<OrganisationalUnit> units;
  for (int i = 0; i < 1700; ++i) units.push_back(unit(std::to_string(i), "Amt " + std::to_string(i)));
  deliver(units, morning);
  EXPECT_EQ(deliver({units[800]}, noon).size(), 1699u);
  EXPECT_THAT(ids(ObjectKind::unit), ElementsAre("town.OE.800"));
}

TEST_F(ObjectStoreTest, KnowsItsSources) {
  deliver({unit("1", "A"), unit("2", "B")}, morning);
  write([](ObjectStore& objects) {
    objects.put(unit("3", "C"), "a", noon);
    objects.begin_stock("empty");
    objects.end_stock("empty", noon, {});
  });
  read([](const ObjectStore& objects) {
    const auto sources = objects.sources();
    ASSERT_EQ(sources.size(), 3u);
    EXPECT_EQ(sources[0].name, "a");
    EXPECT_EQ(sources[1].objects, 0);
    EXPECT_EQ(sources[1].last_delivery, noon);
    EXPECT_EQ(sources[2].name, "town");
    EXPECT_EQ(sources[2].objects, 2);
    EXPECT_EQ(sources[2].last_delivery, morning);
  });
}

TEST_F(ObjectStoreTest, SaysWhenABodyDoesNotRead) {
  write([](ObjectStore& objects) {
    objects.put_body(ObjectKind::responsibility, {"a", "1"}, R"({"id":"a.ZS.1","broken":1})", "s", morning);
  });
  read([](const ObjectStore& objects) {
    EXPECT_THROW((void)objects.get<Responsibility>({"a", "1"}), store::Failure);
    EXPECT_THROW(objects.each<Responsibility>([](const Responsibility&) {}), store::Failure);
  });
}

TEST_F(ObjectStoreTest, GivesAddressesThatStay) {
  const ObjectId id{"town", "1"};
  write([](ObjectStore& objects) { objects.put(unit("1", "Bürgeramt Süd"), "s", morning); });
  EXPECT_EQ(slug(ObjectKind::unit, id), "buergeramt-sued");
  write([](ObjectStore& objects) { objects.put(unit("1", "Stadtbüro"), "s", noon); });
  EXPECT_EQ(slug(ObjectKind::unit, id), "stadtbuero");
  read([&](const ObjectStore& objects) {
    const auto old = objects.by_slug(ObjectKind::unit, "buergeramt-sued");
    ASSERT_TRUE(old);
    EXPECT_EQ(old->id, id);
    EXPECT_FALSE(old->current);
    EXPECT_TRUE(objects.by_slug(ObjectKind::unit, "stadtbuero")->current);
    EXPECT_FALSE(objects.by_slug(ObjectKind::service, "stadtbuero"));
    EXPECT_FALSE(objects.by_slug(ObjectKind::unit, "nirgendwo"));
  });
  // The old title again takes the old address again.
  write([](ObjectStore& objects) { objects.put(unit("1", "Bürgeramt Süd"), "s", noon); });
  EXPECT_EQ(slug(ObjectKind::unit, id), "buergeramt-sued");
  std::vector<std::string> current;
  read([&](const ObjectStore& objects) {
    objects.each_slug(ObjectKind::unit, [&](const ObjectId& of, std::string_view text) {
      current.push_back(of.local + std::string(text));
    });
  });
  EXPECT_THAT(current, ElementsAre("1buergeramt-sued"));
}

TEST_F(ObjectStoreTest, TellsServicesOfTheSameTitleApart) {
  const std::string title = "Personalausweis beantragen";
  write([&](ObjectStore& objects) {
    objects.put(service("L100012", "1", title), "s", morning);
    objects.put(service("M_1", "1", title), "s", morning);
    objects.put(service("M_1", "2", title), "s", morning);
    objects.put(service("M-1", "2", title), "s", morning);  // reads as M_1 does in an address
    objects.put(service("M-1", "3", ""), "s", morning);
  });
  EXPECT_EQ(slug(ObjectKind::service, {"L100012", "1"}), "personalausweis-beantragen");
  EXPECT_EQ(slug(ObjectKind::service, {"M_1", "1"}), "personalausweis-beantragen-m-1");
  EXPECT_EQ(slug(ObjectKind::service, {"M_1", "2"}), "personalausweis-beantragen-m-1-2");
  EXPECT_EQ(slug(ObjectKind::service, {"M-1", "2"}), "personalausweis-beantragen-m-1-2-2");
  EXPECT_EQ(slug(ObjectKind::service, {"M-1", "3"}), "3");
}

TEST_F(ObjectStoreTest, KeepsTheAddressWhenTheTextChangesOnly) {
  auto changed = service("M", "1", "Hund anmelden");
  write([&](ObjectStore& objects) {
    objects.put(service("L", "1", "Hund anmelden"), "s", morning);
    objects.put(changed, "s", morning);
    objects.withdraw(ObjectKind::service, {"L", "1"}, noon);
    changed.audience = {"001"};
    EXPECT_EQ(objects.put(changed, "s", noon), PutOutcome::changed);
  });
  EXPECT_EQ(slug(ObjectKind::service, {"M", "1"}), "hund-anmelden-m");
}

TEST_F(ObjectStoreTest, GivesTheAddressOfAWithdrawnObjectToTheNextThatWantsIt) {
  write([](ObjectStore& objects) {
    objects.put(service("L", "old", "Hund anmelden"), "s", morning);
    objects.withdraw(ObjectKind::service, {"L", "old"}, noon);
  });
  read([](const ObjectStore& objects) {
    EXPECT_EQ(objects.by_slug(ObjectKind::service, "hund-anmelden")->id.local, "old");
    objects.each_slug(ObjectKind::service, [](const ObjectId&, std::string_view) { ADD_FAILURE(); });
  });
  write([](ObjectStore& objects) { objects.put(service("L", "new", "Hund anmelden"), "s", noon); });
  EXPECT_EQ(slug(ObjectKind::service, {"L", "new"}), "hund-anmelden");
  EXPECT_EQ(slug(ObjectKind::service, {"L", "old"}), "");
  write([](ObjectStore& objects) { objects.put(service("L", "old", "Hund anmelden"), "s", noon); });
  EXPECT_EQ(slug(ObjectKind::service, {"L", "old"}), "hund-anmelden-l");
}

TEST_F(ObjectStoreTest, KeepsApartWhatIsOwnAndWhatWasHeard) {
  write([](ObjectStore& objects) {
    EXPECT_EQ(objects.put(unit("own", "Amt"), "import", morning), PutOutcome::added);
    EXPECT_EQ(objects.put(unit("heard", "Amt"), "network:a", morning, "a"), PutOutcome::added);
  });
  database_->read([](store::Connection& connection) {
    EXPECT_EQ(origin_of(connection, ObjectKind::unit, {"town", "own"}), "");
    EXPECT_EQ(origin_of(connection, ObjectKind::unit, {"town", "heard"}), "a");
    EXPECT_EQ(origin_of(connection, ObjectKind::unit, {"town", "none"}), "");
  });
  write([](ObjectStore& objects) {
    // Nobody overwrites or withdraws what another says.
    EXPECT_EQ(objects.put(unit("own", "Dieb"), "network:a", noon, "a"), PutOutcome::foreign);
    EXPECT_EQ(objects.put(unit("own", "Amt"), "network:a", noon, "a"), PutOutcome::foreign);
    EXPECT_EQ(objects.put(unit("heard", "Dieb"), "import", noon), PutOutcome::foreign);
    EXPECT_EQ(objects.put(unit("heard", "Dieb"), "network:b", noon, "b"), PutOutcome::foreign);
    EXPECT_FALSE(objects.withdraw(ObjectKind::unit, {"town", "own"}, noon, "a"));
    EXPECT_FALSE(objects.withdraw(ObjectKind::unit, {"town", "heard"}, noon));
    EXPECT_EQ(objects.put(unit("heard", "Neu"), "network:a", noon, "a"), PutOutcome::changed);
    EXPECT_EQ(objects.put(unit("own2", "Amt"), "import", noon), PutOutcome::added);
    objects.begin_stock("network:a");
    objects.end_stock("network:a", noon, {}, "a");
  });
  EXPECT_THAT(ids(ObjectKind::unit), ElementsAre("town.OE.own", "town.OE.own2"));
  read([](const ObjectStore& objects) {
    std::vector<std::int64_t> own;
    objects.each_own_change(0, 10, [&](const Change& change) { own.push_back(change.sequence); });
    EXPECT_THAT(own, ElementsAre(1, 4));
    std::vector<std::string> origins;
    objects.each_change(0, 10, [&](const Change& change) { origins.push_back(change.origin); });
    EXPECT_THAT(origins, ElementsAre("", "a", "a", "", "a"));
    EXPECT_EQ(objects.last_own_sequence(), 4);
    EXPECT_EQ(objects.last_sequence(), 5);
  });
}

// The store against a map that does the same: any sequence of deliveries leaves both with the same objects.
TEST_F(ObjectStoreTest, AgreesWithAMapOverRandomDeliveries) {
  testing::Random random(11);
  std::map<std::string, std::pair<std::string, std::string>> expected;  // local -> (name, source)
  for (int round = 0; round < 60; ++round) {
    const std::string source = testing::below(random, 2) ? "a" : "b";
    const bool stock = testing::below(random, 3) == 0;
    write([&](ObjectStore& objects) {
      if (stock) {
        std::erase_if(expected, [&](const auto& entry) { return entry.second.second == source; });
        objects.begin_stock(source);
      }
      for (std::size_t n = testing::below(random, 8); n > 0; --n) {
        const std::string local = std::to_string(testing::below(random, 12));
        if (!stock && testing::below(random, 4) == 0) {
          const bool there = expected.erase(local) > 0;
          EXPECT_EQ(objects.withdraw(ObjectKind::unit, {"town", local}, noon), there);
          continue;
        }
        const std::string name = "Amt " + std::to_string(testing::below(random, 3));
        objects.put(unit(local, name), source, noon);
        expected[local] = {name, source};
      }
      if (stock) objects.end_stock(source, noon, {});
    });
    std::map<std::string, std::string> found;
    std::map<std::string, std::string> wanted;
    for (const auto& [local, entry] : expected) wanted[local] = entry.first;
    std::int64_t last = 0;
    read([&](const ObjectStore& objects) {
      objects.each<OrganisationalUnit>(
          [&](const OrganisationalUnit& each) { found[each.id.local] = each.name[0].text; });
      objects.each_change(0, 10'000, [&](const Change& change) { EXPECT_EQ(change.sequence, ++last); });
      EXPECT_EQ(objects.last_sequence(), last);
    });
    ASSERT_EQ(found, wanted) << "round " << round;
  }
  EXPECT_TRUE(database_->integrity_findings().empty());
}

}  // namespace
}  // namespace verbund::directory
