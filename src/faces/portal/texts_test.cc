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
    for (const auto& [key, text] : german) {
      auto found = other.find(key);
      ASSERT_NE(found, other.end()) << language << " " << key;
      EXPECT_FALSE(found->second.empty()) << language << " " << key;
      std::multiset<std::string> wanted = places(text);
      // "1 Leistung" is said of 21 too in some languages.
      if (key.ends_with(".one") && places(found->second).contains("{count}")) wanted.insert("{count}");
      EXPECT_EQ(places(found->second), wanted) << language << " " << key;
    }
    for (const auto& [key, text] : other) {
      const std::string base = key.substr(0, key.rfind('.'));
      const bool further = (key.ends_with(".few") || key.ends_with(".two")) && german.contains(base + ".many");
      EXPECT_TRUE(further || german.contains(key)) << language << " " << key << " is not in de.txt";
    }
  }
}

TEST(Texts, OfEveryLanguageAreInItsOwnLetters) {
  const Texts texts = loaded();
  // Share of texts with a letter of this range: a text that was copied untranslated would lower it.
  const auto with = [&](std::string_view language, const char* letters) {
    std::size_t count = 0, all = 0;
    for (const auto& [key, text] : texts.messages.find(language)->second.all()) {
      if (key.starts_with("contact.demail") || key.starts_with("payment.")) continue;
      ++all;
      count += std::regex_search(text, std::regex(letters)) ? 1U : 0U;
    }
    return static_cast<double>(count) / static_cast<double>(all);
  };
  EXPECT_GT(with("uk", "\xD0[\x80-\xBF]|\xD1[\x80-\xBF]"), 0.97);
  EXPECT_GT(with("ar", "[\xD8-\xDB][\x80-\xBF]"), 0.97);
  // Sentences are in no two languages the same; names and single words may be.
  for (std::string_view language : languages) {
    if (language == "de" || language == "de-simple") continue;
    const auto& german = texts.messages.find("de")->second.all();
    for (const auto& [key, text] : german) {
      if (text.size() < 25) continue;
      EXPECT_NE(texts.messages.find(language)->second.all().find(key)->second, text) << language << " " << key;
    }
  }
}

TEST(Texts, RefuseALanguageThatLacksAText) {
  const embed::File files[] = {{"texts/de.txt", "a = A\nb = B\n"}, {"texts/en.txt", "a = A\n"},
                               {"texts/de-simple.txt", "a = A\nb = B\n"}, {"texts/tr.txt", "a = A\nb = B\n"},
                               {"texts/uk.txt", "a = A\nb = B\n"}, {"texts/ar.txt", "a = A\nb = B\n"}};
  auto texts = Texts::load(files);
  ASSERT_FALSE(texts);
  EXPECT_EQ(texts.error().code, ErrorCode::invalid);
}

TEST(Texts, RefuseATemplateThatDoesNotHold) {
  const embed::File files[] = {{"texts/de.txt", "a = A\n"},
                               {"texts/en.txt", "a = A\n"},
                               {"texts/de-simple.txt", "a = A\n"},
                               {"texts/tr.txt", "a = A\n"},
                               {"texts/uk.txt", "a = A\n"},
                               {"texts/ar.txt", "a = A\n"},
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

TEST(Texts, CountAsEveryLanguageDoes) {
  struct Row {
    const char* language;
    std::size_t number;
    const char* text;
  };
  const Texts texts = loaded();
  for (const Row& row : {Row{"uk", 1, "1 послуга"}, Row{"uk", 2, "2 послуги"}, Row{"uk", 4, "4 послуги"},
                         Row{"uk", 5, "5 послуг"}, Row{"uk", 11, "11 послуг"}, Row{"uk", 12, "12 послуг"},
                         Row{"uk", 21, "21 послуга"}, Row{"uk", 22, "22 послуги"}, Row{"uk", 111, "111 послуг"},
                         Row{"ar", 1, "خدمة واحدة"}, Row{"ar", 2, "خدمتان"}, Row{"ar", 3, "3 خدمات"},
                         Row{"ar", 10, "10 خدمات"}, Row{"ar", 11, "11 خدمة"}, Row{"ar", 103, "103 خدمات"},
                         Row{"tr", 1, "1 hizmet"}, Row{"tr", 7, "7 hizmet"}, Row{"en", 0, "0 services"}}) {
    EXPECT_EQ(texts.in(row.language).count("event", row.number), row.text) << row.language << " " << row.number;
  }
}

TEST(Texts, KnowWhatABrowserPrefers) {
  struct Row {
    const char *header, *language;
  };
  for (const Row& row : {Row{"", ""}, Row{"uk-UA,uk;q=0.9,en;q=0.8", "uk"}, Row{"de-DE,de;q=0.9", "de"},
                         Row{"fr,ar;q=0.4,en;q=0.7", "en"}, Row{"AR-sy", "ar"}, Row{"fr, it;q=0.5", ""},
                         Row{"tr;q=0", ""}, Row{"tr;q=0.001, *", "tr"}, Row{"en;q=1.000,tr;q=0.999", "en"},
                         Row{"en;level=1", ""}, Row{";;;,,,q=", ""}, Row{"tr;q=x", ""}, Row{"de-simple", "de"}}) {
    EXPECT_EQ(accepted_language(row.header), row.language) << row.header;
  }
}

}  // namespace
}  // namespace verbund::portal
