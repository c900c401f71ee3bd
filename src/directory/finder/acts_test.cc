// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/acts.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace verbund::directory::finder {
namespace {

std::string stem_of(std::string_view word) {
  const std::vector<std::string> words = text::words(word);
  EXPECT_EQ(words.size(), 1U) << word;
  return acts().stem(words.at(0));
}

TEST(Acts, TheListInsideTheProgramReads) {
  std::ifstream in(std::string(VERBUND_SOURCE_DIR) + "/data/vocabulary/acts.tsv");
  std::ostringstream text;
  text << in.rdbuf();
  const auto read = Acts::read(text.str());
  ASSERT_TRUE(read.has_value()) << read.error().text();
}

TEST(Acts, VerbsAndNounsOfOneActAreOneWord) {
  const std::vector<std::vector<const char*>> same = {
      {"anmelden", "Anmeldung", "angemeldet", "anzumelden", "anmeldet", "Anmeldungen"},
      {"abmelden", "Abmeldung", "abgemeldet", "abzumelden"},
      {"verlieren", "verloren", "Verlust", "verlor", "Verluste", "Verlusts"},
      {"stehlen", "gestohlen", "geklaut", "Diebstahl", "Diebstahls"},
      {"umziehen", "umgezogen", "Umzug", "umzuziehen", "Umzugs"},
      {"verlängern", "Verlängerung", "verlängert", "verlaengern"},
      {"austreten", "Austritt", "ausgetreten", "auszutreten"},
      {"zulassen", "Zulassung", "zugelassen", "zuzulassen"},
      {"umtauschen", "Umtausch", "umgetauscht"},
      {"sterben", "gestorben", "verstorben"},
      {"kündigen", "Kündigung", "gekündigt"},
      {"wählen", "Wahl", "gewählt"},
      {"abreißen", "Abriss", "abgerissen", "abzureißen"},
  };
  for (const auto& forms : same) {
    for (const char* form : forms) EXPECT_EQ(stem_of(form), stem_of(forms[0])) << form;
  }
}

TEST(Acts, DifferentActsStayApart) {
  const std::pair<const char*, const char*> apart[] = {
      {"anmelden", "abmelden"}, {"anmelden", "ummelden"}, {"verlieren", "finden"},  {"Umzug", "Anzug"},
      {"zulassen", "abmelden"}, {"Angebot", "Gebot"},     {"kaufen", "verkaufen"},  {"Ausweis", "Nachweis"},
      {"Wahl", "Walfang"},      {"angehörig", "gehörig"}, {"geboren", "gestorben"}, {"Ausgabe", "Abgabe"},
  };
  for (const auto& [a, b] : apart) EXPECT_NE(stem_of(a), stem_of(b)) << a << " " << b;
}

TEST(Acts, AWordOfNoActHasItsSnowballStem) {
  for (const char* word : {"personalausweis", "hund", "elterngeldes", "x", "strassen"}) {
    EXPECT_EQ(acts().stem(word), text::stem_german(word));
  }
}

TEST(Acts, VerbsThatStandApartAreJoined) {
  const struct {
    const char *verb, *first, *wanted;
  } cases[] = {
      {"melde", "an", "anmelden"},   {"meldet", "ab", "abmelden"},   {"melden", "um", "ummelden"},
      {"meldest", "an", "anmelden"}, {"ziehe", "um", "umziehen"},    {"zieht", "um", "umziehen"},
      {"tausche", "um", "umtauschen"}, {"trete", "aus", "austreten"}, {"lasse", "zu", "zulassen"},
      {"hund", "an", ""},            {"gehe", "an", ""},             {"melde", "nach", ""},
  };
  for (const auto& one : cases) EXPECT_EQ(acts().joined(one.verb, one.first), one.wanted) << one.verb << one.first;
  EXPECT_TRUE(acts().is_first_part("an"));
  EXPECT_FALSE(acts().is_first_part("und"));
}

TEST(Acts, ReadingSaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"an|melden Anmeldung\nabmelden Anmeldung\n", "line 2: \"Anmeldung\" stands for two acts"},
      {"# fine\nan| x\n", "line 2: no word beside \"|\""},
      {"zieht~um umziehen\n", "line 1: the act has no name before its forms"},
      {"a-b c\n", "line 1: \"a-b\" is not one word"},
  };
  for (const auto& [text, wanted] : cases) {
    const auto read = Acts::read(text);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().text(), wanted);
  }
}

}  // namespace
}  // namespace verbund::directory::finder
