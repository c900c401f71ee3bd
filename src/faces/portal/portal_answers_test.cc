// SPDX-License-Identifier: EUPL-1.2
// What holds for every answer of the portal: headers, files, what is kept, what happens when something fails.
#include <filesystem>
#include <map>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/objects/object_store.h"
#include "faces/portal/testing/shared_portal.h"
#include "kits/crypto/base64.h"
#include "kits/crypto/digest.h"
#include "kits/http/test_request.h"
#include "kits/json/json.h"
#include "kits/store/unavailable.h"

namespace verbund::portal {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PortalAnswers : public SharedPortal {};

TEST_F(PortalAnswers, EveryAnswerForbidsWhatThePagesDoNotNeed) {
  for (const std::string target :
       {"/", "/norderstedt", "/nichts", "/Norderstedt", "/vorschlaege?q=pe", "/favicon.svg", "/robots.txt"}) {
    const http::Response response = get(target);
    const std::string policy = header_of(response, "Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'")) << target;
    EXPECT_THAT(policy, Not(HasSubstr("unsafe"))) << target;
    EXPECT_EQ(header_of(response, "X-Content-Type-Options"), "nosniff") << target;
    EXPECT_FALSE(header_of(response, "Referrer-Policy").empty()) << target;
    EXPECT_FALSE(header_of(response, "Permissions-Policy").empty()) << target;
  }
}

TEST_F(PortalAnswers, PagesCarryTheirOwnStylesNoInlineScriptAndNoForeignSource) {
  static const std::regex foreign("(src|href)=\"https?://(?!portal\\.example)[^\"]*\"[^>]*>");
  for (const std::string target : {"/", "/norderstedt", "/norderstedt/fuehrungszeugnis-beantragen", "/suche?q=perso", "/barriere-melden", "/?rahmen=1"}) {
    const http::Response response = get(target);
    const std::string& html = *response.body;
    EXPECT_THAT(html, Not(HasSubstr(" style=\""))) << target;
    const std::size_t from = html.find("<style>") + 7, to = html.find("</style>");
    ASSERT_LT(from, to) << target;
    ASSERT_NE(to, html.npos) << target;
    EXPECT_EQ(html.find("<style", from), html.npos) << target;
    const std::string css = html.substr(from, to - from);
    EXPECT_THAT(css, HasSubstr("--kern-color-action-default")) << target;
    EXPECT_THAT(css, Not(AnyOf(HasSubstr("@font-face"), HasSubstr("url("), HasSubstr("<")))) << target;
    EXPECT_LT(css.size(), 32u << 10) << target;
    EXPECT_THAT(header_of(response, "Content-Security-Policy"),
                HasSubstr("style-src 'sha256-" + crypto::to_base64(crypto::bytes_of(crypto::sha256({css}))) + "';"))
        << target;
    EXPECT_FALSE(std::regex_search(html, std::regex("<script(?! type=\"application/ld\\+json\">)(?![^>]*src=\"/assets/)"))) << target;
    EXPECT_FALSE(
        std::regex_search(html, std::regex("<(link|script|img)[^>]*(src|href)=\"https?://(?!portal\\.example)")))
        << target;
  }
}

TEST_F(PortalAnswers, SuggestionsKnowServicesAndPlaces) {
  auto services = parse_json(*get("/vorschlaege?q=pers&ort=22846").body, "suggestions");
  ASSERT_TRUE(services);
  const Json* items = services->find("items");
  ASSERT_TRUE(items != nullptr && items->if_array() != nullptr && !items->if_array()->empty());
  EXPECT_EQ((*items->if_array())[0].text_or("url"), "/norderstedt/personalausweis-beantragen");
  auto places = parse_json(*get("/vorschlaege?ort=norder").body, "suggestions");
  ASSERT_TRUE(places);
  ASSERT_FALSE((*places)["items"].if_array()->empty());
  EXPECT_EQ((*(*places)["items"].if_array())[0].text_or("value"), "Norderstedt");
  EXPECT_EQ(*get("/vorschlaege").body, "{\"items\":[]}");
}

