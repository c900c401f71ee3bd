// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include "kits/text/text.h"

namespace verbund::text {
namespace {

struct Case {
  std::string_view in, out;
};

TEST(Lower, KeepsUmlautsAndMakesBlanksAndDigitsPlain) {
  for (const Case& row : {Case{"Führungszeugnis", "führungszeugnis"},
                         {"FU\u0308HRUNG", "führung"},                      // composed again
                         {"  Perso \t\n weg ", "perso weg"},
                         {"Straße 5", "straße 5"},
                         {"\uFF10\uFF11\u0662\u0663", "0123"},             // full width, Arabic-Indic
                         {"Kindes\u00ADwohl\u200B", "kindeswohl"},
                         {"10\u00A0€", "10 €"},
                         {"a\u0001b", "a b"},
                         {"Ґанок", "ґанок"},
                         {"", ""}}) {
    EXPECT_EQ(lower(row.in), row.out) << row.in;
    EXPECT_EQ(lower(lower(row.in)), lower(row.in)) << row.in;
  }
}

TEST(Lower, SurvivesBytesThatAreNotUtf8) { EXPECT_EQ(lower("a\xFF"), "a\uFFFD"); }

}  // namespace
}  // namespace verbund::text
