// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/voice_pages.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commons/voice/barrier_store.h"
#include "commons/voice/feedback_store.h"
#include "faces/portal/testing/fixture.h"
#include "kits/http/test_request.h"
#include "kits/store/testing/folder.h"

namespace verbund::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Headers = std::map<std::string, std::string, std::less<>>;

const Headers own_page = {{"sec-fetch-site", "same-origin"}, {"content-type", "application/x-www-form-urlencoded"},
                          {"host", "portal.example"}};
const std::string service = "/norderstedt/personalausweis-beantragen";

TEST(Forms, AreTakenFromOurOwnPagesOnly) {
  struct Case { Headers headers; bool own; };
  for (const Case& c : {Case{{{"sec-fetch-site", "same-origin"}}, true}, Case{{{"sec-fetch-site", "cross-site"}}, false},
                        Case{{{"sec-fetch-site", "same-site"}}, false}, Case{{{"sec-fetch-site", "none"}}, false},
                        Case{{{"origin", "https://portal.example"}}, true}, Case{{{"origin", "null"}}, false},
                        Case{{{"origin", "http://localhost:8080"}, {"host", "localhost:8080"}}, true},
                        Case{{{"origin", "https://portal.example.evil.example"}}, false},
                        Case{{{"referer", "https://portal.example/x"}}, true}, Case{{}, false},
                        Case{{{"origin", "https://evil.example"}, {"referer", "https://portal.example/"}}, false}}) {
    http::Request request;
    request.headers = c.headers;
    EXPECT_EQ(from_own_page(request, "https://portal.example/"), c.own);
  }
}

TEST(Forms, LinkBackToPagesOfThisPortalOnly) {
  for (const char* good : {"/", "/norderstedt/x?lang=en"}) EXPECT_EQ(own_path(good), good);
  for (const std::string bad : {"", "x", "//evil.example", "https://evil.example", "/\\evil.example", "/a b", "/<x>",
                                "/\"x"}) {
    EXPECT_EQ(own_path(bad), "") << bad;
  }
  EXPECT_EQ(own_path("/" + std::string(400, 'a')), "");
}

class VoicePages : public ::testing::Test {
 protected:
  http::Response post(const std::string& target, const std::string& body, const Headers& headers = own_page) {
    http::Request request = http::get_request(target);
    request.method = "POST";
    request.body = body;
    request.headers = headers;
    return fixture_.request(request);
  }
  std::vector<commons::Feedback> rows() {
    std::vector<commons::Feedback> out;
    fixture_.database().read([&](store::Connection& connection) {
      commons::FeedbackStore(connection).each({}, [&](const commons::Feedback& one) { out.push_back(one); });
    });
    return out;
  }
  std::string seite(const std::string& path) { return "seite=" + http::percent_encode(path); }

  store::testing::Folder folder_;
  portal::testing::Fixture fixture_{folder_.path()};
};

TEST_F(VoicePages, EveryServiceAndAuthorityAsksWhetherItHelped) {
  for (const char* address : {"/norderstedt/personalausweis-beantragen", "/dienst/fuehrungszeugnis-beantragen",
                              "/behoerden/buergeramt-norderstedt"}) {
    const std::string path = address;
    const std::string html = *fixture_.get(path).body;
    EXPECT_THAT(html, HasSubstr("War diese Seite hilfreich?")) << path;
    EXPECT_THAT(html, HasSubstr("name=\"seite\" value=\"" + path + "\"")) << path;
    EXPECT_THAT(html, HasSubstr("/barriere-melden?seite=")) << path;
  }
}

