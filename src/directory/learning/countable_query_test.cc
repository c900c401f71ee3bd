// SPDX-License-Identifier: EUPL-1.2
#include "directory/learning/countable_query.h"

#include <gtest/gtest.h>

namespace verbund::directory {
namespace {

TEST(CountableQuery, KeepsOrdinaryWordsInOneForm) {
  struct Row {
    std::string_view typed, kept;
  };
  for (const Row& row : {Row{"Perso weg", "perso weg"},
                         {"  PERSO   weg!? ", "perso weg"},
                         {"„Führerschein“", "führerschein"},
                         {"Wo melde ich meinen Hund an?", "wo melde ich meinen hund an"},
                         {"Hartz 4", "hartz 4"},
                         {"§ 35a KFZ", "§ 35a kfz"},
                         {"Kfz-Zulassung", "kfz-zulassung"},
                         {"Rente mit 63 Jahren beantragen", "rente mit 63 jahren beantragen"},
                         {"Formular A1", "formular a1"},
                         {"Führerschein Klasse B96", "führerschein klasse b96"},
                         {"1234", "1234"},
                         {"Parken Straße", "parken straße"},
                         {"паспорт", "паспорт"},
                         {"=cmd", "cmd"},
                         {"- + = @", ""},
                         {"", ""},
                         {"?!", ""}}) {
    EXPECT_EQ(countable_query(row.typed), row.kept) << row.typed;
    EXPECT_EQ(countable_query(row.kept), row.kept) << row.typed;
  }
}

TEST(CountableQuery, LeavesOutWhatLooksLikeSomebodysData) {
  for (std::string_view typed : {"22846",                                    // a postal code
                                 "perso 22846 norderstedt",
                                 "040 12 34 56",                             // telephone
                                 "geboren 03.04.1975",
                                 "1-2-3-4-5",
                                 "\uFF11\uFF12\uFF13\uFF14\uFF15",           // digits of another script
                                 "١٢٣٤٥",
                                 "L01X00T47",                                // number of an identity card
                                 "erika@example.de",
                                 "erika (at) example de",
                                 "mailto:x",
                                 "https://example.de/a",
                                 "www.example.de",
                                 "DE44 5001 0517 5407 3249 31",
                                 "MT84 MALT abcd efgh",
                                 "SE-AB 123",
                                 "kennzeichen hh x 1",
                                 "öhr ab12e",
                                 "Rathausallee 50",
                                 "wohne musterstr. 5",
                                 "Am Alten Weg 7a",
                                 "mein nachbar hans meier parkt immer falsch",  // seven words
                                 "a\xFF"}) {
    EXPECT_EQ(countable_query(typed), "") << typed;
  }
}

TEST(CountableQuery, LeavesOutWhatIsLong) {
  EXPECT_EQ(countable_query(std::string(100, 'a')).size(), 100u);
  EXPECT_EQ(countable_query(std::string(101, 'a')), "");
  EXPECT_EQ(countable_query(std::string(10'000'000, 'a')), "");
  EXPECT_EQ(countable_query(std::string(100, 'a') + "     "), std::string(100, 'a'));
  std::string marks = "a";
  for (int i = 0; i < 300; ++i) marks += "\u0301";
  EXPECT_EQ(countable_query(marks), "");
}

}  // namespace
}  // namespace verbund::directory
