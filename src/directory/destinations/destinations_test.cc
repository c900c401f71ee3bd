// SPDX-License-Identifier: EUPL-1.2
#include "directory/destinations/destinations.h"

#include <gtest/gtest.h>

#include "directory/destinations/destination_test_support.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "kits/store/testing/folder.h"

namespace verbund::directory {
namespace {

const Instant day = *parse_time("2026-06-08T10:00:00Z");
constexpr std::string_view uuid = "ac715f34-333e-41f4-9bb5-186b309ea233";

AreaKey key(std::string_view digits) { return AreaKey::parse(digits).value(); }

TEST(Destination, IsReadFromASignatureThatNamesIt) {
  const auto found = read_destination(testing::signature(uuid));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, uuid);
  EXPECT_EQ(found->signature, testing::signature(uuid));
  EXPECT_EQ(read_destination("  " + testing::signature("AC715F34-333E-41F4-9BB5-186B309EA233") + "\n")->id, uuid);
}

TEST(Destination, IsNotReadFromAnythingElse) {
  const std::string good = testing::signature(uuid);
  const std::string broken[] = {"",
                                ".",
                                "..",
                                "a.b.c",
                                "a.b",
                                good + ".x",
                                good.substr(0, good.rfind('.')),
                                "=" + good,
                                testing::signature("none"),
                                testing::signature(""),
                                testing::jws("[]"),
                                testing::jws("{"),
                                testing::jws(R"({"destinationId":1})"),
                                testing::jws("\xff"),
                                std::string(100'000, 'a'),
                                testing::jws(std::string(5000, '['))};
  for (const std::string& text : broken) EXPECT_FALSE(read_destination(text)) << text.substr(0, 60);
}

class DestinationsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database = std::move(*store::Database::open({.path = folder.store("node.sqlite")}, directory_migrations()));
    write([](store::Connection& connection) {
      const auto area = [](std::string_view digits, std::string name, AreaLevel level) {
        Area out;
        out.key = key(digits);
        out.name = out.short_name = std::move(name);
        out.level = out.top_level = level;
        return out;
      };
      ASSERT_TRUE(AreaStore(connection)
                      .replace_all({area("", "Deutschland", AreaLevel::federation),
                                    area("01", "Schleswig-Holstein", AreaLevel::state),
                                    area("01060", "Segeberg", AreaLevel::district),
                                    area("010600063063", "Norderstedt", AreaLevel::municipality),
                                    area("010600005005", "Bad Segeberg", AreaLevel::municipality)},
                                   "2023-11-30"));
      ObjectStore objects(connection);
      for (const char* local : {"1", "2"}) {
        Service service;
        service.id = {"L1", local};
        TextModule title;
        title.code = text_code::citizen_title;
        title.content = {{"de", "Hund anmelden"}};
        service.modules.texts = {title};
        service.service_keys = {{"", "", "99102013104000", ""}};
        objects.put(service, "test", day);
      }
      for (const char* local : {"town", "district", "state"}) {
        OrganisationalUnit unit;
        unit.id = {"L1", local};
        unit.name = {{"de", local}};
        objects.put(unit, "test", day);
      }
    });
    put("z1", "1", "district", "01060", {testing::signature(uuid)});
  }

  void write(const std::function<void(store::Connection&)>& work) {
    ASSERT_TRUE(database->write([&](store::Connection& connection) -> Result<void> {
      work(connection);
      return {};
    }));
    if (finder)
      finder->refresh(day);
    else
      finder = std::make_unique<Finder>(*database, "", day);
  }

  void put(std::string id, std::string service, std::string unit, std::string_view area,
           const std::vector<std::string>& signatures, std::string role = "") {
    write([&](store::Connection& connection) {
      Responsibility out;
      out.id = {"L1", id};
      out.holder = {"L1", unit};
      out.service = {"L1", service};
      if (!area.empty()) out.areas = {key(area)};
      out.role = role;
      out.secondary_ids.push_back({"other", "", "", "", "urn:other", "", "", ""});
      for (const std::string& signature : signatures) {
        out.secondary_ids.push_back({signature, "urn:de:fitko", "", "", std::string(destination_scheme), "", "", ""});
      }
      ObjectStore(connection).put(out, "test", day);
    });
  }

  std::string at(std::string_view area) {
    std::string out;
    for (const auto& route : destinations->at(*finder->snapshot(), "99102013104000", key(area))) {
      out += route.service.local + " " + route.unit.local + " " + route.area.digits() + " " +
             route.destination.id.substr(0, 4) + "\n";
    }
    return out;
  }

  store::testing::Folder folder;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<Finder> finder;
  std::unique_ptr<Destinations> destinations;
  void make() { destinations = std::make_unique<Destinations>(*database); }
};

TEST_F(DestinationsTest, AreThoseOfTheUnitTheFinderNames) {
  make();
  EXPECT_EQ(at("010600063063"), "1 district 01060 ac71\n");
  EXPECT_EQ(at("01"), "");
  EXPECT_TRUE(destinations->at(*finder->snapshot(), "99000000000000", key("01060")).empty());
  put("z2", "1", "town", "010600063063", {});  // nearer, without an address: nobody may send past it
  EXPECT_EQ(at("010600063063"), "");
  EXPECT_EQ(at("010600005005"), "1 district 01060 ac71\n");
}

TEST_F(DestinationsTest, FollowChangesAndWithdrawals) {
  make();
  EXPECT_EQ(at("01060"), "1 district 01060 ac71\n");
  EXPECT_EQ(destinations->size(), 1u);
  put("z1", "1", "district", "01060", {testing::signature("bc715f34-333e-41f4-9bb5-186b309ea233")});
  EXPECT_EQ(at("01060"), "1 district 01060 bc71\n");
  put("z3", "2", "state", "01", {testing::signature("cc715f34-333e-41f4-9bb5-186b309ea233"), "no signature"});
  EXPECT_EQ(at("01060"), "1 district 01060 bc71\n2 state 01 cc71\n") << "another service with the same key";
  write([](store::Connection& connection) {
    ObjectStore(connection).withdraw(ObjectKind::responsibility, {"L1", "z1"}, day);
  });
  EXPECT_EQ(at("01060"), "2 state 01 cc71\n");
  EXPECT_EQ(destinations->size(), 1u);
}

TEST_F(DestinationsTest, NameADestinationOnce) {
  put("z2", "1", "district", "01060", {testing::signature(uuid), testing::signature(uuid)}, "02");
  make();
  EXPECT_EQ(at("01060"), "1 district 01060 ac71\n");
}

}  // namespace
}  // namespace verbund::directory
