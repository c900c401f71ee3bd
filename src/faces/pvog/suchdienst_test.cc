// SPDX-License-Identifier: EUPL-1.2
// Against a small town; answers for the demonstration and for Munich are compared in app/demo/interfaces_test.cc.
#include "faces/pvog/suchdienst.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "directory/objects/object_store.h"
#include "faces/portal/testing/fixture.h"
#include "faces/pvog/modules.h"
#include "faces/pvog/parameters.h"
#include "faces/pvog/token.h"
#include "kits/http/test_request.h"
#include "kits/store/testing/folder.h"

namespace verbund::pvog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const Instant day = *parse_time("2026-06-08T07:41:01Z");

class SuchdienstTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database =
        std::move(*store::Database::open({.path = folder.store("node.sqlite")}, directory::directory_migrations()));
    portal::testing::fill(*database, day);
    finder = std::make_unique<directory::Finder>(*database, "", day);
    add_routes(router, reading::PublicReading({}, nullptr), *finder, *database);
  }
  http::Response get(const std::string& target, const std::string& language = "") const {
    http::Request request = http::get_request("/suchdienst/api" + target);
    if (!language.empty()) request.headers["accept-language"] = language;
    request.headers["pvog-sud-api-client-id"] = "99155224";  // taken and not looked at
    return router.route(request);
  }
  Json json(const std::string& target, const std::string& language = "") const {
    const auto response = get(target, language);
    EXPECT_EQ(response.status, 200) << target << " " << *response.body;
    return parse_json(*response.body, target).value_or(Json());
  }
  static std::vector<std::string> ids(const Json& list) {
    std::vector<std::string> out;
    for (const Json& each : *list.if_array()) out.emplace_back(each.text_or("id"));
    return out;
  }

  store::testing::Folder folder;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<directory::Finder> finder;
  http::Router router;
};

TEST_F(SuchdienstTest, GivesPlacesWithWhatClientsNeedToTellThemApart) {
  const Json places = json("/v2/locations?q=22846");
  ASSERT_EQ(places.if_array()->size(), 1u);
  const Json& place = (*places.if_array())[0];
  EXPECT_EQ(place.text_or("name"), "Norderstedt");
  EXPECT_EQ(place.text_or("gemeinde"), "Norderstedt");
  EXPECT_EQ(place.text_or("ars"), "010600063063");
  EXPECT_EQ(place.text_or("ags"), "01060063");
  EXPECT_EQ(place.text_or("zip"), "22846");
  EXPECT_EQ(place["zipCodeCount"], Json(2));
  EXPECT_EQ(place.text_or("bundesland"), "Schleswig-Holstein");
  EXPECT_EQ(json("/v3/locations?q=Neustadt&limit=1&filterBy=ORT").if_array()->size(), 1u);
  EXPECT_EQ(json("/v3/locations/ars?q=Neustadt").if_array()->size(), 2u);
  EXPECT_EQ(json("/v3/locations?q=Schleswig-Holstein").if_array()->size(), 1u);
  EXPECT_EQ(get("/v3/locations/ars?q=Schleswig-Holstein").status, 404) << "no municipality";
  EXPECT_EQ(get("/v2/locations?q=Nirgendwo").status, 404);
  EXPECT_EQ(get("/v2/locations").status, 400);
}

TEST_F(SuchdienstTest, FindsServicesByWords) {
  for (const char* target :
       {"/v8beta1/servicedescriptions?ars=010600063063&q=Personalausweis&page=0&size=5&useArsHierarchy=true",
        "/v7/servicedescriptions/010600063063?q=Personalausweis&size=5"}) {
    const Json page = json(target)["serviceDescriptions"];
    ASSERT_FALSE(page["content"].if_array()->empty()) << target;
    const Json& hit = (*page["content"].if_array())[0];
    EXPECT_EQ(hit.text_or("id"), "T100001.LB.1");
    EXPECT_EQ(hit.text_or("name"), "Personalausweis beantragen");
    EXPECT_EQ(hit["leikakeys"].to_canonical(), R"(["99008001000000"])");
    EXPECT_EQ(hit["ars"].to_canonical(), R"(["010600063063"])");
    EXPECT_EQ(hit["organisationIds"].to_canonical(), R"(["T100001.OE.10"])");
    EXPECT_EQ(page["number"], Json(0));
  }
  EXPECT_EQ(get("/v8beta1/servicedescriptions?ars=010600063063&q=qqqqzzzz").status, 404);
}

