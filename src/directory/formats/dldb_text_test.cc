// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/dldb_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace verbund::directory::dldb {
namespace {

using ::testing::ElementsAre;

std::string fee(std::string_view html) {
  const auto found = fee_of(html);
  if (!found) return "?";
  if (found->choice == Fee::Choice::free) return "free";
  if (found->fixed) return found->fixed->value + " " + found->fixed->currency;
  return (found->least ? found->least->value : "") + "-" + (found->most ? found->most->value : "");
}

TEST(DldbFee, IsReadOnlyWhereNothingElseCanBeMeant) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"<p>46,00 Euro</p>", "46.00 EUR"}, {"100 Euro", "100.00 EUR"},       {"<p>16,30 €</p>", "16.30 EUR"},
      {"1.200,50 EUR", "1200.50 EUR"},    {"35,- Euro", "35.00 EUR"},       {"<p>ab 12,80 Euro</p>", "12.80-"},
      {"15 bis 20 Euro", "15.00-20.00"},  {"gebührenfrei", "free"},         {"<p>Gebührenfrei</p>", "free"},
      {"Es fallen keine Gebühren an.", "free"},                             {"kostenlos", "free"},
      // more than one amount, a condition, or no fee at all
      {"100 Euro und 50 Euro", "?"},      {"<p>29 Euro</p><p>Darin enthalten ist etwas.</p>", "?"},
      {"In der Regel 120 €", "?"},        {"10 Euro pro Anwesen", "?"},     {"bis 100 Euro", "?"},
      {"Die Führung ist kostenlos", "?"}, {"", "?"},                        {"46", "?"},
      {"1.2 Euro", "?"},                  {"4,5 Euro", "?"},                {"99999999999999999999 Euro", "?"},
      {"-5 Euro", "?"},                   {"ab 5 bis 7 Euro", "?"}};
  for (const auto& [html, expected] : rows) EXPECT_EQ(fee(html), expected) << html;
}

TEST(DldbLinks, AreApplicationsOnlyIfTheySayOnlineAndDo) {
  const std::string form = "https://a.example/form";
  EXPECT_TRUE(is_online_application({"Fahrzeug online außer Betrieb setzen", form, ""}));
  EXPECT_TRUE(is_online_application({"Online Antrag", form, ""}));
  EXPECT_TRUE(is_online_application({"Verlustanzeige online melden", form, ""}));
  EXPECT_FALSE(is_online_application({"Online Terminvereinbarung", form, ""}));
  EXPECT_FALSE(is_online_application({"Informationen zur Online-Ausweisfunktion", form, ""}));
  EXPECT_FALSE(is_online_application({"Online-Auskunft Bearbeitungsstand", form, ""}));
  EXPECT_FALSE(is_online_application({"Antrag", form, ""}));
  EXPECT_FALSE(is_online_application({"Online-Antrag", "https://a.example/antrag.PDF?x", ""}));
  EXPECT_FALSE(is_online_application({"Online-Antrag", "https://a.example/terminvereinbarung.html", ""}));
  EXPECT_FALSE(is_online_application({"Online-Antrag", "", ""}));
}

TEST(DldbLinks, AreFoundInRunningText) {
  EXPECT_THAT(
      online_links_in("<p><a href=\"https://a.example/1\">online</a> <a href=\"https://a.example/1\">Online</a> "
                      "<a href=\"https://a.example/2\">Online-Antrag</a> <a href=\"https://a.example/3\">mehr</a> "
                      "<a href=\"https://a.example/termin\">online</a> <a href=\"/4\">online</a> "
                      "<a href=\"https://a.example/x?a=1&amp;b=2\">online</a></p>"),
      ElementsAre("https://a.example/1", "https://a.example/2", "https://a.example/x?a=1&b=2"));
  EXPECT_THAT(online_links_in("<a href=\"x"), ElementsAre());
}

TEST(DldbLinks, AreAbsoluteWebAddressesWithPlaceholdersFilled) {
  EXPECT_EQ(address(Json("https://a.example/{serviceId}/{locationId}?a&amp;b"), "1", "2"), "https://a.example/1/2?a&b");
  for (const char* bad :
       {"", "/relative", "javascript:alert(1)", "https://a b", "https://a\"b", "ftp://a", "https://{x}"}) {
    EXPECT_EQ(address(Json(bad), "1", "2"), "") << bad;
  }
  EXPECT_EQ(address(Json(false), "1", "2"), "");
  EXPECT_EQ(address(Json("https://" + std::string(3000, 'a')), "1", "2"), "");
}

TEST(DldbText, IsHtmlOrLines) {
  EXPECT_EQ(html_of("eins\r\n\r\nzwei & drei"), "<p>eins</p><p>zwei &amp; drei</p>");
  EXPECT_EQ(html_of("<p onclick=\"x\">gut</p>"), "<p>gut</p>");
}

TEST(DldbText, KnowsItsLanguage) {
  EXPECT_EQ(language(Json::object({{"meta", Json::object({{"locale", "de_DE"}})}})), "de");
  EXPECT_EQ(language(Json::object({{"meta", Json::object({{"locale", "en"}})}})), "en");
  EXPECT_EQ(language(Json::object({{"meta", Json::object({{"locale", "?!"}})}})), "de");
  EXPECT_EQ(language(Json()), "de");
}

TEST(DldbText, EscapesNamesInLists) {
  EXPECT_EQ(html_list({{"A & B", "https://a.example/\"x", ""}, {"C", "", "d"}}).find("<script"), std::string::npos);
  EXPECT_EQ(html_list({{"C", "", "d"}}), "<ul><li>C: d</li></ul>");
  EXPECT_EQ(html_list({}), "");
}

}  // namespace
}  // namespace verbund::directory::dldb
