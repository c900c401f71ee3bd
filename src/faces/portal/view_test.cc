// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/view.h"

#include <gtest/gtest.h>

#include <span>

#include "faces/portal/page_cache.h"
#include "faces/portal/unit_view.h"
#include "kits/embed/embed.h"

namespace verbund::embedded {
std::span<const embed::File> portal_web();
}  // namespace verbund::embedded

namespace verbund::portal {
namespace {

const Texts& texts() {
  static const Texts loaded = Texts::load(embedded::portal_web()).value();
  return loaded;
}

TEST(View, WritesAmountsAsPeopleReadThem) {
  EXPECT_EQ(money({"46.00", "EUR"}, "de"), "46,00\u00a0€");
  EXPECT_EQ(money({"46", ""}, "de"), "46,00\u00a0€");
  EXPECT_EQ(money({"1250.5", "EUR"}, "de"), "1.250,50\u00a0€");
  EXPECT_EQ(money({"1250.5", "EUR"}, "en"), "€1,250.50");
  EXPECT_EQ(money({"1250.5", "EUR"}, "tr"), "1.250,50\u00a0€");
  EXPECT_EQ(money({"1250.5", "EUR"}, "uk"), "1\u00a0250,50\u00a0€");
  EXPECT_EQ(money({"1250.5", "EUR"}, "ar"), "1,250.50\u00a0€");
  EXPECT_EQ(money({"12.3450", "CHF"}, "de"), "12,345\u00a0CHF");
  EXPECT_EQ(money({"nach Aufwand", "EUR"}, "de"), "nach Aufwand €");
  EXPECT_EQ(grouped(1234567, "de"), "1.234.567");
  EXPECT_EQ(grouped(999, "de"), "999");
}

TEST(View, WritesDaysInTheLanguage) {
  EXPECT_EQ(date("2026-06-08T10:00:00Z", texts().in("de")), "8. Juni 2026");
  EXPECT_EQ(date("2026-06-08", texts().in("en")), "8 June 2026");
  EXPECT_EQ(date("2026-06-08", texts().in("tr")), "8 Haziran 2026");
  EXPECT_EQ(date("2026-06-08", texts().in("uk")), "8 червня 2026 р.");
  EXPECT_EQ(date("2026-06-08", texts().in("ar")), "8 يونيو 2026");
  EXPECT_EQ(date("--12-31", texts().in("de")), "31. Dezember");
  for (const char* bad : {"", "2026", "2026-13-01", "2026-00-10", "gestern", "--1"}) {
    EXPECT_EQ(date(bad, texts().in("de")), "") << bad;
  }
}

TEST(View, WritesSpansOfTime) {
  directory::TimeSpan weeks;
  weeks.amount = 1;
  weeks.unit = "WOCHE";
  EXPECT_EQ(span(weeks, texts().in("de")), "1 Woche");
  weeks.amount_to = 3;
  EXPECT_EQ(span(weeks, texts().in("de")), "1 bis 3 Wochen");
  weeks.unit_to = "MONAT";
  EXPECT_EQ(span(weeks, texts().in("en")), "1 week to 3 months");
  directory::TimeSpan until;
  until.until = "--05-31";
  EXPECT_EQ(span(until, texts().in("de")), "bis 31. Mai");
  EXPECT_EQ(span({}, texts().in("de")), "");
  directory::TimeSpan unknown;
  unknown.amount = 2;
  unknown.unit = "MONDPHASE";
  EXPECT_EQ(span(unknown, texts().in("de")), "2 MONDPHASE");
}

TEST(View, LetsOnlyWebAddressesBecomeLinks) {
  EXPECT_EQ(web_url(" https://a.example/x y "), "https://a.example/x%20y");
  EXPECT_EQ(web_url("HTTP://a.example"), "HTTP://a.example");
  for (const char* bad :
       {"javascript:alert(1)", "data:text/html,x", "//a.example", "a.example", "https:", "https://", ""}) {
    EXPECT_EQ(web_url(bad), "") << bad;
  }
  EXPECT_EQ(host_of("https://user@www.a.example/path"), "a.example");
}

TEST(View, BringsHeadingsToTheirPlaceAndSanitisesAgain) {
  EXPECT_EQ(prose("<h1>A</h1><p>B</p><h6>C</h6>", 3).html, "<h3>A</h3><p>B</p><h3>C</h3>");
  EXPECT_EQ(prose("<p onclick=\"x\">A<script>alert(1)</script></p>", 3).html, "<p>A</p>");
  EXPECT_EQ(prose("a <h3 b", 3).html.find("<h3 "), std::string::npos);
}

TEST(View, PrefersTheLanguageThenGerman) {
  const directory::LocalisedTexts all = {{"tr", "T"}, {"de", "D"}, {"en", "E"}};
  EXPECT_EQ(worded(all, "en").text, "E");
  EXPECT_EQ(worded(all, "de-simple").language, "de");
  EXPECT_EQ(worded({{"tr", "T"}}, "en").language, "tr");
  EXPECT_EQ(worded({{"de", ""}}, "de").text, "");
}

TEST(View, KnowsWhatIsValidOnADay) {
  directory::Period past, present;
  past.end = "2025-12-31T23:59:59+01:00";
  present.begin = "2026-01-01";
  EXPECT_TRUE(valid_on({}, "2026-06-08"));
  EXPECT_FALSE(valid_on({past}, "2026-06-08"));
  EXPECT_TRUE(valid_on({past, present}, "2026-06-08"));
  EXPECT_TRUE(valid_on({past}, "2025-12-31"));
}

TEST(View, ShortensAtAWord) {
  EXPECT_EQ(shortened("kurz", 10), "kurz");
  EXPECT_EQ(shortened("eins zwei drei vier", 12), "eins zwei…");
}

TEST(UnitView, WritesAnAddressForAnEnvelope) {
  directory::Address address;
  address.street = "Rathausallee";
  address.house_number = "50";
  address.post_box = "1980";
  address.postal_code = "22846";
  address.city = "Norderstedt";
  EXPECT_EQ(address_lines(address, texts().in("de")), "Rathausallee 50\nPostfach 1980\n22846 Norderstedt");
  EXPECT_EQ(payment_words({"cash", "Scheck"}, texts().in("de")), "bar, Scheck");
}

TEST(PageCache, ForgetsTheLeastUsedFirstAndAnOldGenerationWhole) {
  PageCache cache(8000);
  const auto page = [](char c) { return PageCache::Kept{http::html(200, std::string(1500, c)), Searched::nothing}; };
  cache.put("1", "a", page('a'));
  cache.put("1", "b", page('b'));
  cache.put("1", "c", page('c'));
  ASSERT_TRUE(cache.find("1", "a"));
  EXPECT_EQ(cache.find("1", "a")->searched, Searched::nothing);
  cache.put("1", "d", page('d'));
  cache.put("1", "e", page('e'));
  EXPECT_LE(cache.bytes(), 8000u);
  EXPECT_FALSE(cache.find("1", "b"));
  EXPECT_TRUE(cache.find("1", "a"));
  EXPECT_FALSE(cache.find("2", "a"));
  cache.put("2", "z", page('z'));
  EXPECT_FALSE(cache.find("1", "a"));
  cache.put("2", "big", {http::html(200, std::string(5000, 'x'))});
  EXPECT_FALSE(cache.find("2", "big"));
}

}  // namespace
}  // namespace verbund::portal
