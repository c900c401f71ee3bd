// SPDX-License-Identifier: EUPL-1.2
#include "kits/text/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

namespace verbund::text {
namespace {

using testing::ElementsAre;
using namespace std::string_view_literals;

struct Row {
  std::string_view in;
  std::string_view out;
};

TEST(Fold, MakesSpellingsAlike) {
  for (const Row& row : {Row{"Führungszeugnis", "fuhrungszeugnis"},
                         {"FÜHRUNGSZEUGNIS", "fuhrungszeugnis"},
                         {"Fu\u0308hrungszeugnis", "fuhrungszeugnis"},  // decomposed
                         {"Fuehrungszeugnis", "fuehrungszeugnis"},
                         {"Straße", "strasse"},
                         {"STRASSE", "strasse"},
                         {"STRA\u1E9EE", "strasse"},
                         {"Café à la crème", "cafe a la creme"},
                         {"Łódź", "lodz"},
                         {"Đorđević", "dordevic"},
                         {"Søren Ærø", "soren aero"},
                         {"\u0130stanbul \u0131", "istanbul i"},
                         {"Kfz-Steuer § 3", "kfz-steuer § 3"},
                         {"Kindes\u00ADwohl", "kindeswohl"},
                         {"Kin\u200Bder\u200D\uFEFF", "kinder"},
                         {"ﬁnden ①②", "finden 12"},
                         {"10\u00A0€", "10 €"},
                         {"Вулиця ІЇ", "вулиця іі"},
                         {"", ""}}) {
    EXPECT_EQ(fold(row.in), row.out) << row.in;
  }
}

TEST(Fold, KnowsTwoLettersForAnUmlaut) {
  for (const Row& row : {Row{"Fuehrerschein", "fuhrerschein"},
                         {"Führerschein", "fuhrerschein"},
                         {"Gebuehren", "gebuhren"},
                         {"Aerztliche", "arztliche"},
                         {"UEBERSETZUNG", "ubersetzung"},
                         {"Oeffnungszeiten", "offnungszeiten"},
                         {"Goethestrasse", "gothestrasse"},
                         {"neue", "neue"},
                         {"quer", "quer"},
                         {"Steuer", "steuer"},
                         {"Bauen", "bauen"},
                         {"Feuerwehr", "feuerwehr"},
                         {"Bläue", "blaue"},
                         {"säen", "saen"},
                         {"a\u00ADe", "a"},
                         {"æ", "ae"},
                         {"Ärzte: ae oe ue", "arzte: a o u"}}) {
    EXPECT_EQ(fold_umlauts(row.in), row.out) << row.in;
  }
}

TEST(Fold, GoesTheFastWayToTheSamePlace) {
  // A trailing Greek letter forces the whole way through ICU.
  std::mt19937 random(11);
  const std::vector<std::string_view> pieces = {
      "a", "e", "o", "u", "q", "A", "E", "U", "x", "Z", " ", "-",      "7", "ä", "ö", "ü", "Ä",  "Ö",    "Ü",
      "ß", "é", "Ñ", "ø", "Æ", "ð", "Þ", "ÿ", "×", "÷", "å", "\u00AD", "–", "„", "“", "’", "\n", "\x7F", "&"};
  for (int i = 0; i < 5000; ++i) {
    std::string word;
    for (std::size_t n = random() % 12; n > 0; --n) word += pieces[random() % pieces.size()];
    EXPECT_EQ(fold(word) + "λ", fold(word + "λ")) << word;
    EXPECT_EQ(fold_umlauts(word) + "λ", fold_umlauts(word + "λ")) << word;
    EXPECT_EQ(fold(fold(word)), fold(word)) << word;
  }
}

TEST(Fold, SurvivesBrokenUtf8) {
  EXPECT_EQ(fold("M\xFCnchen"), "m\uFFFDnchen");
  EXPECT_EQ(fold("\xC3"), "\uFFFD");
  EXPECT_EQ(fold("\xE2\x80"), "\uFFFD");
}

TEST(Words, AreRunsOfLettersAndDigits) {
  EXPECT_THAT(words("Kfz-Steuer"), ElementsAre("kfz", "steuer"));
  EXPECT_THAT(words("  Führungszeugnis (erweitertes), § 30a BZRG! "),
              ElementsAre("fuhrungszeugnis", "erweitertes", "30a", "bzrg"));
  EXPECT_THAT(words("E-Mail: info@norderstedt.de"), ElementsAre("e", "mail", "info", "norderstedt", "de"));
  EXPECT_THAT(words("„Grüße“ – aus Köln…"), ElementsAre("grusse", "aus", "koln"));
  EXPECT_THAT(words("Паспорт України"), ElementsAre("паспорт", "украіни"));
  EXPECT_THAT(words("a\u00ADb c\u0308d"), ElementsAre("ab", "cd"));
  EXPECT_THAT(words(""), ElementsAre());
  EXPECT_THAT(words(" -–!? "), ElementsAre());
  EXPECT_THAT(words("x\xFFy"), ElementsAre("x", "y"));
}

TEST(Words, AreCutAtSixtyFourBytes) {
  EXPECT_THAT(words(std::string(100, 'a') + " b"), ElementsAre(std::string(64, 'a'), "b"));
  EXPECT_THAT(words("a" + std::string("яяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяя")), ElementsAre(testing::SizeIs(63)));
}

TEST(Stem, JoinsGermanForms) {
  for (const auto& [a, b] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"anmeldung", "anmeldungen"}, {"ausweis", "ausweise"}, {"ausweis", "ausweises"}, {"kind", "kinder"},
           {"gebuhr", "gebuhren"}, {"beantragen", "beantragung"}, {"haus", "hauser"}, {"gemeinde", "gemeinden"}}) {
    EXPECT_EQ(stem_german(a), stem_german(b)) << a << " " << b;
  }
  EXPECT_NE(stem_german("kindergeld"), stem_german("kinderwagen"));
  EXPECT_EQ(stem_german(""), "");
  EXPECT_EQ(stem_german("паспорт"), "паспорт");
}