TEST_F(PortalAnswers, AssetsAreKeptForGoodUnderTheirHashOnly) {
  const std::string html = page("/");
  std::smatch found;
  ASSERT_TRUE(std::regex_search(html, found, std::regex("/assets/[0-9a-f]{16}/suggest\\.js")));
  const http::Response script = get(found.str());
  EXPECT_EQ(script.status, 200);
  EXPECT_EQ(header_of(script, "Content-Encoding"), "");
  EXPECT_THAT(header_of(script, "Cache-Control"), HasSubstr("immutable"));
  EXPECT_THAT(*script.body, HasSubstr("listbox"));
  for (const auto& [accepts, coding] : {std::pair{"br, gzip", "br"}, {"gzip", "gzip"}, {"identity", ""}, {"br;q=0", ""}}) {
    http::Request request = http::get_request(found.str());
    request.headers["accept-encoding"] = accepts;
    const auto quick = fixture_->router().quick(request);
    ASSERT_TRUE(quick) << "nobody waits for a file";
    EXPECT_EQ(header_of(*quick, "Content-Encoding"), coding) << accepts;
    EXPECT_EQ(quick->body->size() < script.body->size() / 2, std::string_view(coding) != "") << accepts;
  }
  EXPECT_EQ(location("/assets/0000000000000000/suggest.js", 302), found.str());
  EXPECT_EQ(get("/assets/0000000000000000/secret").status, 404);
}

TEST_F(PortalAnswers, ADeviceFindsTheNearestPlaceByItself) {
  const http::Response response = get("/orte.json");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(*response.body, R"({"places":[["22846","22846 Norderstedt",53707,9993]]})");
  EXPECT_THAT(header_of(response, "Permissions-Policy"), HasSubstr("geolocation=(self)"));
  EXPECT_THAT(page("/"), HasSubstr("data-places=\"/orte.json\""));
  EXPECT_THAT(page("/?rahmen=1"), Not(HasSubstr("data-places"))) << "another website has not been asked";
}

TEST_F(PortalAnswers, ASecondRequestGetsTheSameBytesUntilTheDataChanges) {
  const std::filesystem::path folder = folder_ / "cached";
  std::filesystem::create_directories(folder);
  portal::testing::Fixture own(folder.string());
  const auto first = own.get("/norderstedt/fuehrungszeugnis-beantragen").body;
  EXPECT_EQ(first, own.get("/norderstedt/fuehrungszeugnis-beantragen?utm_source=x").body);
  ASSERT_TRUE(own.database().write([](store::Connection& connection) -> Result<void> {
    directory::ObjectStore objects(connection);
    auto service = objects.get<directory::Service>({"T100001", "2"});
    service->modules.fees[0].fees[0].fixed->value = "14.50";
    objects.put(*service, "fixture", Instant{});
    return {};
  }));
  own.finder().refresh();
  EXPECT_THAT(*own.get("/norderstedt/fuehrungszeugnis-beantragen").body, HasSubstr("14,50"));
}

TEST_F(PortalAnswers, AFailingStoreGivesAPageThatHelpsOn) {
  const std::filesystem::path folder = folder_ / "broken";
  std::filesystem::create_directories(folder);
  portal::testing::Fixture own(folder.string());
  ASSERT_TRUE(own.database().write([](store::Connection& connection) -> Result<void> {
    connection.execute("UPDATE directory_body SET body = '{broken'");
    return {};
  }));
  const http::Response response = own.get("/norderstedt/personalausweis-beantragen");
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(*response.body, HasSubstr("Der Fehler liegt bei uns"));
  EXPECT_THAT(*response.body, Not(HasSubstr("broken")));
  EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
}

// A store that is away: pages that need none go on, the others say so.
class AwayDatabase : public store::Database {
 public:
  void read(const std::function<void(store::Connection&)>&) override { throw store::Unavailable("the server is away"); }
  Result<void> write(const std::function<Result<void>(store::Connection&)>&, store::Again) override {
    throw store::Unavailable("the server is away");
  }
  std::int64_t version() override { return 1; }
  std::unique_ptr<store::NamedLock> try_lock(std::string_view) override { return nullptr; }
  std::string trouble() override { return "away"; }
  std::vector<std::string> integrity_findings() override { return {}; }
};