TEST_F(SuchdienstTest, FindsServicesByKeyWithTheirOnlineServices) {
  const Json page =
      json("/v3/servicedescriptions/leikaid?ars=010600063063&leikaIds=99049001000000&validDate=2026-06-08");
  ASSERT_EQ(page["content"].if_array()->size(), 1u);
  const Json& service = (*page["content"].if_array())[0];
  EXPECT_EQ(service.text_or("id"), "T100001.LB.2");
  EXPECT_EQ(
      service["onlineServiceLinks"].to_canonical(),
      R"([{"id":"T100001.OD.21","title":"Führungszeugnis online","uri":"https://www.fuehrungszeugnis.example/"}])");
  EXPECT_EQ(service.find("details"), nullptr);
  EXPECT_EQ(page["totalElements"], Json(1));
  EXPECT_EQ(page["last"], Json(true));
  EXPECT_THAT(
      ids(json("/v3/servicedescriptions/leikaid?ars=010600063063&leikaIds=99049001000000,99008001000000")["content"]),
      ElementsAre("T100001.LB.2", "T100001.LB.1"));
  EXPECT_EQ(get("/v3/servicedescriptions/leikaid?ars=010600063063&leikaIds=99999999999999").status, 404);
  for (const char* bad : {"", "leikaIds=1", "leikaIds=99008001000000&page=-1", "leikaIds=99008001000000&size=0",
                          "leikaIds=99008001000000&ars=x", "leikaIds=99008001000000&ars=1",
                          "leikaIds=99008001000000&validDate=gestern"}) {
    EXPECT_EQ(get(std::string("/v3/servicedescriptions/leikaid?") + bad).status, 400) << bad;
  }
}

TEST_F(SuchdienstTest, ClimbsTheHierarchyOfKeysAndBringsTheTexts) {
  const Json page =
      json("/v2/servicedescriptions/leikahierarchy?ars=010600063063&leikaIds=99008001012000&page=0&size=5");
  ASSERT_EQ(page["content"].if_array()->size(), 1u);
  const Json& service = (*page["content"].if_array())[0];
  EXPECT_EQ(service.text_or("id"), "T100001.LB.1") << "the key above: 99008001000000";
  EXPECT_GT(service["details"].if_array()->size(), 5u);
}

TEST_F(SuchdienstTest, GivesAServiceWithEverything) {
  for (const char* target : {"/v6/servicedescriptions/T100001.LB.1/detail?ars=010600063063&applyDynamicParams=true",
                             "/v5/servicedescriptions/010600063063/detail?q=T100001.LB.1"}) {
    const Json detail = json(target);
    EXPECT_EQ(detail.text_or("id"), "T100001.LB.1");
    EXPECT_EQ(
        detail["organisations"].to_canonical(),
        R"([{"id":"T100001.OE.10","role":{"code":"01","name":"Zuständige Stelle"},"title":"Bürgeramt Norderstedt"}])");
    EXPECT_EQ(detail["costs"].to_canonical(), R"(["46,00 EUR","27,60 EUR"])");
    std::map<std::string, const Json*> modules;
    for (const Json& module : *detail["details"].if_array()) modules[std::string(module.text_or("code"))] = &module;
    ASSERT_TRUE(modules.contains("98") && modules.contains("95") && modules.contains("07") && modules.contains("08"));
    EXPECT_EQ((*modules["98"])["details"].to_canonical(),
              R"([{"text":"46,00 EUR","title":"ab 24 Jahren"},{"text":"27,60 EUR","title":"unter 24 Jahren"}])");
    EXPECT_THAT((*modules["95"])["details"].to_canonical(), HasSubstr("2 bis 3 Wochen"));
    EXPECT_THAT((*modules["07"])["links"].to_canonical(), HasSubstr("https://gesetze.example/pauswg"));
    EXPECT_THAT(modules["08"]->text_or("text"), HasSubstr("<li>Digitales Lichtbild</li>"));
  }
  EXPECT_EQ(json("/v6/servicedescriptions/T100001.LB.1/detail?ars=010600063063", "en-GB,de;q=0.5").text_or("name"),
            "Apply for an identity card");
  EXPECT_EQ(get("/v6/servicedescriptions/T100001.LB.none/detail").status, 404);
  EXPECT_EQ(get("/v6/servicedescriptions/T100001.OE.10/detail").status, 400);
  EXPECT_EQ(get("/v5/servicedescriptions/999999999999/detail?q=T100001.LB.1").status, 404);
}

TEST_F(SuchdienstTest, NeverGivesWhatWishesUsIll) {
  const std::string text = *get("/v6/servicedescriptions/T100001.LB.3/detail?ars=010600063063").body;
  EXPECT_EQ(text.find("javascript:"), text.npos);
  EXPECT_EQ(text.find("<script"), text.npos) << text;
  EXPECT_EQ(text.find("onclick"), text.npos);
}

TEST_F(SuchdienstTest, GivesAnOfficeWithItsRoleForTheService) {
  const Json unit = json("/v5/organisationunits/detail?q=T100001.OE.10&ars=010600063063&lbId=T100001.LB.1");
  EXPECT_EQ(unit.text_or("title"), "Bürgeramt Norderstedt");
  EXPECT_EQ(unit["role"].text_or("name"), "Zuständige Stelle");
  const Json& address = (*unit["location"]["addresses"].if_array())[0];
  EXPECT_EQ(address.text_or("type"), "Besucheranschrift");
  EXPECT_EQ(address.text_or("street"), "Rathausallee 50");
  EXPECT_EQ(address.text_or("zip"), "22846");
  EXPECT_THAT(unit["location"]["communications"].to_canonical(), HasSubstr(R"("code":"02","name":"Telefon Festnetz")"));
  EXPECT_THAT(unit["internetAddresses"].to_canonical(), HasSubstr("https://www.norderstedt.example/buergeramt"));
  EXPECT_EQ(json("/v5/organisationunits/detail?q=T100001.OE.10")["role"].text_or("name"), "Ansprechpunkt");
  EXPECT_EQ(json("/v2/organisationunits/titles?ars=010600063063&lbId=T100001.LB.1").if_array()->size(), 1u);
  EXPECT_EQ(get("/v2/organisationunits/titles?ars=09&lbId=T100001.LB.1").status, 404);
  EXPECT_EQ(get("/v5/organisationunits/detail?q=T100001.OE.none").status, 404);
  EXPECT_EQ(get("/v5/organisationunits/detail?q=x").status, 400);
}

TEST_F(SuchdienstTest, ListsOnlineServicesOfAPlaceWithThoseOfTheFederation) {
  const Json page = json("/v1beta2/onlineservices?ars=010600063063");
  EXPECT_EQ(page["totalHits"], Json(3));
  EXPECT_TRUE(page["nextPageToken"].is_null());
  EXPECT_THAT(ids(page["onlineServices"]), ElementsAre("T100001.OD.20", "T100001.OD.21", "T100001.OD.22"));
  EXPECT_THAT((*page["onlineServices"].if_array())[2]["links"].to_canonical(), "[]") << "javascript: is no web address";
  EXPECT_THAT(ids(json("/v1beta2/onlineservices?ars=09")["onlineServices"]), ElementsAre("T100001.OD.21"));
  const Json one = json("/v1beta2/onlineservices?ars=010600063063&leikaIds=99008001000000");
  EXPECT_THAT(ids(one["onlineServices"]), ElementsAre("T100001.OD.20"));
  EXPECT_THAT(one["onlineServices"].to_canonical(), HasSubstr(R"("lbId":"T100001.LB.1")"));
  EXPECT_THAT(ids(json("/v1beta2/onlineservices?ars=010600063063&nextPageToken=" +
                       make_token("T100001.OD.20"))["onlineServices"]),
              ElementsAre("T100001.OD.21", "T100001.OD.22"));
  EXPECT_EQ(get("/v1beta2/onlineservices?ars=010600063063&nextPageToken=%21").status, 400);
  EXPECT_EQ(get("/v1beta2/onlineservices?ars=010600063063&leikaIds=99999999999999").status, 404);
}

TEST_F(SuchdienstTest, SaysWhoStandsBehindAnOnlineService) {
  const Json units = json("/v1beta2/onlineservices/T100001.OD.20/organisations");
  ASSERT_EQ(units.if_array()->size(), 1u);
  EXPECT_EQ((*units.if_array())[0].text_or("id"), "T100001.OE.10");
  EXPECT_EQ(json("/v1beta2/onlineservices/T100001.OD.21/organisations?ars=010600063063").if_array()->size(), 1u);
  EXPECT_EQ(get("/v1beta2/onlineservices/T100001.OD.20/organisations?ars=09").status, 404);
  EXPECT_EQ(get("/v1beta2/onlineservices/T100001.OD.none/organisations").status, 404);
  const Json detail = json("/v2/onlineservices/detail?q=T100001.OD.20");
  EXPECT_EQ((*detail["links"].if_array())[0].text_or("uri"), "https://termine.norderstedt.example/ausweis?a=1&b=2");
  EXPECT_EQ(detail["ars"].to_canonical(), R"(["010600063063"])");
  EXPECT_EQ(get("/v2/onlineservices/detail?q=T100001.OD.none").status, 404);
}

TEST_F(SuchdienstTest, GivesATableOfEverythingAtAPlace) {
  const auto response = get("/v5/servicedescriptions/csv?ars=010600063063");
  EXPECT_EQ(response.status, 200);
  std::vector<std::string> rows;
  for (std::string_view row : split(*response.body, '\n')) rows.emplace_back(trim(row));
  EXPECT_THAT(rows[0], StartsWith("ID-LB|Leistungsbezeichnung|LeiKa-ID|"));
  EXPECT_THAT(
      *response.body,
      HasSubstr("T100001.LB.1|Personalausweis beantragen|99008001000000|T100001.OE.10|Bürgeramt Norderstedt|01|||"));
  EXPECT_THAT(*response.body, HasSubstr("T100001.LB.2|Führungszeugnis beantragen|99049001000000||||T100001.OD.21|"));
  for (const std::string& row : rows) {
    if (row.empty()) continue;
    EXPECT_EQ(std::count(row.begin(), row.end(), '|'), 8) << row;
  }
  EXPECT_EQ(get("/v5/servicedescriptions/csv?ars=999999999999").status, 404);
}

TEST_F(SuchdienstTest, HoldsAgainstHostileParameters) {
  const std::string nasty[] = {"%27%3B--",  "%3Cscript%3E",         "%F0%9F%98%80", "..%2F..", std::string(9000, 'a'),
                               "-1",        "99999999999999999999", "1e9",          "null",    "%20",
                               "%E2%80%AE", "T100001.LB.1%0A"};
  for (const std::string& value : nasty) {
    for (const std::string target :
         {"/v2/locations?q=", "/v3/locations?limit=1&q=", "/v8beta1/servicedescriptions?q=",
          "/v8beta1/servicedescriptions?q=Ausweis&ars=", "/v3/servicedescriptions/leikaid?leikaIds=",
          "/v3/servicedescriptions/leikaid?leikaIds=99008001000000&page=",
          "/v2/servicedescriptions/leikahierarchy?leikaIds=99008001000000&size=",
          "/v6/servicedescriptions/T100001.LB.1/detail?ars=", "/v6/servicedescriptions/T100001.LB.1/detail?validDate=",
          "/v5/servicedescriptions/csv?ars=", "/v5/organisationunits/detail?q=",
          "/v5/organisationunits/detail?q=T100001.OE.10&lbId=", "/v2/organisationunits/titles?lbId=",
          "/v1beta2/onlineservices?nextPageToken=", "/v1beta2/onlineservices?leikaIds=",
          "/v2/onlineservices/detail?q="}) {
      const auto response = get(target + value);
      EXPECT_LT(response.status, 500) << target << value;
      EXPECT_TRUE(parse_json(*response.body, "answer") || response.body->starts_with("ID-LB")) << target << value;
    }
  }
  EXPECT_EQ(get("/v9/nothing").status, 404);
}

TEST(Parameters, TakeTheFirstLanguageThatIsKnown) {
  http::Request request;
  for (const auto& [header, expected] :
       {std::pair{"", "de"}, {"en", "en"}, {"fr, en-GB;q=0.8", "en"}, {"de-DE,en", "de"}, {"*", "de"}}) {
    request.headers["accept-language"] = header;
    EXPECT_EQ(language_of(request), expected) << header;
  }
}

TEST(Modules, SpeakOfFeesAndTimesAsPeopleDo) {
  using directory::Fee;
  Fee fee;
  EXPECT_EQ(fee_text(fee), "");
  fee.least = directory::Amount{"10.50", "EUR"};
  EXPECT_EQ(fee_text(fee), "ab 10,50 EUR");
  fee.most = directory::Amount{"20.00", "EUR"};
  EXPECT_EQ(fee_text(fee), "von 10,50 EUR bis 20,00 EUR");
  fee.choice = Fee::Choice::free;
  EXPECT_EQ(fee_text(fee), "gebührenfrei");
  directory::TimeSpan span;
  EXPECT_EQ(span_text(span), "");
  span.amount = 1;
  span.unit = "WOCHE";
  EXPECT_EQ(span_text(span), "1 Woche");
  span.amount_to = 2;
  span.unit_to = "MONAT";
  EXPECT_EQ(span_text(span), "1 Woche bis 2 Monate");
  directory::TimeSpan until;
  until.until = "--05-31";
  EXPECT_EQ(span_text(until), "bis 31.05.");
}

TEST(Token, ComesBackAsItWas) {
  for (const char* id : {"L100002.OD.146561120", "a", "ä.OD.ß"}) EXPECT_EQ(read_token(make_token(id)), id);
  for (const char* none : {"", "a", "!", "YQ==", "//8"}) EXPECT_FALSE(read_token(none)) << none;
}

}  // namespace
}  // namespace verbund::pvog
