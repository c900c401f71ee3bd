// SPDX-License-Identifier: EUPL-1.2
#include "faces/fit_connect/routing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "directory/destinations/destination_test_support.h"
#include "directory/destinations/destinations.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "faces/api/schema_checker.h"
#include "faces/fit_connect/area_names.h"
#include "faces/fit_connect/yaml_subset.h"
#include "faces/portal/testing/fixture.h"
#include "kits/http/test_request.h"
#include "kits/store/testing/folder.h"

namespace verbund::fit_connect {
namespace {

using directory::ObjectStore;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* uuid = "ac715f34-333e-41f4-9bb5-186b309ea233";
const Instant day = *parse_time("2026-06-08T07:41:01Z");

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

using http::header_of;

class RoutingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database =
        std::move(*store::Database::open({.path = folder.store("node.sqlite")}, directory::directory_migrations()));
    portal::testing::fill(*database, day);
    auto done = database->write([](store::Connection& connection) -> Result<void> {
      ObjectStore objects(connection);
      auto responsibility = objects.get<directory::Responsibility>({"T100001", "30"}).value();
      responsibility.secondary_ids.push_back({directory::testing::signature(uuid), "urn:de:fitko", "", "",
                                              std::string(directory::destination_scheme), "", "", ""});
      objects.put(responsibility, "fixture", day);
      auto unit = objects.get<directory::OrganisationalUnit>({"T100001", "10"}).value();
      directory::Address house = unit.addresses[0], box;
      house.kind = "001";
      box.kind = "003";
      box.post_box = "19 80";
      box.postal_code = "22809";
      box.city = "Norderstedt";
      unit.addresses.push_back(house);
      unit.addresses.push_back(box);
      unit.contacts.push_back({"fax", "+49 40 53595-1", {}});
      unit.contacts.push_back({"contact_form", "http://not.encrypted.example/", {}});
      unit.contacts.push_back({"contact_form", "https://www.norderstedt.example/kontakt", {}});
      objects.put(unit, "fixture", day);
      auto online = objects.get<directory::OnlineService>({"T100001", "20"}).value();
      online.parameters = {{"efa.datenschutzerklaerung.url", "https://www.norderstedt.example/datenschutz"},
                           {"amt", "7"}};
      objects.put(online, "fixture", day);
      return {};
    });
    ASSERT_TRUE(done);
    finder = std::make_unique<directory::Finder>(*database, "", day);
    add_routes(router, reading, *finder, *database);
    schema = parse_json(read_file("src/faces/fit_connect/routing_schema.json"), "schema").value();
    const std::string published = "../shared/reference/openapi/fit-connect-routing-api-2.0.0.openapi.yaml";
    if (std::filesystem::exists(published)) description = testing::YamlSubset(read_file(published)).read();
  }

  http::Response get(const std::string& path_and_query, const std::string& accept = "*/*", bool named = true) const {
    http::Request request = http::get_request("/fit-connect/routing/v2" + path_and_query);
    request.headers["accept"] = accept;
    if (named) request.headers["user-agent"] = "test/1.0";
    return router.route(request);
  }

  // The answer, after checking it against our schema and, where it is at hand, the published description.
  Json checked(const std::string& path_and_query, int status) {
    const http::Response response = get(path_and_query);
    EXPECT_EQ(response.status, status) << path_and_query << " " << *response.body;
    return check(response, path_and_query.substr(0, path_and_query.find('?')));
  }
  Json check(const http::Response& response, const std::string& path) {
    EXPECT_FALSE(response.reusable) << "its RateLimit headers are part of the contract";
    const std::string type = header_of(response, "Content-Type"), status = std::to_string(response.status);
    for (const char* name : {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}) {
      EXPECT_TRUE(parse_number(header_of(response, name))) << path << " " << name;
    }
    const Json body = parse_json(*response.body, "answer").value();
    const std::string name(schema["paths"][path][status].text_or(type));
    EXPECT_FALSE(name.empty()) << path << " " << status << " " << type << " is not described";
    api::SchemaChecker ours(schema);
    EXPECT_THAT(ours.check(body, schema["components"]["schemas"][name]), IsEmpty()) << body.to_pretty();
    if (!description.is_null()) {
      const Json& answer = description["paths"][path]["get"]["responses"][status];
      EXPECT_FALSE(answer.is_null()) << path << " " << status;
      const Json* published = answer["content"][type].find("schema");
      EXPECT_NE(published, nullptr) << path << " " << status << " " << type;
      api::SchemaChecker theirs(description);
      if (published == nullptr) return body;
      EXPECT_THAT(theirs.check(body, *published), IsEmpty()) << body.to_pretty();
    }
    return body;
  }

  store::testing::Folder folder;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<directory::Finder> finder;
  http::RateLimiter limiter{{.per_minute = 600, .clients = 64, .client_header = ""}};
  reading::PublicReading reading{{}, &limiter};
  http::Router router;
  Json schema, description;
};