TEST_F(PortalAnswers, WithoutItsStoreAPageSaysSoAndTheSearchGoesOn) {
  AwayDatabase away;
  const FixedClock clock(parse_time("2026-06-08T10:00:00Z").value());
  const log::Log quiet(clock, log::Level::error, log::Format::text, [](std::string_view) {});
  auto portal = Portal::create(portal::testing::Fixture::demonstration_look(), fixture_->finder(), away, clock, quiet, nullptr, nullptr);
  ASSERT_TRUE(portal);
  http::Router router;
  (*portal)->add_routes(router);
  const auto ask = [&](std::string method, std::string path) {
    http::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    return router.route(request);
  };
  for (const char* path : {"/", "/suche", "/norderstedt", "/status"}) EXPECT_EQ(ask("GET", path).status, 200) << path;
  // What is answered from memory is complete, and nobody keeps it: the same authorities as with the store.
  const auto place = ask("GET", "/norderstedt");
  EXPECT_EQ(header_of(place, "Cache-Control"), "no-store");
  const std::string with_store = page("/norderstedt");
  std::size_t authorities = 0;
  for (std::size_t at = with_store.find("href=\"/behoerden/"); at != std::string::npos;
       at = with_store.find("href=\"/behoerden/", at + 1)) {
    const std::size_t begin = with_store.find('>', at) + 1;
    const std::string name = with_store.substr(begin, with_store.find('<', begin) - begin);
    EXPECT_THAT(*place.body, HasSubstr(name));
    ++authorities;
  }
  EXPECT_GT(authorities, 0u);
  EXPECT_THAT(*place.body, Not(HasSubstr("href=\"\"")));
  EXPECT_THAT(*place.body, Not(HasSubstr("/behoerden/")));
  const auto service = ask("GET", "/norderstedt/personalausweis-beantragen");
  EXPECT_EQ(service.status, 503);
  EXPECT_EQ(header_of(service, "Retry-After"), "30");
  EXPECT_THAT(*service.body, HasSubstr("Unser Datenspeicher ist gerade gestört."));
  EXPECT_THAT(*service.body, Not(HasSubstr("ist nicht gespeichert")));
  const auto form = ask("POST", "/barriere-melden");
  EXPECT_EQ(form.status, 503);
  EXPECT_THAT(*form.body, HasSubstr("Was Sie eben gesendet haben, ist nicht gespeichert."));
}

TEST_F(PortalAnswers, WhoCannotBeServedIsToldWhenToComeBack) {
  struct Case { const char* path; const char* language; const char* says; };
  for (const Case& c : {Case{"/norderstedt", "", "Laden Sie diese Seite in 10 Sekunden neu."},
                        Case{"/norderstedt", "de-simple", "Warten Sie 10 Sekunden."},
                        Case{"/suche", "en", "Please reload this page in 10 seconds."},
                        Case{"/suche", "xx", "Laden Sie diese Seite in 10 Sekunden neu."},
                        Case{"/vorschlaege", "", "in 10 Sekunden noch einmal"},
                        Case{"/network/log/key", "", "in 10 Sekunden noch einmal"},
                        Case{"/api/v1/services", "", "in 10 Sekunden noch einmal"}}) {
    http::Request request;
    request.method = "GET";
    request.path = c.path;
    request.query = {{"lang", c.language}};
    const http::Response response = fixture_->portal().busy(request);
    EXPECT_EQ(response.status, 503) << c.path;
    EXPECT_FALSE(response.reusable);
    EXPECT_THAT(*response.body, HasSubstr(c.says)) << c.path;
    std::map<std::string, std::string> headers(response.headers.begin(), response.headers.end());
    EXPECT_EQ(headers["Retry-After"], "10");
    EXPECT_EQ(headers["Cache-Control"], "no-store");
    const bool page = std::string_view(c.path) == "/norderstedt" || std::string_view(c.path) == "/suche";
    EXPECT_EQ(headers["Content-Type"], page ? "text/html; charset=utf-8" : "application/problem+json") << c.path;
    EXPECT_EQ(response.body->ends_with("</html>\n"), page) << "whole";
  }
}

}  // namespace
}  // namespace verbund::portal