TEST_F(VoicePages, EveryOtherPageAsksAtItsEndAndNoWordsOfASearchAreKept) {
  for (const char* address : {"/", "/suche?q=Personalausweis", "/norderstedt", "/lebenslagen", "/barrierefreiheit", "/status"}) {
    const std::string html = *fixture_.get(address).body;
    const auto asked = html.find("War diese Seite hilfreich?");
    ASSERT_NE(asked, html.npos) << address;
    EXPECT_EQ(html.find("War diese Seite hilfreich?", asked + 1), html.npos) << address << ": once";
  }
  for (const char* address : {"/barriere-melden", "/rueckmeldung", "/gibt-es-nicht"}) {
    EXPECT_THAT(*fixture_.get(address).body, Not(HasSubstr("War diese Seite hilfreich?"))) << address;
  }
  EXPECT_EQ(post("/rueckmeldung", seite("/suche?q=Geheimes&ort=22846") + "&hilfreich=ja").status, 303);
  EXPECT_EQ(post("/rueckmeldung", seite("/norderstedt") + "&hilfreich=nein").status, 303);
  EXPECT_EQ(post("/rueckmeldung", seite("/gibt-es-nicht/oder/doch") + "&hilfreich=nein").status, 400);
  auto kept = rows();
  ASSERT_EQ(kept.size(), 2u);
  std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.page < b.page; });
  EXPECT_EQ(kept[0].page, "/norderstedt");
  EXPECT_EQ(kept[0].area, "010600063063");
  EXPECT_EQ(kept[1].page, "/suche");
  EXPECT_TRUE(kept[1].helpful);
}

TEST_F(VoicePages, AnAnswerIsStoredAndMayBeExplainedOnce) {
  const auto answered = post("/rueckmeldung?lang=en", seite(service) + "&hilfreich=nein");
  EXPECT_EQ(answered.status, 303);
  const std::string where = http::header_of(answered, "Location");
  ASSERT_EQ(rows().size(), 1u);
  const commons::Feedback one = rows()[0];
  EXPECT_EQ(one.subject.local, "1");
  EXPECT_EQ(one.area, "010600063063");
  EXPECT_EQ(one.language, "en");
  EXPECT_FALSE(one.helpful);
  EXPECT_THAT(where, HasSubstr("nr=" + one.id));
  const auto thanks = fixture_.get(where);
  EXPECT_THAT(*thanks.body, HasSubstr("Thank you for your answer"));
  EXPECT_THAT(*thanks.body, HasSubstr("name=\"nr\" value=\"" + one.id + "\""));
  EXPECT_EQ(http::header_of(thanks, "Cache-Control"), "no-store");

  const std::string form = "nr=" + one.id + "&" + seite(service);
  const auto empty = post("/rueckmeldung/text", form + "&text=+");
  EXPECT_EQ(empty.status, 422);
  EXPECT_THAT(*empty.body, HasSubstr("role=\"alert\""));
  const auto longer = post("/rueckmeldung/text", form + "&text=" + std::string(1001, 'x'));
  EXPECT_EQ(longer.status, 422);
  EXPECT_THAT(*longer.body, HasSubstr("1.001 Zeichen"));
  EXPECT_THAT(*longer.body, HasSubstr(std::string(1001, 'x'))) << "what was typed is not lost";
  const auto told = post("/rueckmeldung/text", form + "&text=%3Cb%3EGeb%C3%BChr+fehlt");
  EXPECT_EQ(told.status, 303);
  EXPECT_THAT(*fixture_.get(http::header_of(told, "Location")).body, HasSubstr("Danke für Ihren Hinweis"));
  EXPECT_EQ(rows()[0].text, "<b>Gebühr fehlt");
  EXPECT_EQ(post("/rueckmeldung/text", form + "&text=noch+eins").status, 410);
}

TEST_F(VoicePages, WhatIsAboutNoPageOfOursOrComesFromElsewhereIsNotStored) {
  EXPECT_EQ(post("/rueckmeldung", seite("/gibt/es-nicht") + "&hilfreich=ja").status, 400);
  EXPECT_EQ(post("/rueckmeldung", seite("/api/v1/services") + "&hilfreich=ja").status, 400);
  EXPECT_EQ(post("/rueckmeldung", seite(service)).status, 400);
  EXPECT_EQ(post("/rueckmeldung", seite(service) + "&hilfreich=vielleicht").status, 400);
  EXPECT_EQ(post("/rueckmeldung", "hilfreich=ja&seite=%FF").status, 400);
  Headers foreign = own_page;
  foreign["sec-fetch-site"] = "cross-site";
  const auto refused = post("/rueckmeldung", seite(service) + "&hilfreich=ja", foreign);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(*refused.body, HasSubstr("nur an, was von Seiten dieses Portals kommt"));
  EXPECT_EQ(rows().size(), 0u);
}

