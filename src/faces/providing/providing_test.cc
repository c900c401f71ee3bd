// SPDX-License-Identifier: EUPL-1.2
// What one node provides, another takes: both are equal then, and after each change.
#include "faces/providing/providing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "directory/formats/formats.h"
#include "directory/formats/stock.h"
#include "directory/objects/object_check.h"
#include "directory/objects/object_store.h"
#include "directory/objects/testing/random_object.h"
#include "faces/portal/testing/fixture.h"
#include "kits/http/test_request.h"
#include "kits/store/testing/folder.h"

namespace verbund::providing {
namespace {

using directory::ObjectKind;
using directory::ObjectStore;
using ::testing::HasSubstr;

const FixedClock now(*parse_time("2026-06-08T07:41:01Z"));

std::unique_ptr<store::Database> open(const std::string& path) {
  return std::move(*store::Database::open({.path = store::testing::location(path)}, directory::directory_migrations()));
}

std::string fingerprint(store::Database& database) {
  std::string out;
  database.read([&](store::Connection& connection) { out = directory::state_fingerprint(connection); });
  return out;
}

class ProvidingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    origin = open(folder.file("origin.sqlite"));
    portal::testing::fill(*origin, now.now());
    write([](ObjectStore& objects) {
      // What wishes us ill no import lets in as it is: it would come out cleaned.
      objects.withdraw(ObjectKind::service, {"T100001", "3"}, now.now());
      objects.withdraw(ObjectKind::online_service, {"T100001", "22"}, now.now());
      objects.withdraw(ObjectKind::responsibility, {"T100001", "34"}, now.now());
      directory::testing::Random random(20260608);
      for (int i = 0; i < 30; ++i) {  // every field of the model, now and then
        objects.put(directory::testing::random_service(random), "random", now.now());
        objects.put(directory::testing::random_unit(random), "random", now.now());
      }
    });
    add_routes(router, reading::PublicReading({}, nullptr), *origin, "");
    // Another node with the same lists of areas, but not a single object.
    other = open(folder.file("other.sqlite"));
    portal::testing::fill(*other, now.now());
    auto done = other->write([](store::Connection& connection) -> Result<void> {
      ObjectStore objects(connection);
      for (const ObjectKind kind : directory::all_object_kinds) {
        std::vector<directory::ObjectId> ids;
        objects.each_id(kind, [&](const directory::ObjectId& id) { ids.push_back(id); });
        for (const auto& id : ids) objects.withdraw(kind, id, now.now());
      }
      return {};
    });
    ASSERT_TRUE(done);
  }

  void write(const std::function<void(ObjectStore&)>& work) {
    ASSERT_TRUE(origin->write([&](store::Connection& connection) -> Result<void> {
      ObjectStore objects(connection);
      work(objects);
      return {};
    }));
  }

  http::Response get(const std::string& target) const {
    http::Request request = http::get_request(target);
    request.headers["host"] = "stadt.example:8080";
    return router.route(request);
  }

  // Follows the pages from `next` to the end as a client of the Bereitstelldienst does; gives how many objects came.
  std::int64_t follow(std::string& next) {
    std::int64_t objects = 0;
    for (int page = 0; page < 10'000; ++page) {
      const auto response = get(next);
      if (response.status != 200) {
        ADD_FAILURE() << next << " " << *response.body;
        return objects;
      }
      const Json answer = parse_json(*response.body, "page").value();
      objects += *answer["anzahl"].if_int();
      const std::string file = folder.file("page.xml");
      std::ofstream(file, std::ios::binary) << answer.text_or("xzufiObjekte");
      const auto taken = directory::import_xzufi(*other, now, {file}, "network", {});
      if (!taken) {
        ADD_FAILURE() << taken.error().text();
        return objects;
      }
      for (const auto& finding : taken->findings) {
        if (finding.severity == directory::ImportFinding::Severity::skipped) ADD_FAILURE() << finding.reason;
      }
      const std::string address(answer.text_or("naechsteAnfrageUrl"));
      EXPECT_TRUE(address.starts_with("http://stadt.example:8080/")) << address;
      next = address.substr(address.find('/', 8));
      if (*answer["vollstaendig"].if_bool()) return objects;
    }
    ADD_FAILURE() << "no end";
    return objects;
  }

  store::testing::Folder folder;
  std::unique_ptr<store::Database> origin, other;
  http::Router router;
};