TEST_F(RoutingTest, GivesARouteWithEverythingAClientShows) {
  const Json answer = checked("/routes?leikaKey=99008001000000&ars=010600063063", 200);
  EXPECT_EQ(answer["count"], Json(1));
  EXPECT_EQ(answer["totalCount"], Json(1));
  EXPECT_EQ(answer["offset"], Json(0));
  const Json& route = (*answer["routes"].if_array())[0];
  EXPECT_EQ(route.text_or("destinationId"), uuid);
  EXPECT_EQ(route.text_or("destinationSignature"), directory::testing::signature(uuid));
  EXPECT_EQ(route.text_or("destinationName"), "Stadt Norderstedt - Bürgeramt Norderstedt");
  EXPECT_EQ(route.text_or("destinationShortName"), "Bürgeramt Norderstedt");
  EXPECT_EQ(route["contactPersons"].to_canonical(),
            R"([{"email":"buergeramt@norderstedt.example","fax":"+49 40 53595-1","tel":"+49 40 53595-0"}])");
  EXPECT_EQ(route["address"].to_canonical(),
            R"({"city":"Norderstedt","houseNumber":"50","street":"Rathausallee","zip":"22846"})");
  EXPECT_EQ(route["postOfficeBox"].to_canonical(),
            R"({"city":"Norderstedt","postOfficeBox":"Postfach 19 80","zip":"22809"})");
  EXPECT_EQ(route.text_or("contactFormUrl"), "https://www.norderstedt.example/kontakt");
  EXPECT_EQ(route.text_or("privacyPolicyUrl"), "https://www.norderstedt.example/datenschutz");
  EXPECT_EQ(route["customParameters"].text_or("amt"), "7");
  EXPECT_THAT(route["legalBasis"]["description"].text_or("de"), HasSubstr("Personalausweisgesetz"));
  EXPECT_THAT(route["requiredDocuments"]["description"].text_or("en"), HasSubstr("<li>Digital photo</li>"));
  EXPECT_EQ(route["processingDuration"].to_canonical(), R"({"maxDuration":3,"minDuration":2,"unit":"week"})");
}

TEST_F(RoutingTest, TakesTheAreaInEachOfThreeForms) {
  for (const char* area : {"ars=010600063063", "ags=01060063", "areaId=010600063063"}) {
    const Json answer = checked(std::string("/routes?leikaKey=99008001000000&") + area, 200);
    EXPECT_EQ(answer["count"], Json(1)) << area;
  }
}

TEST_F(RoutingTest, AnswersWithAnEmptyListWhereThereIsNoRoute) {
  for (const char* query : {"leikaKey=99008001000000&ars=09", "leikaKey=99008001000000&ars=010600063999",
                            "leikaKey=99999999999999&ars=010600063063", "leikaKey=99049001000000&ars=010600063063",
                            "leikaKey=99008001000000&areaId=7", "leikaKey=99008001000000&ags=99999999",
                            "leikaKey=99008001000000&areaId=99999999999999999999999",
                            "leikaKey=99008001000000&ars=010600063063&offset=5"}) {
    const Json answer = checked(std::string("/routes?") + query, 200);
    EXPECT_EQ(answer["count"], Json(0)) << query;
    EXPECT_THAT(*answer["routes"].if_array(), IsEmpty()) << query;
  }
}

TEST_F(RoutingTest, RefusesWhatBreaksTheDescription) {
  for (const char* query :
       {"", "ars=010600063063", "leikaKey=99008001000000", "leikaKey=9900800100000&ars=01",
        "leikaKey=98008001000000&ars=01", "leikaKey=99008001000000&ars=0106",
        "leikaKey=99008001000000&ars=", "leikaKey=99008001000000&ars=01a", "leikaKey=99008001000000&ags=010600063063",
        "leikaKey=99008001000000&ars=01&ags=01", "leikaKey=99008001000000&areaId=x",
        "leikaKey=99008001000000&ars=01&ars=02", "leikaKey=99008001000000&leikaKey=99008001000000&ars=01",
        "leikaKey=99008001000000&ars=01&limit=0", "leikaKey=99008001000000&ars=01&limit=501",
        "leikaKey=99008001000000&ars=01&offset=-1", "leikaKey=99008001000000&ars=01&offset=x",
        "leikaKey=99008001000000&ars=01&offset=99999999999", "leikaKey=%F0%9F%98%80&ars=01"}) {
    checked(std::string("/routes?") + query, 400);
  }
  for (const char* query : {"", "areaSearchexpression=", "areaSearchexpression=a", "areaSearchexpression=*",
                            "areaSearchexpression=***", "areaSearchexpression=**ab", "areaSearchexpression=ab***cd",
                            "areaSearchexpression=ab*c", "areaSearchexpression=Norderstedt&limit=501"}) {
    checked(std::string("/areas?") + query, 400);
  }
  std::string many = "/areas?";
  for (int i = 0; i < 11; ++i) many += "areaSearchexpression=Norderstedt&";
  checked(many, 400);
  checked("/areas?areaSearchexpression=" + std::string(5000, 'x'), 400);
}

