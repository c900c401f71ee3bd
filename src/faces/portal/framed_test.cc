// SPDX-License-Identifier: EUPL-1.2
// Pages in frames on other websites, and the script that puts them there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "faces/portal/testing/fixture.h"
#include "kits/http/test_request.h"
#include "kits/store/testing/folder.h"

namespace verbund::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using http::header_of;

struct Town {
  explicit Town(const std::string& embed_from = "*", bool service_line = true)
      : fixture(folder.path(), look(embed_from, service_line)) {}
  static Look look(const std::string& embed_from, bool service_line) {
    Look out = testing::Fixture::demonstration_look();
    out.embed_from = embed_from;
    out.service_line = service_line;
    return out;
  }
  std::string page(const std::string& target) const {
    const auto response = fixture.get(target);
    EXPECT_EQ(response.status, 200) << target;
    return *response.body;
  }
  store::testing::Folder folder;
  testing::Fixture fixture;
};

TEST(Framed, LeavesOutHeadAndFootAndStaysInTheFrame) {
  const Town town;
  for (const char* target : {"/?rahmen=1", "/suche?q=Personalausweis&ort=22846&rahmen=1", "/norderstedt?rahmen=1",
                             "/norderstedt/personalausweis-beantragen?rahmen=1", "/suche?q=qqqqzzzz&rahmen=1"}) {
    const std::string html = town.page(target);
    EXPECT_THAT(html, Not(HasSubstr("class=\"vb-header"))) << target;
    EXPECT_THAT(html, Not(HasSubstr("class=\"vb-footer__row"))) << target;
    EXPECT_THAT(html, HasSubstr("/frame.js\" defer")) << target;
    EXPECT_THAT(html, HasSubstr("<base target=\"_top\">")) << "without a script links leave the frame: " << target;
    EXPECT_THAT(html, HasSubstr("<meta name=\"robots\" content=\"noindex\">")) << target;
  }
  const std::string results = town.page("/suche?q=Personalausweis&ort=22846&rahmen=1");
  EXPECT_THAT(results, HasSubstr("/norderstedt/personalausweis-beantragen?rahmen=1"));
  EXPECT_THAT(results, HasSubstr("<input type=\"hidden\" name=\"rahmen\" value=\"1\">"));
  EXPECT_THAT(town.page("/suche?q=Personalausweis&ort=22846"), Not(HasSubstr("rahmen")));
}

TEST(Framed, MayBeShownByWhomTheOperatorAllows) {
  const auto policy = [](const Town& town, const char* target) {
    return header_of(town.fixture.get(target), "Content-Security-Policy");
  };
  const Town open, some("https://www.stadt.example https://amt.example x;script-src"), closed("");
  EXPECT_THAT(policy(open, "/?rahmen=1"), HasSubstr("frame-ancestors 'self' *"));
  EXPECT_THAT(policy(some, "/?rahmen=1"),
              ::testing::EndsWith("frame-ancestors 'self' https://www.stadt.example https://amt.example"));
  EXPECT_THAT(policy(closed, "/?rahmen=1"), ::testing::EndsWith("frame-ancestors 'self'"));
  for (const Town* town : {&open, &some, &closed}) {
    EXPECT_THAT(policy(*town, "/"), ::testing::EndsWith("frame-ancestors 'self'")) << "the whole portal in no frame";
    EXPECT_THAT(policy(*town, "/norderstedt?rahmen=2"), ::testing::EndsWith("frame-ancestors 'self'"));
  }
}