TEST_F(ProvidingTest, GivesTheStockInPagesAndThenOnlyChanges) {
  for (const char* size : {"1000", "7", "1"}) {
    std::string next = std::string("/bereitstellung/v1/objekte?anzahl=") + size;
    EXPECT_GT(follow(next), 100) << size;
    EXPECT_EQ(fingerprint(*other), fingerprint(*origin)) << size;
    EXPECT_EQ(follow(next), 0) << "nothing changed: an empty page";
  }
  std::string next = "/bereitstellung/v1/objekte";
  follow(next);
  write([](ObjectStore& objects) {
    auto service = objects.get<directory::Service>({"T100001", "1"}).value();
    service.assurance_level = "30";
    objects.put(service, "fixture", now.now());
    objects.withdraw(ObjectKind::service, {"T100001", "100"}, now.now());
    objects.withdraw(ObjectKind::responsibility, {"T100001", "2100"}, now.now());
    service.assurance_level = "40";  // twice: comes once
    objects.put(service, "fixture", now.now());
  });
  EXPECT_NE(fingerprint(*other), fingerprint(*origin));
  EXPECT_EQ(follow(next), 3);
  EXPECT_EQ(fingerprint(*other), fingerprint(*origin));
}

TEST_F(ProvidingTest, LosesNothingThatChangesBetweenTwoPages) {
  std::string next = "/bereitstellung/v1/objekte?anzahl=5";
  for (int step = 0; step < 1000; ++step) {
    const auto response = get(next);
    ASSERT_EQ(response.status, 200);
    const Json answer = parse_json(*response.body, "page").value();
    const std::string file = folder.file("page.xml");
    std::ofstream(file, std::ios::binary) << answer.text_or("xzufiObjekte");
    ASSERT_TRUE(directory::import_xzufi(*other, now, {file}, "network", {}));
    const std::string address(answer.text_or("naechsteAnfrageUrl"));
    next = address.substr(address.find('/', 8));
    if (*answer["vollstaendig"].if_bool()) break;
    if (step < 40) {  // before and behind the place where the reader is
      write([&](ObjectStore& objects) {
        const std::string number = std::to_string(100 + step);
        objects.withdraw(ObjectKind::service, {"T100001", number}, now.now());
        auto service = objects.get<directory::Service>({"T100001", "1"}).value();
        service.id.local = (step % 2 == 0 ? "0new" : "znew") + number;
        objects.put(service, "fixture", now.now());
      });
    }
  }
  EXPECT_EQ(fingerprint(*other), fingerprint(*origin));
}

TEST_F(ProvidingTest, GivesCanonicalBodiesOnRequest) {
  const auto response = get("/bereitstellung/v1/objekte?format=json&anzahl=2");
  const Json answer = parse_json(*response.body, "page").value();
  ASSERT_EQ(answer["objekte"].if_array()->size(), 2u);
  EXPECT_EQ((*answer["objekte"].if_array())[0].text_or("kind"), "unit");
  EXPECT_THAT(answer.text_or("naechsteAnfrageUrl"), HasSubstr("format=json"));
  EXPECT_EQ(answer.find("xzufiObjekte"), nullptr);
}

TEST_F(ProvidingTest, GivesThePartOfSomeAreasWithWhatLiesAroundThem) {
  const auto kinds = [&](const std::string& ars) {
    std::map<std::string, std::int64_t> out;
    std::string next = "/bereitstellung/v1/objekte?format=json&anzahl=7" + ars;
    for (int page = 0; page < 1000; ++page) {
      const auto response = get(next);
      if (response.status != 200) break;
      const Json answer = parse_json(*response.body, "page").value();
      for (const Json& object : *answer["objekte"].if_array()) ++out[std::string(object.text_or("kind"))];
      const std::string address(answer.text_or("naechsteAnfrageUrl"));
      next = address.substr(address.find('/', 8));
      if (*answer["vollstaendig"].if_bool()) return out;
    }
    ADD_FAILURE() << "no end " << ars;
    return out;
  };
  const auto all = kinds(""), here = kinds("&ars=010600063063"), state = kinds("&ars=01*"), elsewhere = kinds("&ars=09162,%2010");
  EXPECT_EQ(here.at("service"), all.at("service"));
  EXPECT_EQ(here.at("unit"), all.at("unit"));
  const auto said = [](const std::map<std::string, std::int64_t>& of) {
    return of.contains("responsibility") ? of.at("responsibility") : 0;
  };
  EXPECT_EQ(said(state), said(all)) << "all in the fixture is said of places in the state, or of everywhere";
  EXPECT_LT(said(here), said(state));
  EXPECT_LT(said(elsewhere), said(here));
  std::string next = "/bereitstellung/v1/objekte?ars=10";
  follow(next);
  EXPECT_THAT(next, HasSubstr("&ars=10"));
  write([](ObjectStore& objects) {
    auto one = objects.get<directory::Responsibility>({"T100001", "2100"}).value();
    one.note.push_back({"de", "geändert"});
    objects.put(one, "fixture", now.now());
  });
  EXPECT_EQ(follow(next), 1) << "a change outside of the part comes as withdrawn";
}