TEST_F(VoicePages, OneClientCannotFlood) {
  int taken = 0, refused = 0;
  for (int i = 0; i < 40; ++i) {
    const int status = post("/rueckmeldung", seite(service) + "&hilfreich=ja").status;
    (status == 303 ? taken : refused) += 1;
    EXPECT_TRUE(status == 303 || status == 429) << status;
  }
  EXPECT_GE(taken, 20);
  EXPECT_GE(refused, 15);
}

TEST_F(VoicePages, AReportedBarrierIsDurableBeforeItsNumberIsShown) {
  const auto form = fixture_.get("/barriere-melden?seite=%2Fnorderstedt");
  EXPECT_THAT(*form.body, HasSubstr("value=\"/norderstedt\""));
  EXPECT_THAT(*form.body, HasSubstr("5. Dezember 2026")) << "the day of deletion stands beside the field";
  const auto empty = post("/barriere-melden", "was=&wo=x&kontakt=erika%40example.org");
  EXPECT_EQ(empty.status, 422);
  EXPECT_THAT(*empty.body, HasSubstr("href=\"#was\""));
  EXPECT_THAT(*empty.body, HasSubstr("value=\"erika@example.org\""));
  const auto sent = post("/barriere-melden", "was=Der+Knopf+hat+keinen+Namen&wo=%2Fnorderstedt&kontakt=erika%40example.org");
  ASSERT_EQ(sent.status, 303);
  std::vector<commons::BarrierReport> reports;
  fixture_.database().read([&](store::Connection& c) { reports = commons::BarrierStore(c).list("open"); });
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].contact, "erika@example.org");
  EXPECT_EQ(reports[0].delete_on, "2026-12-05");
  const std::string done = *fixture_.get(http::header_of(sent, "Location")).body;
  EXPECT_THAT(done, HasSubstr(reports[0].number));
  EXPECT_THAT(done, HasSubstr("Ihre Meldung ist angekommen"));
  EXPECT_THAT(done, Not(HasSubstr("erika@example.org"))) << "who has the number need not see the contact";

  ASSERT_TRUE(fixture_.database().write([&](store::Connection& c) {
    return commons::BarrierStore(c).answer(reports[0].number, "Er hat jetzt einen.", "2026-06-09");
  }));
  EXPECT_THAT(*fixture_.get("/barriere-melden/stand?lang=en&nr=" + reports[0].number).body, HasSubstr("Er hat jetzt einen."));
  const auto unknown = fixture_.get("/barriere-melden/stand?nr=B-00000-00000");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(*unknown.body, HasSubstr("B-00000-00000"));
  EXPECT_EQ(fixture_.get("/barriere-melden/stand").status, 200);
}

TEST_F(VoicePages, AreThereInEveryLanguage) {
  for (const std::string path : {"/rueckmeldung", "/rueckmeldung?danke=1", "/rueckmeldung?nr=0123456789abcdef0123456789abcdef",
                                 "/barriere-melden", "/barriere-melden/stand", "/barriere-melden/stand?nr=x", "/status"}) {
    for (std::string_view language : languages) {
      const std::string target = path + (path.find('?') == path.npos ? "?" : "&") + "lang=" + std::string(language);
      const auto response = fixture_.get(target);
      EXPECT_EQ(response.status, path.ends_with("nr=x") ? 404 : 200) << target;
      EXPECT_TRUE(response.body->ends_with("</html>\n")) << target;
    }
  }
}

}  // namespace
}  // namespace verbund::portal