TEST(Framed, TheScriptForOtherWebsitesIsSmallAndAsksNobodyElse) {
  const Town town;
  const auto response = town.fixture.get("/einbetten.js");
  EXPECT_EQ(response.status, 200);
  EXPECT_LE(response.body->size(), 5u * 1024);
  EXPECT_EQ(header_of(response, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header_of(response, "Cross-Origin-Resource-Policy"), "cross-origin");
  EXPECT_THAT(*response.body, Not(HasSubstr("http://")));
  EXPECT_THAT(*response.body, Not(HasSubstr("cookie =")));
  EXPECT_THAT(*response.body, Not(HasSubstr("fetch(")));
}

TEST(Interfaces, ArePresentedWithExamplesThatAreLinksOfThisPortal) {
  const Town town;
  for (const char* language : {"", "?lang=en", "?lang=de-simple"}) {
    const std::string html = town.page(std::string("/schnittstellen") + language);
    for (const char* base :
         {"/api/v1", "/suchdienst/api", "/fit-connect/routing/v2", "/bereitstellung", "/network/log"}) {
      EXPECT_THAT(html, HasSubstr("<code class=\"vb-code\">" + std::string(base) + "</code>")) << language;
    }
    EXPECT_THAT(html, HasSubstr("/suchdienst/api/v2/locations?q=Norderstedt"));
    EXPECT_THAT(html, HasSubstr("einbetten.js&quot; defer"));
    EXPECT_THAT(html, HasSubstr("action=\"/api/v1/services\""));
  }
  EXPECT_THAT(town.page("/ueber"), HasSubstr("href=\"/schnittstellen\""));
}

TEST(Counter, AnswersWithTheBestHitAtOnce) {
  const Town town;
  const std::string html = town.page("/115?q=Personalausweis&ort=22846");
  EXPECT_THAT(html, HasSubstr("id=\"antwort\" tabindex=\"-1\">Personalausweis beantragen</h2>"));
  EXPECT_THAT(html, HasSubstr("46,00"));
  EXPECT_THAT(html, HasSubstr("Digitales Lichtbild"));
  EXPECT_THAT(html, HasSubstr("Bürgeramt Norderstedt"));
  EXPECT_THAT(html, HasSubstr("+49 40 53595-0"));
  EXPECT_THAT(html, HasSubstr("accesskey=\"1\""));
  EXPECT_THAT(html, HasSubstr("keinen Hinweis für das Telefon"));
}

TEST(Counter, TakesAPostalCodeAtTheEndOfTheQuestionForThePlace) {
  const Town town;
  const std::string html = town.page("/115?q=Personalausweis+22846");
  EXPECT_THAT(html, HasSubstr("value=\"Personalausweis\""));
  EXPECT_THAT(html, HasSubstr("value=\"Norderstedt\""));
  EXPECT_THAT(html, HasSubstr("Bürgeramt Norderstedt"));
  EXPECT_THAT(town.page("/115?q=Personalausweis+24582"), HasSubstr("ort=bordesholm")) << "two places: asks which";
}

TEST(Counter, GivesAnotherHitByItsNumber) {
  const Town town;
  const std::string first = town.page("/115?q=Bescheinigung&ort=23730");
  EXPECT_THAT(first, HasSubstr("accesskey=\"9\""));
  EXPECT_THAT(first, Not(HasSubstr("accesskey=\"10\"")));
  const std::string second = town.page("/115?q=Bescheinigung&ort=23730&nr=2");
  EXPECT_NE(first.substr(first.find("id=\"antwort\""), 200), second.substr(second.find("id=\"antwort\""), 200));
  for (const char* odd : {"0", "10", "-1", "x", "99999999999999999999"}) {
    EXPECT_THAT(town.page(std::string("/115?q=Bescheinigung&ort=23730&nr=") + odd), HasSubstr("id=\"antwort\"")) << odd;
  }
}

TEST(Counter, SaysHowToGoOnWhereNothingIsFound) {
  const Town town;
  EXPECT_THAT(town.page("/115?q=qqqqzzzz&ort=22846"), HasSubstr("Zu „qqqqzzzz“ ist nichts gefunden"));
  EXPECT_THAT(town.page("/115"), HasSubstr(" autofocus"));
  EXPECT_THAT(town.page("/115?q=Personalausweis"), HasSubstr("Nach dem Ort fragen"));
  EXPECT_THAT(town.page("/115?q=%3Cscript%3Ealert(1)%3C/script%3E"), Not(HasSubstr("<script>alert")));
}

TEST(Counter, IsAbsentWhereTheOperatorWantsNone) {
  const Town town("*", false);
  EXPECT_EQ(town.fixture.get("/115").status, 404);
}

}  // namespace
}  // namespace verbund::portal
