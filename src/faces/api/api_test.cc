// SPDX-License-Identifier: EUPL-1.2
#include "faces/api/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "directory/objects/testing/random_object.h"
#include "faces/api/hits_writer.h"
#include "faces/api/schema_checker.h"
#include "kits/http/target.h"
#include "kits/store/testing/folder.h"

namespace verbund::api {
namespace {

using directory::AreaKey;
using directory::AreaLevel;
using directory::ObjectId;
using directory::ObjectKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const FixedClock now(*parse_time("2026-06-08T07:41:01Z"));

AreaKey key(std::string_view digits) { return AreaKey::parse(digits).value(); }
ObjectId id(std::string agency, std::string local) { return {std::move(agency), std::move(local)}; }

directory::Area area(std::string_view digits, const std::string& name, AreaLevel level, std::int64_t population) {
  directory::Area out;
  out.key = key(digits);
  out.name = out.short_name = name;
  out.level = out.top_level = level;
  out.population = population;
  return out;
}

directory::TextModule text_module(std::string_view code, const std::string& german) {
  directory::TextModule module;
  module.code = code;
  module.content = {{"de", german}};
  return module;
}

directory::Service service(ObjectId identity, const std::string& title, const std::string& service_key) {
  directory::Service out;
  out.id = std::move(identity);
  out.modules.texts = {text_module(directory::text_code::citizen_title, title),
                       text_module(directory::text_code::full_text, "<p>Volltext</p>")};
  if (!service_key.empty()) out.service_keys = {{"", "", service_key, title}};
  return out;
}

directory::Responsibility responsibility(const std::string& local, ObjectKind kind, ObjectId holder, ObjectId what,
                                         std::vector<AreaKey> areas) {
  directory::Responsibility out;
  out.id = id("L100012", local);
  out.holder_kind = kind;
  out.holder = std::move(holder);
  out.service = std::move(what);
  out.areas = std::move(areas);
  return out;
}

class ApiTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::Database::open({.path = folder.store("node.sqlite")}, directory::directory_migrations());
    ASSERT_TRUE(opened) << opened.error().text();
    database = std::move(*opened);
    auto filled = database->write([&](store::Connection& connection) -> Result<void> {
      directory::AreaStore areas(connection);
      auto taken = areas.replace_all({area("", "Deutschland", AreaLevel::federation, 84'000'000),
                                      area("01", "Schleswig-Holstein", AreaLevel::state, 2'900'000),
                                      area("01060", "Segeberg", AreaLevel::district, 280'000),
                                      area("010600063063", "Norderstedt", AreaLevel::municipality, 80'000),
                                      area("010600039039", "Henstedt-Ulzburg", AreaLevel::municipality, 28'000),
                                      area("01055", "Ostholstein", AreaLevel::district, 200'000),
                                      area("010550032032", "Neustadt", AreaLevel::municipality, 15'000),
                                      area("010600050050", "Neustadt", AreaLevel::municipality, 100)}, "2023-11-30");
      if (!taken) return pass(taken);
      auto codes = areas.replace_postal_codes({{"22844", key("010600063063"), "Norderstedt"},
                                               {"22846", key("010600063063"), "Norderstedt"},
                                               {"24558", key("010600039039"), "Henstedt-Ulzburg"},
                                               {"24558", key("010600050050"), "Neustadt"}},
                                              nullptr);
      if (!codes) return pass(codes);
      put_objects(directory::ObjectStore(connection));
      return {};
    });
    ASSERT_TRUE(filled) << filled.error().text();
    finder = std::make_unique<directory::Finder>(*database);
    finder->refresh();
    add_routes(router, reading::PublicReading({}, nullptr), *finder, *database);
    auto read = parse_json(*get("/api/v1/openapi.json").body, "openapi.json");
    ASSERT_TRUE(read) << read.error().text();
    description = std::move(*read);
  }

  void put_objects(directory::ObjectStore objects) {
    const auto put = [&](const auto& object) { objects.put(object, "test", now.now()); };
    put(service(id("L100012", "1"), "Personalausweis beantragen", "99008001012000"));
    put(service(id("B100019", "2"), "Führungszeugnis beantragen", "99022001012000"));
    put(service(id("L100012", "lonely"), "Niemand macht das", ""));
    directory::OrganisationalUnit unit;
    unit.id = id("L100012", "office");
    unit.name = {{"de", "Bürgeramt Norderstedt"}};
    directory::Address address;
    address.kind = "002";
    address.street = "Rathausallee";
    address.postal_code = "22846";
    address.latitude = 53.7;
    address.longitude = 10.0;
    unit.addresses = {address};
    unit.hours = {{1, "08:00", "12:00", "", {}}};
    put(unit);
    directory::OnlineService online;
    online.id = id("L100012", "form");
    online.title = {{"de", "Personalausweis online"}};
    online.links = {{"", "de", "https://form.example/ausweis", "Zum Antrag"}};
    put(online);
    put(responsibility("z1", ObjectKind::unit, unit.id, id("L100012", "1"), {key("010600063063")}));
    put(responsibility("z2", ObjectKind::online_service, online.id, id("L100012", "1"), {key("01")}));
    directory::Specialisation layer;
    layer.id = id("L100012", "layer");
    layer.service = id("L100012", "1");
    layer.areas = {key("010600063063")};
    layer.modules.texts = {text_module(directory::text_code::full_text, "<p>In Norderstedt</p>")};
    put(layer);
    directory::testing::Random random(20260608);
    for (int i = 0; i < 40; ++i) {  // every field of the model, now and then
      auto any = directory::testing::random_service(random);
      put(any);
      random_services.push_back(any.id);
      auto any_unit = directory::testing::random_unit(random);
      put(any_unit);
      random_units.push_back(any_unit.id);
    }
  }

  http::Response get(const std::string& target) const {
    auto read = http::read_target(target);
    if (!read) throw std::runtime_error("not a target: " + target);
    http::Request request;
    request.method = "GET";
    request.target = target;
    request.path = read->path;
    request.segments = read->segments;
    request.query = read->query;
    http::Response response = router.route(request);
    EXPECT_EQ(response.reusable, response.status == 200) << target;
    if (const auto quick = router.quick(request)) {
      EXPECT_EQ(quick->status, response.status) << target;
      EXPECT_EQ(*quick->body, *response.body) << target;
    }
    return response;
  }

  // The answer as JSON after checking that it is as openapi.json says.
  Json checked(const std::string& pattern, const std::string& target, int status) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, status) << target << "\n" << *response.body;
    std::string type, origin;
    for (const auto& [name, value] : response.headers) {
      if (name == "Content-Type") type = value;
      if (name == "Access-Control-Allow-Origin") origin = value;
    }
    EXPECT_EQ(origin, "*") << target;
    auto body = parse_json(*response.body, target);
    if (!body) {
      ADD_FAILURE() << body.error().text();
      return {};
    }
    const Json& answers = description["paths"][pattern]["get"]["responses"];
    const Json* answer = answers.find(std::to_string(response.status));
    if (answer == nullptr) {
      ADD_FAILURE() << pattern << " does not describe " << response.status;
      return {};
    }
    const Json& schema = (*answer)["content"][type]["schema"];
    SchemaChecker checker(description);
    EXPECT_THAT(checker.check(*body, schema), IsEmpty()) << target << "\n" << body->to_pretty().substr(0, 3000);
    walked.insert(pattern);
    return std::move(*body);
  }

  store::testing::Folder folder;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<directory::Finder> finder;
  http::Router router;
  Json description;
  std::set<std::string> walked;
  std::vector<ObjectId> random_services, random_units;
};

TEST_F(ApiTest, AnswersAsItsDescriptionSays) {
  checked("/api/v1/openapi.json", "/api/v1/openapi.json", 200);
  for (const char* query :
       {"q=Norderstedt", "q=22844", "q=24558", "q=2", "q=01", "q=xyzxyz", "q=Neustadt&limit=1&offset=1"}) {
    checked("/api/v1/areas", std::string("/api/v1/areas?") + query, 200);
  }
  for (const char* query :
       {"q=Personalausweis", "q=Personalausweis&area=22844", "q=perso&area=010600063063", "q=zzzzqqq", "", "area=01",
        "area=Norderstedt", "area=norderstedt&limit=100", "area=000000000000", "q=F%C3%BChrungszeugnis&area=010"}) {
    checked("/api/v1/services", std::string("/api/v1/services?") + query, 200);
  }
  checked("/api/v1/services", "/api/v1/services?area=24558", 409);
  checked("/api/v1/services", "/api/v1/services?area=Nirgendwo", 404);
  checked("/api/v1/services", "/api/v1/services?limit=0", 400);
  checked("/api/v1/services/{id}", "/api/v1/services/L100012.LB.1", 200);
  checked("/api/v1/services/{id}", "/api/v1/services/L100012.LB.1?area=22846", 200);
  checked("/api/v1/services/{id}", "/api/v1/services/99008001012000?area=22846", 200);
  checked("/api/v1/services/{id}", "/api/v1/services/L100012.LB.none", 404);
  checked("/api/v1/services/{id}", "/api/v1/services/L100012.OE.office", 400);
  checked("/api/v1/services/{id}", "/api/v1/services/%C3%A4", 400);
  checked("/api/v1/responsibilities", "/api/v1/responsibilities?service=L100012.LB.1&area=22846", 200);
  checked("/api/v1/responsibilities", "/api/v1/responsibilities?service=99008001012000", 200);
  checked("/api/v1/responsibilities", "/api/v1/responsibilities", 400);
  checked("/api/v1/responsibilities", "/api/v1/responsibilities?service=99999999999999", 404);
  checked("/api/v1/units/{id}", "/api/v1/units/L100012.OE.office", 200);
  checked("/api/v1/units/{id}", "/api/v1/units/L100012.OE.none", 404);
  checked("/api/v1/units/{id}", "/api/v1/units/none", 400);
  const auto snapshot = finder->snapshot();
  int offered = 0;
  for (const ObjectId& each : random_services) {
    const bool known = snapshot->service(each).has_value();  // some have no title or are not valid today
    offered += known ? 1 : 0;
    checked("/api/v1/services/{id}", "/api/v1/services/" + http::percent_encode(external_id(ObjectKind::service, each)),
            known ? 200 : 404);
  }
  EXPECT_GE(offered, 10);
  for (const ObjectId& each : random_units) {
    checked("/api/v1/units/{id}", "/api/v1/units/" + http::percent_encode(external_id(ObjectKind::unit, each)), 200);
  }
  for (const auto& [pattern, unused] : *description["paths"].if_object())
    EXPECT_TRUE(walked.contains(pattern)) << pattern;
}

TEST_F(ApiTest, GivesAHitEverythingAClientNeeds) {
  const Json answer = checked("/api/v1/services", "/api/v1/services?q=Personalausweis&area=22844", 200);
  ASSERT_NE(answer["hits"].if_array(), nullptr);
  ASSERT_FALSE(answer["hits"].if_array()->empty());
  const Json& hit = (*answer["hits"].if_array())[0];
  EXPECT_EQ(hit.text_or("id"), "L100012.LB.1");
  EXPECT_EQ(hit.text_or("local_id"), "1");
  EXPECT_EQ(hit.text_or("service_key"), "99008001012000");
  EXPECT_EQ(hit.text_or("title"), "Personalausweis beantragen");
  EXPECT_EQ(hit.text_or("url"), "/norderstedt/personalausweis-beantragen");
  EXPECT_EQ(hit["authority"].text_or("id"), "L100012.OE.office");
  EXPECT_EQ(hit["authority"].text_or("name"), "Bürgeramt Norderstedt");
  EXPECT_EQ(hit["authority"].text_or("area"), "010600063063");
  ASSERT_EQ(hit["online"].if_array()->size(), 1u);
  EXPECT_EQ((*hit["online"].if_array())[0].text_or("url"), "https://form.example/ausweis");
  EXPECT_EQ(answer["area"].text_or("label"), "Norderstedt");
}

TEST_F(ApiTest, WritesHitsAsATreeOfValuesWouldBeWritten) {
  const auto snapshot = finder->snapshot();
  int hits = 0;
  for (const char* place : {"", "01", "010600063063", "010550032032", "99"}) {
    for (const char* query : {"Personalausweis", "perso", "a", "Führungszeugnis", "zzzz", "\"\\\x01\n\xE2\x80\xA8"}) {
      directory::SearchRequest search;
      search.query = query;
      search.area = key(place);
      search.limit = 100;
      auto answer = snapshot->search(search);
      hits += static_cast<int>(answer.hits.size());
      EXPECT_EQ(write_hits(search, answer, *snapshot), hits_document(search, answer, *snapshot).to_canonical());
      answer.hits.push_back({0, false, 0});
      for (const double score : {0.0, 1.0, 1e-9, 0.1, 123456789.125, 1e300}) {
        answer.hits.back().score = score;
        answer.corrected = "q\"";
        EXPECT_EQ(write_hits(search, answer, *snapshot), hits_document(search, answer, *snapshot).to_canonical());
      }
    }
  }
  EXPECT_GT(hits, 10);
}

TEST_F(ApiTest, SaysWhatItUnderstoodWhereAWordIsNotKnown) {
  const Json piece = checked("/api/v1/services", "/api/v1/services?q=Personalausweisqqq+&area=22844", 200);
  ASSERT_NE(piece["words"].if_array(), nullptr);
  ASSERT_EQ(piece["words"].if_array()->size(), 1u);
  EXPECT_EQ(piece["words"].if_array()->front().text_or("typed"), "Personalausweisqqq");
  EXPECT_EQ(piece["words"].if_array()->front().text_or("how"), "piece");
  EXPECT_EQ(piece["words"].if_array()->front().text_or("as"), "Personalausweis");
  EXPECT_EQ(piece.find("nearest"), nullptr) << "there are hits";
  const Json nothing = checked("/api/v1/services", "/api/v1/services?q=qqqqzzzz&area=22844", 200);
  EXPECT_EQ(nothing["words"].if_array()->front().text_or("how"), "unknown");
  EXPECT_NE(nothing["nearest"].if_array(), nullptr);
  const Json found = checked("/api/v1/services", "/api/v1/services?q=Personalausweis&area=22844", 200);
  EXPECT_EQ(found.find("words"), nullptr);
}

TEST_F(ApiTest, GivesTheTextOfThePlace) {
  const auto full_text = [&](const std::string& target) {
    const Json answer = checked("/api/v1/services/{id}", target, 200);
    for (const Json& module : *answer["service"]["modules"]["texts"].if_array()) {
      if (module.text_or("code") == "06") return std::string((*module["content"].if_array())[0].text_or("text"));
    }
    return std::string("none");
  };
  EXPECT_EQ(full_text("/api/v1/services/L100012.LB.1?area=22844"), "<p>In Norderstedt</p>");
  EXPECT_EQ(full_text("/api/v1/services/L100012.LB.1?area=010600039039"), "<p>Volltext</p>");
  EXPECT_EQ(full_text("/api/v1/services/L100012.LB.1"), "<p>Volltext</p>");
}

TEST_F(ApiTest, NamesTheResponsibleUnitAndEveryOnlineService) {
  const Json answer =
      checked("/api/v1/responsibilities", "/api/v1/responsibilities?service=99008001012000&area=norderstedt", 200);
  ASSERT_EQ(answer["responsible"].if_array()->size(), 1u);
  const Json& role = (*answer["responsible"].if_array())[0];
  EXPECT_EQ(role.text_or("area"), "010600063063");
  EXPECT_EQ((*role["units"].if_array())[0].text_or("id"), "L100012.OE.office");
  EXPECT_EQ(answer["online"].if_array()->size(), 1u);
  const Json elsewhere =
      checked("/api/v1/responsibilities", "/api/v1/responsibilities?service=99008001012000&area=010600039039", 200);
  EXPECT_THAT(*elsewhere["responsible"].if_array(), IsEmpty());
  EXPECT_EQ(elsewhere["online"].if_array()->size(), 1u);
}

TEST_F(ApiTest, AsksWhichPlaceIsMeant) {
  const Json problem = checked("/api/v1/services", "/api/v1/services?q=x&area=24558", 409);
  ASSERT_EQ(problem["choices"].if_array()->size(), 2u);
  EXPECT_THAT(problem["choices"].to_canonical(), HasSubstr("\"key\":\"010600039039\""));
  EXPECT_THAT(problem["choices"].to_canonical(), HasSubstr("\"key\":\"010600050050\""));
}

TEST_F(ApiTest, PagesThroughAList) {
  const Json first = checked("/api/v1/services", "/api/v1/services?area=22844&limit=1", 200);
  const Json second = checked("/api/v1/services", "/api/v1/services?area=22844&limit=1&offset=1", 200);
  ASSERT_EQ(first["hits"].if_array()->size(), 1u);
  EXPECT_EQ(first["total"], second["total"]);
  EXPECT_EQ(first["limit"], Json(1));
  EXPECT_EQ(second["offset"], Json(1));
  if (!second["hits"].if_array()->empty()) {
    EXPECT_FALSE((*first["hits"].if_array())[0] == (*second["hits"].if_array())[0]);
  }
  const Json beyond = checked("/api/v1/services", "/api/v1/services?area=22844&offset=10000", 200);
  EXPECT_THAT(*beyond["hits"].if_array(), IsEmpty());
}

TEST_F(ApiTest, RefusesBadParameters) {
  for (const char* query :
       {"limit=0", "limit=101", "limit=-1", "limit=ten", "limit=99999999999999999999", "offset=10001", "offset=-1"}) {
    checked("/api/v1/services", std::string("/api/v1/services?") + query, 400);
    checked("/api/v1/areas", std::string("/api/v1/areas?q=x&") + query, 400);
  }
  checked("/api/v1/areas", "/api/v1/areas", 400);
  checked("/api/v1/services", "/api/v1/services?area=" + std::string(5000, 'x'), 404);
  checked("/api/v1/services", "/api/v1/services?q=" + std::string(5000, 'x'), 200);
  checked("/api/v1/services", "/api/v1/services?q=%3Cscript%3E%22%27%5C", 200);
}

TEST_F(ApiTest, AnswersProgramsWithProblemsWhereNothingIs) {
  for (const char* target : {"/api", "/api/v1", "/api/v1/nothing", "/api/v2/services", "/api/v1/units/a/b"}) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_THAT(*response.body, HasSubstr("openapi.json")) << target;
  }
}

TEST_F(ApiTest, FollowsAWithdrawalBeforeTheIndexDoes) {
  auto done = database->write([&](store::Connection& connection) -> Result<void> {
    directory::ObjectStore(connection).withdraw(ObjectKind::service, id("L100012", "1"), now.now());
    return {};
  });
  ASSERT_TRUE(done);
  checked("/api/v1/services/{id}", "/api/v1/services/L100012.LB.1", 404);
}

TEST(SchemaChecker, FindsWhatDoesNotHold) {
  const Json description = *parse_json(
      R"({"components": {"schemas": {"A": {"type": "object", "required": ["a"], "additionalProperties": false,
    "properties": {"a": {"type": ["string", "null"], "pattern": "^x"}, "b": {"type": "array", "items": {"$ref": "#/components/schemas/A"}},
    "c": {"enum": [1, "y"]}, "d": {"type": "integer", "minimum": 0, "maximum": 9}, "e": {"anyOf": [{"type": "null"}, {"type": "boolean"}]}}}}}})",
      "d");
  SchemaChecker checker(description);
  const Json schema = Json::object({{"$ref", "#/components/schemas/A"}});
  for (const char* good : {R"({"a": "x"})", R"({"a": null, "b": [{"a": "xy"}], "c": "y", "d": 9, "e": true})"}) {
    EXPECT_THAT(checker.check(*parse_json(good, "good"), schema), IsEmpty()) << good;
  }
  for (const char* bad :
       {"[]", "{}", R"({"a": 1})", R"({"a": "y"})", R"({"a": "x", "z": 1})", R"({"a": "x", "b": [{}]})",
        R"({"a": "x", "b": {}})", R"({"a": "x", "c": 2})", R"({"a": "x", "d": 10})", R"({"a": "x", "d": -1})",
        R"({"a": "x", "d": 1.5})", R"({"a": "x", "e": 1})"}) {
    EXPECT_EQ(checker.check(*parse_json(bad, "bad"), schema).size(), 1u) << bad;
  }
  EXPECT_EQ(checker.check(Json(1), Json::object({{"typ", "x"}})).size(), 1u);
  EXPECT_FALSE(checker.check(Json(1), Json::object({{"$ref", "#/components/schemas/B"}})).empty());
}

}  // namespace
}  // namespace verbund::api
