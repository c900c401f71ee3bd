// SPDX-License-Identifier: EUPL-1.2
#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/check.h"
#include "base/result.h"

namespace verbund {
namespace {

using testing::ElementsAre;
using namespace std::string_view_literals;

TEST(Text, AcceptsWellFormedUtf8) {
  for (std::string_view text :
       {""sv, "abc"sv, "a longer text without any accent"sv, "ä"sv, "Führungszeugnis für Köln"sv, "\u0800"sv,
        "\uD7FF"sv, "\uE000"sv, "\uFFFF"sv, "\U00010000"sv, "\U0010FFFF"sv, "12345678ä12345678"sv}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(Text, RefusesBrokenUtf8) {
  for (std::string_view text :
       {"\0"sv, "abcdefgh\0"sv, "abc\0efgh"sv, "\x80"sv, "\xC3"sv, "\xC0\x80"sv, "\xC1\xBF"sv, "\xE0\x9F\xBF"sv,
        "\xED\xA0\x80"sv, "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xE2\x82"sv,
        "\xF0\x9F\x98"sv, "\xFF"sv, "M\xFCnchen"sv, "12345678\xE4"sv, "\xC3\x28"sv}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Text, TrimsAndSplits) {
  EXPECT_EQ(trim(" \t\r\n a b \f\v"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Text, ReadsNumbersOnly) {
  EXPECT_EQ(parse_number("0"), 0);
  EXPECT_EQ(parse_number("00042"), 42);
  EXPECT_EQ(parse_number("9223372036854775807"), INT64_MAX);
  for (std::string_view text : {"", "9223372036854775808", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1e3"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
  EXPECT_TRUE(is_digits("0123456789"));
  EXPECT_FALSE(is_digits(""));
  EXPECT_FALSE(is_digits("12a"));
}

TEST(Text, CutsBeforeASequenceThatDoesNotFit) {
  EXPECT_EQ(cut_utf8("abc", 3), "abc");
  EXPECT_EQ(cut_utf8("abc", 2), "ab");
  EXPECT_EQ(cut_utf8("aä", 2), "a");
  EXPECT_EQ(cut_utf8("aä", 3), "aä");
  EXPECT_EQ(cut_utf8("\U0001F600", 3), "");
  EXPECT_EQ(cut_utf8("x\U0001F600y", 4), "x");
  EXPECT_EQ(cut_utf8("x\U0001F600y", 5), "x\U0001F600");
  EXPECT_EQ(cut_utf8("\x80\x80\x80\x80\x80\x80\x80", 6).size(), 6u) << "what is no UTF-8 is cut where asked";
}

TEST(Text, LowersAsciiOnly) { EXPECT_EQ(to_lower_ascii("AbZ[Ä"), "abz[Ä"); }

TEST(Text, ComparesSecrets) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "abcd"));
}

TEST(Result, TellsAnErrorInOneLine) {
  EXPECT_EQ((Error{ErrorCode::invalid, "no number", "f.csv:3", "write digits"}.text()),
            "f.csv:3: no number (write digits)");
  EXPECT_EQ((Error{ErrorCode::invalid, "no number", "", ""}.text()), "no number");
}

TEST(CheckDeathTest, EndsTheProgramWhenOurOwnLogicFails) {
  EXPECT_DEATH(VERBUND_CHECK(1 + 1 == 3), "internal error at .*text_test.cc");
}

}  // namespace
}  // namespace verbund
