// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/texts.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <span>

#include "kits/embed/embed.h"

namespace verbund::embedded {
std::span<const embed::File> portal_web();
}  // namespace verbund::embedded

namespace verbund::portal {
namespace {

std::multiset<std::string> places(const std::string& text) {
  static const std::regex place("\\{[a-z]+\\}");
  return {std::sregex_token_iterator(text.begin(), text.end(), place), std::sregex_token_iterator()};
}

Texts loaded() {
  auto texts = Texts::load(embedded::portal_web());
  if (!texts) throw std::runtime_error(texts.error().text());
  return std::move(*texts);
}

TEST(Texts, HaveTheSameKeysAndPlacesInEveryLanguage) {
  const Texts texts = loaded();
  ASSERT_EQ(texts.messages.size(), languages.size());
  const auto& german = texts.messages.find("de")->second.all();
  EXPECT_GT(german.size(), 150u);
  for (std::string_view language : languages) {
    const auto& other = texts.messages.find(language)->second.all();
    EXPECT_EQ(other.size(), german.size()) << language;
    for (const auto& [key, text] : german) {
      auto found = other.find(key);
      ASSERT_NE(found, other.end()) << language << " " << key;
      EXPECT_FALSE(found->second.empty()) << language << " " << key;
      EXPECT_EQ(places(found->second), places(text)) << language << " " << key;
    }
  }
}

TEST(Texts, RefuseALanguageThatLacksAText) {
  const embed::File files[] = {
      {"texts/de.txt", "a = A\nb = B\n"}, {"texts/en.txt", "a = A\n"}, {"texts/de-simple.txt", "a = A\nb = B\n"}};
  auto texts = Texts::load(files);
  ASSERT_FALSE(texts);
  EXPECT_EQ(texts.error().code, ErrorCode::invalid);
}

TEST(Texts, RefuseATemplateThatDoesNotHold) {
  const embed::File files[] = {{"texts/de.txt", "a = A\n"},
                               {"texts/en.txt", "a = A\n"},
                               {"texts/de-simple.txt", "a = A\n"},
                               {"templates/x.html", "{{{raw}}}"}};
  EXPECT_FALSE(Texts::load(files));
}

TEST(Texts, TakeAnUnknownLanguageForGerman) {
  EXPECT_EQ(known_language("en"), "en");
  EXPECT_EQ(known_language("fr"), "de");
  EXPECT_EQ(known_language(""), "de");
}

TEST(Texts, CountOneAndMany) {
  const Texts texts = loaded();
  const Wording say = texts.in("de");
  EXPECT_EQ(say.count("event", 1), "1 Leistung");
  EXPECT_EQ(say.count("event", 7), "7 Leistungen");
  EXPECT_THROW(say("no.such.text"), std::logic_error);
}

}  // namespace
}  // namespace verbund::portal
