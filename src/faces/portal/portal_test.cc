// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/portal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "base/text.h"
#include "directory/objects/object_store.h"
#include "faces/portal/testing/shared_portal.h"
#include "faces/portal/visit.h"
#include "kits/json/json.h"
#include "kits/text/text.h"

namespace verbund::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PortalTest : public SharedPortal {};

// Compares with golden/NAME.html; PORTAL_UPDATE_GOLDEN=1 writes it. Styles and hashes of assets are left out.
void expect_golden(const std::string& name, std::string html) {
  html = std::regex_replace(html, std::regex("/assets/[0-9a-f]{16}/"), "/assets/HASH/");
  if (const auto from = html.find("<style>"), to = html.find("</style>"); to < html.size()) {
    html.replace(from, to - from, "<style>STYLES");
  }
  const std::string path = std::string(VERBUND_SOURCE_DIR) + "/src/faces/portal/golden/" + name + ".html";
  if (std::getenv("PORTAL_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << html;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream expected;
  expected << file.rdbuf();
  EXPECT_EQ(html, expected.str()) << "if this is meant: PORTAL_UPDATE_GOLDEN=1 portal_test";
}

TEST_F(PortalTest, PagesAreAsTheGoldenFilesSay) {
  expect_golden("start", page("/"));
  expect_golden("service", page("/norderstedt/personalausweis-beantragen"));
  expect_golden("service-en", page("/norderstedt/personalausweis-beantragen?lang=en"));
  expect_golden("results", page("/suche?q=perso&ort=22846"));
  expect_golden("results-none", page("/suche?q=qqqqzzzz&ort=22846"));
  expect_golden("results-piece", page("/suche?q=Personalausweisqqq+&ort=22846"));
  expect_golden("service-ar", page("/norderstedt/personalausweis-beantragen?lang=ar"));
  expect_golden("authority", page("/behoerden/buergeramt-norderstedt"));
  expect_golden("place", page("/norderstedt"));
  expect_golden("not-found", page("/norderstedt/perso-weg", 404));
  expect_golden("imprint", page("/impressum"));
}

TEST_F(PortalTest, EveryPageKindRendersInEveryLanguage) {
  for (const std::string path : {"/",
                                 "/suche",
                                 "/suche?q=ausweis",
                                 "/suche?q=ausweis&ort=24582",
                                 "/suche?q=ausweis&ort=Nirgendwo",
                                 "/norderstedt",
                                 "/deutschland",
                                 "/kreis-ostholstein",
                                 "/norderstedt/lebenslagen",
                                 "/norderstedt/lebenslagen/umzug-und-wohnen",
                                 "/lebenslagen",
                                 "/lebenslagen/arbeit-und-beruf",
                                 "/norderstedt/fuehrungszeugnis-beantragen",
                                 "/muehbrook/personalausweis-beantragen",
                                 "/dienst/personalausweis-beantragen",
                                 "/dienst/personalausweis-beantragen?ort=24582",
                                 "/dienst/personalausweis-beantragen?ort=Nirgendwo",
                                 "/behoerden/buergeramt-norderstedt",
                                 "/ueber",
                                 "/netz/beitreten",
                                 "/barrierefreiheit",
                                 "/datenschutz",
                                 "/impressum"}) {
    for (std::string_view language : languages) {
      const std::string html =
          page(path + (path.find('?') == std::string::npos ? "?" : "&") + "lang=" + std::string(language));
      const std::string direction = right_to_left(language) ? "\" dir=\"rtl\">" : "\">";
      EXPECT_THAT(html, HasSubstr("<html lang=\"" + std::string(language) + direction)) << path;
      EXPECT_THAT(html, HasSubstr("vb-demo")) << path;
      EXPECT_THAT(html, Not(HasSubstr("{{"))) << path;
    }
  }
}

TEST_F(PortalTest, TheStartPageOffersTheLanguageOfTheBrowser) {
  const auto ask = [](const std::string& target, const std::string& accepted) {
    http::Request request;
    request.method = "GET";
    request.target = request.path = "/";
    if (const std::size_t mark = target.find('?'); mark != std::string::npos) {
      request.query = *http::parse_form(target.substr(mark + 1));
    }
    request.headers["accept-language"] = accepted;
    return fixture_->request(request);
  };
  const auto turkish = ask("/", "tr-TR,tr;q=0.9,de;q=0.5");
  EXPECT_THAT(*turkish.body, HasSubstr("<html lang=\"de\">"));
  EXPECT_THAT(*turkish.body, HasSubstr("lang=\"tr\"><a class=\"vb-wrap\" href=\"/?lang=tr\" hreflang=\"tr\">"
                                       "Bu sayfayı Türkçe okuyun"));
  EXPECT_EQ(header_of(turkish, "Vary"), "Accept-Language");
  EXPECT_FALSE(turkish.reusable);
  EXPECT_THAT(*ask("/", "ar").body, HasSubstr("class=\"vb-offer\" lang=\"ar\" dir=\"rtl\""));
  EXPECT_THAT(*ask("/", "de-DE,en;q=0.5").body, Not(HasSubstr("class=\"vb-offer")));
  EXPECT_THAT(*ask("/", "fr").body, Not(HasSubstr("class=\"vb-offer")));
  EXPECT_THAT(*ask("/", "").body, Not(HasSubstr("class=\"vb-offer")));
  const auto chosen = ask("/?lang=en", "tr");
  EXPECT_THAT(*chosen.body, Not(HasSubstr("class=\"vb-offer"))) << "who chose is not asked again";
  EXPECT_TRUE(chosen.reusable);
}

TEST_F(PortalTest, ASearchForWordsNobodyKnowsSaysWhatItUnderstoodAndWhomToAsk) {
  const std::string piece = page("/suche?q=Personalausweisqqq+&ort=22846");
  for (const char* expected : {"1 Treffer für „Personalausweisqqq“ in Norderstedt", "Das haben wir verstanden",
                               "Von „Personalausweisqqq“ kennen wir nur „Personalausweis“.",
                               "/norderstedt/personalausweis-beantragen", "Nichts Passendes dabei?", "tel:115",
                               "Fragen Sie die Stelle an Ihrem Ort", "Bürgeramt Norderstedt"}) {
    EXPECT_THAT(piece, HasSubstr(expected));
  }
  EXPECT_THAT(page("/suche?q=Personalausweis+Qwrtzu&ort=22846"), HasSubstr("Gesucht haben wir ohne „Qwrtzu“."));
  const std::string known = page("/suche?q=Personalausweis&ort=22846");
  for (const char* not_there : {"Gesucht haben wir ohne", "Das haben wir verstanden", "Nichts Passendes dabei?"}) {
    EXPECT_THAT(known, Not(HasSubstr(not_there)));
  }
  const std::string unknown = page("/suche?q=F%C3%BChrungszqqqq+&ort=22846");
  EXPECT_THAT(unknown, HasSubstr("„Führungszqqqq“ kennen wir nicht. Ähnlich sind: "
                                 "<a href=\"/suche?q=F%C3%BChrungszeugnis"));
  EXPECT_THAT(unknown, HasSubstr("Nichts gefunden – was nun?"));
  for (std::string_view language : languages) page("/suche?q=Personalausweisqqq+&lang=" + std::string(language));
}

TEST_F(PortalTest, AQrCodeIsGivenForOurPagesOnly) {
  EXPECT_THAT(page("/norderstedt/personalausweis-beantragen"),
              HasSubstr("src=\"/qr.svg?seite=%2Fnorderstedt%2Fpersonalausweis-beantragen\""));
  const http::Response code = get("/qr.svg?seite=%2Fnorderstedt%2Fpersonalausweis-beantragen");
  EXPECT_EQ(code.status, 200);
  EXPECT_EQ(header_of(code, "Content-Type"), "image/svg+xml");
  EXPECT_THAT(*code.body, HasSubstr("<title>https://portal.example/norderstedt/personalausweis-beantragen</title>"));
  for (const char* bad : {"/qr.svg", "/qr.svg?seite=//evil.example", "/qr.svg?seite=https://evil.example/",
                          "/qr.svg?seite=/%5Cevil"}) {
    EXPECT_EQ(get(bad).status, 400) << bad;
  }
  EXPECT_EQ(get("/qr.svg?seite=/" + std::string(1000, 'a')).status, 413);
}

TEST_F(PortalTest, AFilterShowsOnlyWhatGoesOnlineOrHasAnOffice) {
  const auto hits = [](const std::string& html) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = html.find("<li class=\"vb-result\">", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  const std::string all = page("/suche?q=ausweis+beantragen&ort=22846");
  const std::string online = page("/suche?q=ausweis+beantragen&ort=22846&nur=online");
  ASSERT_GT(hits(all), hits(online));
  EXPECT_THAT(all, HasSubstr("<a href=\"/suche?q=ausweis%20beantragen&amp;ort=22846\" aria-current=\"true\">Alle</a>"));
  EXPECT_THAT(online, HasSubstr("nur=online\" aria-current=\"true\">Online möglich</a>"));
  const std::string nothing = page("/suche?q=Personalausweis&ort=M%C3%BChbrook&nur=online");
  EXPECT_EQ(hits(nothing), 0U);
  EXPECT_THAT(nothing, HasSubstr("Kein Treffer passt zu dieser Auswahl."));
  EXPECT_THAT(nothing, Not(HasSubstr("kennen wir nicht")));
  EXPECT_EQ(hits(page("/suche?q=ausweis+beantragen&ort=22846&nur=unsinn")), hits(all)) << "who knows what that means";
}

TEST_F(PortalTest, TheServicePageSaysWhatACitizenNeeds) {
  const std::string html = page("/norderstedt/personalausweis-beantragen");
  for (const char* expected :
       {"Personalausweis beantragen", "46,00", "27,60", "2 bis 3 Wochen", "Altes Ausweisdokument",
        "Bürgeramt Norderstedt", "Rathausallee 50\n22846 Norderstedt", "08:00 bis 12:00 Uhr", "geschlossen",
        "href=\"tel:+4940535950\"", "mailto:buergeramt@norderstedt.example", "geo:53.706600,9.993400",
        "Personalausweisgesetz", "4. Mai 2026", "Stadt Norderstedt",
        "https://termine.norderstedt.example/ausweis?a=1&amp;b=2", "Termin vereinbaren",
        "/api/v1/services/T100001.LB.1?area=010600063063",
        "<link rel=\"canonical\" href=\"https://portal.example/norderstedt/personalausweis-beantragen\">"}) {
    EXPECT_THAT(html, HasSubstr(expected));
  }
}

TEST_F(PortalTest, DocumentsGivenTwiceAreShownOnce) {
  const std::filesystem::path folder = folder_ / "documents";
  std::filesystem::create_directories(folder);
  portal::testing::Fixture own(folder.string());
  const auto with_text = [&](const std::string& html) {
    EXPECT_TRUE(own.database().write([&](store::Connection& connection) -> Result<void> {
      directory::ObjectStore objects(connection);
      auto service = objects.get<directory::Service>({"T100001", "1"});
      std::erase_if(service->modules.texts, [](const auto& module) { return module.code == "08"; });
      directory::TextModule module;
      module.code = "08";
      module.content = {{"de", html}};
      service->modules.texts.push_back(module);
      objects.put(*service, "fixture", Instant{});
      return {};
    }));
    own.finder().refresh();
    const auto response = own.get("/norderstedt/personalausweis-beantragen");
    const std::string& body = *response.body;
    std::size_t count = 0;
    for (std::size_t at = 0; (at = body.find("Altes Ausweisdokument", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  EXPECT_EQ(with_text("<ul><li>Altes Ausweisdokument</li><li>Digitales Lichtbild</li></ul>"), 1u);
  EXPECT_EQ(with_text("<ul><li>Altes Ausweisdokument, auch abgelaufen</li></ul>"), 2u);
}

TEST_F(PortalTest, OtherLanguagesShowTheirTextsAndAdmitWhatIsMissing) {
  const std::string english = page("/norderstedt/personalausweis-beantragen?lang=en");
  EXPECT_THAT(english, HasSubstr("Apply for an identity card"));
  EXPECT_THAT(english, HasSubstr("€46.00"));
  EXPECT_THAT(english, HasSubstr("Some of this information is only available in German"));
  EXPECT_THAT(english, HasSubstr("<div class=\"vb-prose\" lang=\"de\">"));
  const std::string german_only = page("/norderstedt/fuehrungszeugnis-beantragen?lang=en");
  EXPECT_THAT(german_only, HasSubstr("There is no English text for this service yet"));
  EXPECT_THAT(german_only, HasSubstr("<h1 class=\"vb-h1\" lang=\"de\">"));
  EXPECT_THAT(page("/norderstedt/personalausweis-beantragen"), Not(HasSubstr("language_note")));
}

TEST_F(PortalTest, ResultsSayPlaceAuthorityAndWhetherItIsOnline) {
  const std::string html = page("/suche?q=F%C3%BChrungszeugnis&ort=22846");
  EXPECT_THAT(html, HasSubstr("href=\"/norderstedt/fuehrungszeugnis-beantragen\""));
  EXPECT_THAT(html, HasSubstr("Online möglich"));
  EXPECT_THAT(html, HasSubstr("Bundesamt für Justiz"));
  EXPECT_THAT(html, HasSubstr("in Norderstedt"));
}

TEST_F(PortalTest, AnAmbiguousPostalCodeAsksWhichPlace) {
  const std::string html = page("/suche?q=perso&ort=24582");
  EXPECT_THAT(html, HasSubstr("Die Postleitzahl 24582 gehört zu mehreren Orten"));
  EXPECT_THAT(html, HasSubstr("/suche?q=perso&amp;ort=bordesholm"));
  EXPECT_THAT(html, HasSubstr("/suche?q=perso&amp;ort=muehbrook"));
  const std::string by_name = page("/dienst/personalausweis-beantragen?ort=Neustadt");
  EXPECT_THAT(by_name, HasSubstr("\"/neustadt/personalausweis-beantragen\" lang=\"de\">Neustadt (Kreis Ostholstein)"));
  EXPECT_THAT(by_name, HasSubstr("/neustadt-095740146146/personalausweis-beantragen"));
}

TEST_F(PortalTest, ResultsArePagedAndSayWhereOneIs) {
  const std::string first = page("/suche?q=Bescheinigung&ort=kreis-ostholstein");
  EXPECT_THAT(first, HasSubstr("rel=\"next\""));
  EXPECT_THAT(first, Not(HasSubstr("rel=\"prev\"")));
  const std::string second = page("/suche?q=Bescheinigung&ort=kreis-ostholstein&seite=2");
  EXPECT_THAT(second, HasSubstr("rel=\"prev\""));
  EXPECT_THAT(second, HasSubstr("start=\"11\""));
  EXPECT_NE(first, second);
  page("/suche?q=Bescheinigung&seite=99999999999999999999");
  page("/suche?q=Bescheinigung&seite=-1");
}

TEST_F(PortalTest, APlaceWithManyServicesListsThemByLetter) {
  const std::string html = page("/kreis-ostholstein");
  EXPECT_THAT(html, HasSubstr("<details class=\"kern-accordion\">"));
  EXPECT_THAT(html, HasSubstr("Kreis Ostholstein, Ordnungsamt"));
}

TEST_F(PortalTest, AddressesInAnotherFormLeadToTheRightOne) {
  EXPECT_EQ(location("/Norderstedt", 301), "/norderstedt");
  EXPECT_EQ(location("/M%C3%BChbrook?lang=en", 301), "/muehbrook?lang=en");
  EXPECT_EQ(location("/22846", 301), "/norderstedt");
  EXPECT_EQ(location("/24582", 302), "/suche?ort=24582");
  EXPECT_EQ(location("/Norderstedt/Personalausweis-beantragen", 301), "/norderstedt/Personalausweis-beantragen");
  EXPECT_EQ(location("/norderstedt/Personalausweis-beantragen", 301), "/norderstedt/personalausweis-beantragen");
  EXPECT_EQ(location("/norderstedt/", 301), "/norderstedt");
  EXPECT_EQ(location("/dienst/personalausweis-beantragen?ort=22844", 303), "/norderstedt/personalausweis-beantragen");
  EXPECT_EQ(location("/suche?ort=22846", 303), "/norderstedt");
  EXPECT_EQ(location("/behoerden/Buergeramt-Norderstedt", 301), "/behoerden/buergeramt-norderstedt");
  EXPECT_EQ(location("/lebenslagen/arbeit-und-beruf?ort=22846", 303), "/norderstedt/lebenslagen/arbeit-und-beruf");
}

TEST_F(PortalTest, ANewTitleKeepsTheOldAddressAlive) {
  const std::filesystem::path folder = folder_ / "renamed";
  std::filesystem::create_directories(folder);
  portal::testing::Fixture own(folder.string());
  ASSERT_TRUE(own.database().write([](store::Connection& connection) -> Result<void> {
    directory::ObjectStore objects(connection);
    auto service = objects.get<directory::Service>({"T100001", "2"});
    service->modules.texts[0].content = {{"de", "Auszug aus dem Bundeszentralregister"}};
    objects.put(*service, "fixture", Instant{});
    return {};
  }));
  EXPECT_TRUE(own.finder().refresh());
  const http::Response old = own.get("/norderstedt/fuehrungszeugnis-beantragen");
  EXPECT_EQ(old.status, 301);
  EXPECT_EQ(header_of(old, "Location"), "/norderstedt/auszug-aus-dem-bundeszentralregister");
  EXPECT_EQ(own.get("/norderstedt/auszug-aus-dem-bundeszentralregister").status, 200);
}

TEST_F(PortalTest, WhereNobodyIsNamedThePageSaysWhoItUsuallyIsAndWhomToCall) {
  const std::string nobody = page("/muehbrook/personalausweis-beantragen");
  const std::size_t aside = nobody.find("<aside class=\"vb-side\"");
  ASSERT_NE(aside, std::string::npos);
  EXPECT_THAT(nobody.substr(aside, nobody.find("</aside>") - aside), HasSubstr("Zuständig ist die Ausweisbehörde am Wohnort."));
  EXPECT_THAT(nobody, HasSubstr("tel:115"));
  EXPECT_THAT(page("/norderstedt/personalausweis-beantragen"), Not(HasSubstr("Ausweisbehörde am Wohnort")));
}

TEST_F(PortalTest, WhatIsNotThereHelpsOn) {
  const std::string html = page("/norderstedt/personalausweis-verloren", 404);
  EXPECT_THAT(html, HasSubstr("/norderstedt/personalausweis-beantragen"));
  EXPECT_THAT(html, HasSubstr("value=\"personalausweis verloren\""));
  EXPECT_THAT(page("/nirgendwo/personalausweis-beantragen", 404), HasSubstr("/dienst/personalausweis-beantragen"));
  page("/behoerden/gibt-es-nicht", 404);
  page("/lebenslagen/gibt-es-nicht", 404);
  page("/a/b/c/d", 404);
  EXPECT_EQ(header_of(get("/api/v1/nichts"), "Content-Type"), "application/problem+json");
}

TEST_F(PortalTest, NothingHostileReachesTheBrowserAsMarkup) {
  for (const std::string target :
       {"/suche?q=%3Cscript%3Ealert(1)%3C/script%3E&ort=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
        "/suche?q=%22%20onfocus%3D%22alert(1)&ort=22846", "/norderstedt/script-alert-titel-script-boese-gut",
        "/norderstedt", "/suche?q=B%C3%B6se&ort=22846",
        "/dienst/personalausweis-beantragen?ort=%3Cscript%3Ealert(1)%3C/script%3E"}) {
    const std::string html = page(target);
    EXPECT_THAT(html, Not(HasSubstr("<script>"))) << target;
    EXPECT_THAT(html, Not(HasSubstr("<img src=x"))) << target;
    EXPECT_THAT(html, Not(HasSubstr("javascript:"))) << target;
    EXPECT_THAT(html, Not(HasSubstr(" onfocus=\""))) << target;
    EXPECT_THAT(html, Not(HasSubstr(" onclick="))) << target;
  }
  EXPECT_THAT(page("/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404), Not(HasSubstr("<script>")));
}

TEST_F(PortalTest, ARealPortalIsFoundBySearchEnginesAndADemonstrationIsNot) {
  EXPECT_THAT(page("/robots.txt"), HasSubstr("Disallow: /\n"));
  EXPECT_THAT(page("/"), HasSubstr("noindex"));
  const std::filesystem::path folder = folder_ / "real";
  std::filesystem::create_directories(folder);
  Look look;
  look.place = "norderstedt";
  portal::testing::Fixture own(folder.string(), look);
  const std::string html = *own.get("/").body;
  EXPECT_THAT(html, Not(HasSubstr("noindex")));
  EXPECT_THAT(html, Not(HasSubstr("class=\"vb-demo")));
  EXPECT_THAT(html, HasSubstr("value=\"Norderstedt\""));
  EXPECT_THAT(html, HasSubstr("href=\"/norderstedt/personalausweis-beantragen\""));
  EXPECT_THAT(*own.get("/suche?q=perso").body, HasSubstr("noindex"));
}

TEST(Reserved, AreTheFirstSegmentsOfOurOwnPages) {
  for (const char* segment : {"suche", "api", "behoerden", "dienst", "lebenslagen", "assets", "metrics", "health"}) {
    EXPECT_TRUE(is_reserved(segment)) << segment;
  }
  EXPECT_FALSE(is_reserved("norderstedt"));
}

TEST(Reserved, AreTheNameOfNoPlaceInGermany) {
  std::ifstream file(std::string(VERBUND_SOURCE_DIR) + "/data/geography/areas.tsv");
  std::size_t places = 0;
  for (std::string line; std::getline(file, line);) {
    const auto fields = split(line, '\t');
    if (line.starts_with('#') || fields.size() < 6) continue;
    ++places;
    EXPECT_FALSE(is_reserved(text::slug(fields[5]))) << line;
  }
  EXPECT_GT(places, 10'000u);
}

}  // namespace
}  // namespace verbund::portal
