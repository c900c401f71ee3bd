// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/counting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "faces/portal/testing/fixture.h"
#include "kits/store/testing/folder.h"

namespace verbund::portal {
namespace {

using directory::SearchCount;
using directory::SearchCounter;
using Headers = std::map<std::string, std::string, std::less<>>;

Look counted_look() {
  Look look = portal::testing::Fixture::demonstration_look();
  look.keep_search_days = 90;
  return look;
}

class CountingTest : public ::testing::Test {
 protected:
  // As often as it takes to be counted at all; every request after the first is answered from the cache.
  int ask(const std::string& target, const Headers& headers = {}, const std::string& method = "GET", int times = 5) {
    http::Request request;
    request.method = method;
    request.target = target;
    const std::size_t mark = target.find('?');
    request.path = http::percent_decode(target.substr(0, mark), false).value();
    if (mark != std::string::npos) request.query = http::parse_form(target.substr(mark + 1)).value();
    request.headers = headers;
    request.headers.emplace("host", "localhost:8080");
    int status = 0;
    for (int i = 0; i < times; ++i) status = fixture_.request(request).status;
    return status;
  }
  // Query, found, without result, clicked of what would be stored now.
  std::vector<std::string> counted() {
    auto store = store::Database::open({.path = folder_.store("counts.sqlite")}, directory::learning_migrations()).value();
    EXPECT_TRUE(counter_.save(*store).has_value());
    std::vector<std::string> out;
    store->read([&](store::Connection& connection) {
      directory::SearchCountStore(connection).each("2026-06-08", "2026-06-08", [&](const SearchCount& one) {
        out.push_back(one.query + " " + std::to_string(one.found) + " " + std::to_string(one.without_result) + " " +
                      std::to_string(one.clicked));
      });
    });
    return out;
  }

  store::testing::Folder folder_;
  FixedClock clock_{*parse_time("2026-06-08T10:00:00Z")};
  SearchCounter counter_{clock_, 400};
  portal::testing::Fixture fixture_{folder_.path(), counted_look(), &counter_};
};

TEST_F(CountingTest, CountsResultPagesAlsoFromTheCache) {
  EXPECT_EQ(ask("/suche?q=Perso&ort=22846"), 200);
  EXPECT_EQ(ask("/suche?q=perso&ort=Norderstedt", {}, "GET", 2), 200);   // the place makes no difference
  EXPECT_EQ(ask("/suche?q=qqqqzzzz"), 200);
  EXPECT_EQ(ask("/suche?q=selten", {}, "GET", 4), 200);
  EXPECT_THAT(counted(), ::testing::ElementsAre("perso 7 0 0", "qqqqzzzz 0 5 0"));
}

TEST_F(CountingTest, CountsNeitherMachinesNorRepetitions) {
  ask("/suche?q=perso", {}, "HEAD");
  ask("/suche?q=perso", {{"if-none-match", "\"x\""}});
  ask("/suche?q=perso", {{"sec-purpose", "prefetch;prerender"}});
  ask("/suche?q=perso", {{"purpose", "prefetch"}});
  ask("/suche?q=perso", {{"sec-fetch-mode", "no-cors"}});
  ask("/suche?q=perso", {{"user-agent", "Mozilla/5.0 (compatible; Examplebot/2.1)"}});
  ask("/suche?q=perso&seite=2");
  ask("/suche?q=");
  ask("/suche");
  ask("/vorschlaege?q=perso");
  ask("/");
  EXPECT_EQ(counter_.queries(), 0u);
  ask("/suche?q=perso", {{"sec-fetch-mode", "navigate"}, {"user-agent", "Mozilla/5.0 Firefox/128.0"}});
  EXPECT_THAT(counted(), ::testing::ElementsAre("perso 5 0 0"));
}

TEST_F(CountingTest, AClickIsAServiceOpenedFromAResultPageOfOurs) {
  const std::string service = "/norderstedt/personalausweis-beantragen";
  ask(service, {{"referer", "http://localhost:8080/suche?q=Perso+weg&ort=22846"}});
  ask("/dienst/personalausweis-beantragen", {{"referer", "https://portal.example/suche?ort=&q=Ausweis&lang=en#hits"}});
  EXPECT_THAT(counted(), ::testing::ElementsAre("ausweis 0 0 5", "perso weg 0 0 5"));
}

TEST_F(CountingTest, WhatIsNoClickIsNotCounted) {
  const std::string service = "/norderstedt/personalausweis-beantragen";
  ask(service);
  for (const std::string referer : {"http://elsewhere.example/suche?q=perso", "http://localhost:8080/norderstedt?q=perso",
                                    "http://localhost:8080/suche?ort=22846", "http://localhost:8080/suche?q=%FF",
                                    "http://localhost:8080/suche?q=%", "ftp://localhost:8080/suche?q=perso", "nonsense",
                                    "http:///suche?q=perso", "http://localhost:8080@elsewhere.example/suche?q=perso"}) {
    ask(service, {{"referer", referer}});
  }
  ask(service, {{"referer", "http://localhost:8080/suche?q=perso&x=" + std::string(5000, 'a')}});
  const std::string from = "http://localhost:8080/suche?q=perso";
  ask(service, {{"referer", from}, {"cache-control", "max-age=0"}});   // a reload
  ask(service, {{"referer", from}}, "HEAD");
  ask("/norderstedt", {{"referer", from}});
  EXPECT_EQ(ask("/norderstedt/gibt-es-nicht", {{"referer", from}}), 404);
  EXPECT_EQ(counter_.queries(), 0u);
}

TEST_F(CountingTest, ThePrivacyPageSaysWhatIsCounted) {
  for (std::string language : {"de", "de-simple", "en"}) {
    EXPECT_THAT(*fixture_.get("/datenschutz?lang=" + language).body, ::testing::HasSubstr("90")) << language;
  }
}

TEST(Counting, ThePrivacyPageSaysThatNothingIsCounted) {
  const store::testing::Folder folder;
  const portal::testing::Fixture fixture(folder.path());
  EXPECT_THAT(*fixture.get("/datenschutz").body, ::testing::HasSubstr("Wir speichern nicht, was gesucht wird."));
}

}  // namespace
}  // namespace verbund::portal