TEST_F(RoutingTest, FindsAreasByNamePostalCodeAndWildcard) {
  const auto ids = [&](const std::string& query) {
    std::string out;
    const Json answer = checked("/areas?" + query, 200);
    for (const Json& area : *answer["areas"].if_array()) {
      out += std::string(area.text_or("id")) + " " + std::string(area.text_or("type")) + "\n";
    }
    return out;
  };
  EXPECT_EQ(ids("areaSearchexpression=Norderstedt"), "010600063063 Gemeinde\n");
  EXPECT_EQ(ids("areaSearchexpression=norder*"), "010600063063 Gemeinde\n");
  EXPECT_EQ(ids("areaSearchexpression=*stedt"), "010600063063 Gemeinde\n");
  EXPECT_EQ(ids("areaSearchexpression=*der*"), "010600063063 Gemeinde\n095740146146 Gemeinde\n");
  EXPECT_EQ(ids("areaSearchexpression=22846"), "010600063063 Gemeinde\n");
  EXPECT_EQ(ids("areaSearchexpression=2458*&areaSearchexpression=Bordesholm"), "010585864022 Gemeinde\n");
  EXPECT_EQ(ids("areaSearchexpression=24582"), "010585864022 Gemeinde\n010585864107 Gemeinde\n");
  EXPECT_EQ(ids("areaSearchexpression=Schleswig-Holstein"), "010000000000 Bundesland\n");
  EXPECT_EQ(ids("areaSearchexpression=Neustadt&areaSearchexpression=Pegnitz"), "095740146146 Gemeinde\n");
  EXPECT_EQ(ids("areaSearchexpression=Eckernf%C3%B6rde"), "010580000000 Kreis\n");
  EXPECT_EQ(ids("areaSearchexpression=Nirgendwo"), "");
  const Json page = checked("/areas?areaSearchexpression=Neustadt&limit=1&offset=1", 200);
  EXPECT_EQ(page["count"], Json(1));
  EXPECT_EQ(page["offset"], Json(1));
  EXPECT_EQ(page["totalCount"], Json(2));
}

TEST_F(RoutingTest, GivesAListOfAreasTheTypeOfTheDescriptionUnlessAskedForJson) {
  EXPECT_EQ(header_of(get("/areas?areaSearchexpression=Norderstedt"), "Content-Type"), "application/problem+json");
  const auto plain = get("/areas?areaSearchexpression=Norderstedt", "application/json, text/plain");
  EXPECT_EQ(header_of(plain, "Content-Type"), "application/json");
  EXPECT_EQ(header_of(plain, "Vary"), "Accept");
  EXPECT_EQ(header_of(get("/areas?areaSearchexpression=Norderstedt", "application/json, application/problem+json"),
                      "Content-Type"),
            "application/problem+json");
}

TEST_F(RoutingTest, SaysItsVersionOnBothPaths) {
  EXPECT_EQ(checked("/info", 200).to_canonical(), R"({"version":{"major":2,"minor":0,"patch":0}})");
  http::Request request;
  request.method = "GET";
  request.path = "/fit-connect/routing/v1/info";
  request.headers["user-agent"] = "test/1.0";
  EXPECT_EQ(router.route(request).status, 200);
  request.path = "/fit-connect/routing/v3/info";
  EXPECT_EQ(router.route(request).status, 404);
}

TEST_F(RoutingTest, DoesNotServeWhoDoesNotSayWhoItIs) {
  const auto refused = get("/info", "*/*", false);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(header_of(refused, "Content-Type"), "application/problem+json");
  EXPECT_EQ(header_of(refused, "RateLimit-Limit"), "600");
}

TEST_F(RoutingTest, RefusesOverTheLimitAsDescribed) {
  http::Response refused;
  for (int i = 0; i < 2000 && refused.status != 429; ++i) refused = get("/routes?leikaKey=99008001000000&ars=01");
  EXPECT_EQ(refused.status, 429);
  check(refused, "/routes");
  EXPECT_EQ(header_of(refused, "RateLimit-Remaining"), "0");
}

TEST(YamlSubset, ReadsWhatDescriptionsAreWrittenIn) {
  const Json read = testing::YamlSubset(
                        "a: 1\n# note\nb:\n  - x: 'it''s'\n    y: \"q\\n\"\n  - plain text: no\nc:\n- 1\n- two\n"
                        "d: |\n  line: one\n\n  two\n'200':\n  e: true\nf: ^a: b$\n")
                        .read();
  EXPECT_EQ(read.to_canonical(),
            R"({"200":{"e":true},"a":1,"b":[{"x":"it's","y":"q\n"},{"plain text":"no"}],"c":[1,"two"],)"
            R"("d":"line: one\n\ntwo\n","f":"^a: b$"})");
}

TEST(AreaKind, IsTheGermanWord) {
  directory::Area area;
  area.level = directory::AreaLevel::municipality;
  area.top_level = directory::AreaLevel::state;
  EXPECT_EQ(kind_of(area), "Stadtstaat");
  area.top_level = directory::AreaLevel::municipality;
  area.kind_code = "63";
  EXPECT_EQ(kind_of(area), "Stadt");
  area.kind_code = "??";
  EXPECT_EQ(kind_of(area), "Gemeinde");
}

}  // namespace
}  // namespace verbund::fit_connect