TEST(Stem, WorksInSeveralThreads) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&wrong, t] {
      for (int i = 0; i < 2000; ++i) {
        if (stem_german("anmeldungen") != "anmeld" || sort_key("Öl").empty()) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, ElementsAre(0, 0, 0, 0));
}

TEST(EditDistance, CountsTyposByCharacter) {
  EXPECT_EQ(edit_distance("", "", 3), 0u);
  EXPECT_EQ(edit_distance("ausweis", "ausweis", 0), 0u);
  EXPECT_EQ(edit_distance("ausweis", "auswies", 2), 1u);  // neighbours swapped
  EXPECT_EQ(edit_distance("ausweis", "ausweiß", 2), 1u);
  EXPECT_EQ(edit_distance("ausweis", "auseis", 2), 1u);
  EXPECT_EQ(edit_distance("ausweis", "ausweiss", 2), 1u);
  EXPECT_EQ(edit_distance("ca", "abc", 5), 3u);  // optimal string alignment, not Damerau's full distance
  EXPECT_EQ(edit_distance("a", "wohngeld", 2), 3u);
  EXPECT_EQ(edit_distance("kindergeld", "wohngeld", 2), 3u);
  EXPECT_EQ(edit_distance("abc", "", 3), 3u);
}

std::size_t slow_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

TEST(EditDistance, AgreesWithTheWholeTable) {
  std::mt19937 random(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string a;
    std::string b;
    for (std::size_t n = random() % 8; n > 0; --n) a += static_cast<char>('a' + random() % 3);
    for (std::size_t n = random() % 8; n > 0; --n) b += static_cast<char>('a' + random() % 3);
    const std::size_t limit = random() % 5;
    ASSERT_EQ(edit_distance(a, b, limit), std::min(slow_distance(a, b), limit + 1)) << a << " " << b << " " << limit;
  }
}

TEST(Slug, MakesAddressesPeopleCanRead) {
  for (const Row& row : {Row{"Führungszeugnis für Behörden", "fuehrungszeugnis-fuer-behoerden"},
                         {"Personalausweis beantragen", "personalausweis-beantragen"},
                         {"  Straße/Weg -- (neu)!", "strasse-weg-neu"},
                         {"Fu\u0308hrung", "fuehrung"},
                         {"Ünal Éclair Łódź", "uenal-eclair-lodz"},
                         {"Kindes\u00ADwohl", "kindeswohl"},
                         {"„Neue Wege“ – 2026", "neue-wege-2026"},
                         {"", "x"},
                         {"!?", "x"},
                         {"Київ", "x"}}) {
    EXPECT_EQ(slug(row.in), row.out) << row.in;
  }
}

TEST(Slug, IsCutAtAHyphen) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "abcdefg ";
  EXPECT_EQ(slug(text).size(), 79u);
  EXPECT_EQ(slug(std::string(80, 'a') + " b"), std::string(80, 'a'));
  EXPECT_EQ(slug(std::string(100, 'a')), std::string(80, 'a'));
}

TEST(SortKey, OrdersAsAGermanDirectory) {
  std::vector<std::string> names = {"Zürich", "Ähre",   "Aachen",  "Ahrensburg", "Öl",     "ofen",
                                    "Oz",     "Straße", "Strasse", "Strassen",   "ähnlich"};
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return sort_key(a) < sort_key(b); });
  EXPECT_THAT(names, ElementsAre("Aachen", "ähnlich", "Ähre", "Ahrensburg", "ofen", "Öl", "Oz", "Strasse",
              "Straße", "Strassen", "Zürich"));
  EXPECT_EQ(sort_key(""), sort_key(""));
  EXPECT_LT(sort_key("a"), sort_key("ab"));
}

}  // namespace
}  // namespace verbund::text