TEST_F(ProvidingTest, GivesAnIndexAndFilesThatACollectorTakesWhole) {
  const auto index = get("/bereitstellung/xzufi/index.txt");
  ASSERT_EQ(index.status, 200);
  const std::string delivery = folder.file("delivery");
  std::filesystem::create_directory(delivery);
  std::ofstream(delivery + "/index.txt", std::ios::binary) << *index.body;
  int files = 0;
  for (std::string_view name : split(*index.body, '\n')) {
    if (name.empty()) continue;
    const auto file = get("/bereitstellung/xzufi/" + std::string(name));
    ASSERT_EQ(file.status, 200) << name;
    std::ofstream(delivery + "/" + std::string(name), std::ios::binary) << *file.body;
    ++files;
  }
  EXPECT_GE(files, 5);
  const auto taken = directory::import_xzufi(*other, now, {delivery}, "collected", {});
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_EQ(fingerprint(*other), fingerprint(*origin));
  EXPECT_EQ(*get("/bereitstellung/xzufi/index.txt").body, *index.body) << "the same state, the same index";
}

TEST_F(ProvidingTest, KeepsFilesOfAnIndexWhileTheStockChanges) {
  directory::StockFiles files(10);
  std::vector<std::string> names;
  origin->read([&](store::Connection& connection) {
    const std::string index = files.index(connection);
    for (std::string_view name : split(index, '\n')) {
      if (!name.empty()) names.emplace_back(name);
    }
  });
  EXPECT_GT(names.size(), 12u);
  write([](ObjectStore& objects) {
    auto service = objects.get<directory::Service>({"T100001", "1"}).value();
    for (const char* local : {"0", "105x", "zzz"}) {
      service.id.local = local;
      objects.put(service, "fixture", now.now());
    }
    objects.withdraw(ObjectKind::service, {"T100001", "110"}, now.now());
  });
  std::string all;
  origin->read([&](store::Connection& connection) {
    for (const auto& name : names) all += files.file(connection, name).value();
    EXPECT_FALSE(files.file(connection, "leistung-99999-1.xml"));
  });
  for (const char* local : {">0<", ">105x<", ">zzz<"}) EXPECT_THAT(all, HasSubstr(local));
  origin->read([&](store::Connection& connection) {
    for (int i = 0; i < 3; ++i) files.index(connection);
    EXPECT_TRUE(files.file(connection, names[0])) << "an older division is remembered for a while";
  });
}

TEST_F(ProvidingTest, RefusesWhatItDidNotGiveOut) {
  for (const char* bad : {"ab=x", "ab=-1", "ab=007", "ab=1_XX", "ab=1_LB_a", "ab=1_LB_a_~zz", "ab=1_LB_%C3%A4_b",
                          "ab=99999999999", "anzahl=0", "anzahl=1001", "anzahl=x", "format=pdf", "ars=x", "ars=*", "ars=1234567890123", "ars=01,,02", "ab=1_LB_a_b_c"}) {
    EXPECT_EQ(get(std::string("/bereitstellung/v1/objekte?") + bad).status, 400) << bad;
  }
  for (const char* path :
       {"/bereitstellung", "/bereitstellung/v2", "/bereitstellung/xzufi/none.xml", "/bereitstellung/v1/x"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
}

TEST(StockCursor, ComesBackAsItWas) {
  for (const auto& cursor : {directory::StockCursor{},
                             {7, {}, {}},
                             {0, ObjectKind::unit, {}},
                             {12, ObjectKind::responsibility, {"L1", "a_b~c/ä\"?"}},
                             {12, ObjectKind::service, {"L_1", "x"}}}) {
    const auto read = directory::StockCursor::parse(cursor.to_text());
    ASSERT_TRUE(read) << cursor.to_text();
    EXPECT_EQ(*read, cursor);
  }
}

}  // namespace
}  // namespace verbund::providing
