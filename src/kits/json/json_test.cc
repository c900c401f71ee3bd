// SPDX-License-Identifier: EUPL-1.2
#include "kits/json/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace verbund {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::string_view_literals;

std::string canonical(std::string_view text) {
  const auto value = parse_json(text, "t.json");
  return value ? value->to_canonical() : value.error().text();
}

std::string number(double value) { return Json(value).to_canonical(); }

TEST(Json, ReadsEveryKindOfValue) {
  const auto value = parse_json(R"({"n":null,"t":true,"f":false,"i":-5,"d":1.5,"s":"ä","a":[1,[]],"o":{}})", "x");
  ASSERT_TRUE(value) << value.error().text();
  EXPECT_TRUE((*value)["n"].is_null());
  EXPECT_EQ(*(*value)["t"].if_bool(), true);
  EXPECT_EQ(*(*value)["f"].if_bool(), false);
  EXPECT_EQ(*(*value)["i"].if_int(), -5);
  EXPECT_EQ(*(*value)["d"].if_double(), 1.5);
  EXPECT_EQ(value->text_or("s"), "ä");
  EXPECT_EQ((*value)["a"].if_array()->size(), 2u);
  EXPECT_TRUE((*value)["o"].if_object()->empty());
}

TEST(Json, LooksUpFieldsWithoutFailing) {
  const Json value = Json::object({{"a", "b"}, {"n", 1}});
  EXPECT_EQ(value.find("z"), nullptr);
  EXPECT_TRUE(value["z"].is_null());
  EXPECT_TRUE(value["z"]["y"].is_null());
  EXPECT_EQ(value.text_or("n", "none"), "none");
  EXPECT_EQ(Json(3).find("a"), nullptr);
}

TEST(Json, IsBuiltFieldByField) {
  Json value;
  value.set("list", Json().push(1).push("two")).set("a", true).set("a", false);
  EXPECT_EQ(value.to_canonical(), R"({"a":false,"list":[1,"two"]})");
  EXPECT_EQ(Json::array({1, 2.5, nullptr}).to_canonical(), "[1,2.5,null]");
}

TEST(JsonDeathTest, RefusesToMakeAnObjectOfAText) { EXPECT_DEATH(Json("a").set("b", 1), "internal error"); }

TEST(Json, SortsKeysAndDropsSpace) {
  EXPECT_EQ(canonical("\xEF\xBB\xBF { \"b\" : 1 ,\n\"a\":[ 1 , 2 ] } \r\n\t"), R"({"a":[1,2],"b":1})");
  EXPECT_EQ(canonical(R"({"ö":1,"o":2,"":3,"O":4})"), R"({"":3,"O":4,"o":2,"ö":1})");
}

TEST(Json, EscapesOnlyWhatMustBe) {
  EXPECT_EQ(canonical(R"("\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/")"), "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
  EXPECT_EQ(canonical(R"("\b\t\n\f\r\u001f\u007f")"), "\"\\b\\t\\n\\f\\r\\u001f\x7F\"");
  EXPECT_EQ(canonical(R"("\ud83d\ude00")"), "\"\U0001F600\"");
}

// The rules of ECMAScript's Number::toString at their edges, and values that need all 17 digits.
TEST(Json, WritesNumbersAsEcmascriptDoes) {
  EXPECT_EQ(number(0.0), "0");
  EXPECT_EQ(number(-0.0), "0");
  EXPECT_EQ(number(1), "1");
  EXPECT_EQ(number(-1.5), "-1.5");
  EXPECT_EQ(number(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(number(1e20), "100000000000000000000");
  EXPECT_EQ(number(1e21), "1e+21");
  EXPECT_EQ(number(1.5e21), "1.5e+21");
  EXPECT_EQ(number(-1e21), "-1e+21");
  EXPECT_EQ(number(1e23), "1e+23");
  EXPECT_EQ(number(0.000001), "0.000001");
  EXPECT_EQ(number(0.0000015), "0.0000015");
  EXPECT_EQ(number(1e-7), "1e-7");
  EXPECT_EQ(number(-1.25e-7), "-1.25e-7");
  EXPECT_EQ(number(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(number(9007199254740993.0), "9007199254740992");
  EXPECT_EQ(number(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(number(std::numeric_limits<double>::denorm_min()), "5e-324");
  EXPECT_EQ(number(4.35), "4.35");
  EXPECT_EQ(number(100.5), "100.5");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(number(std::nan("")), "null");
  EXPECT_EQ(Json(std::numeric_limits<std::int64_t>::min()).to_canonical(), "-9223372036854775808");
}

TEST(Json, ReadsEveryDoubleBackExactly) {
  std::mt19937_64 random(20260608);
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    const std::string text = number(value);
    const auto back = parse_json(text, "x");
    ASSERT_TRUE(back) << text;
    const double read = back->if_int() ? static_cast<double>(*back->if_int()) : *back->if_double();
    ASSERT_EQ(read, value) << text;
    ASSERT_EQ(back->to_canonical(), text);
  }
}

TEST(Json, KeepsIntegersThatFitAndTakesLargerOnesAsDouble) {
  EXPECT_EQ(canonical("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(canonical("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(canonical("9223372036854775808"), "9223372036854776000");
  EXPECT_EQ(canonical("18446744073709551616"), "18446744073709552000");
  EXPECT_EQ(canonical("1e400"), "t.json:1:6: the number 1e400 is too large for a double");
  EXPECT_EQ(canonical("1e-400"), "0");
  EXPECT_EQ(canonical("[1.0,1e2,-0]"), "[1,100,0]");
}

TEST(Json, IndentsForPeople) {
  EXPECT_EQ(parse_json(R"({"b":[1,{"c":[]}],"a":{}})", "x")->to_pretty(),
            "{\n  \"a\": {},\n  \"b\": [\n    1,\n    {\n      \"c\": []\n    }\n  ]\n}");
}

TEST(Json, RefusesADuplicateKey) {
  EXPECT_THAT(canonical("{\"a\":1,\n \"a\":2}"), StartsWith("t.json:2:"));
  EXPECT_THAT(canonical(R"({"a":{"b":1,"\u0062":2}})"), HasSubstr("the key \"b\" comes twice"));
}

TEST(Json, RefusesWhatIsNotWellFormed) {
  for (std::string_view text :
       {""sv, " "sv, "{"sv, "[1,"sv, "[1,]"sv, "{\"a\"}"sv, "{\"a\":}"sv, "{a:1}"sv, "'a'"sv, "01"sv, "1."sv, ".5"sv,
        "+1"sv, "1e"sv, "-"sv, "nul"sv, "NaN"sv, "Infinity"sv, "tru e"sv, "[1 2]"sv, "1 2"sv, "[] []"sv, "\"a"sv,
        "\"\n\""sv, "\"\\x\""sv, "\"\\u12\""sv, "\"\\ud800\""sv, "\"\\udc00\""sv, "\"\\ud800\\u0041\""sv,
        "// a\n1"sv, "/**/1"sv, "\"\x01\""sv,
        "[1]\0"sv, "\0"sv, "\"a\0b\""sv, "\xEF\xBB\xBF\xEF\xBB\xBF[]"sv, "]"sv, "{\"a\":1]"sv}) {
    const auto value = parse_json(text, "x");
    EXPECT_FALSE(value) << text;
    if (!value) {
      EXPECT_EQ(value.error().code, ErrorCode::invalid) << text;
    }
  }
}

TEST(Json, RefusesBrokenUtf8AndOtherCharacterSets) {
  for (std::string_view text : {"\"M\xFCnchen\""sv, "\"\xC0\xAF\""sv, "\"\xED\xA0\x80\""sv, "\"\xF4\x90\x80\x80\""sv,
                                "\"\xE2\x82\""sv, "{\"\xFF\":1}"sv, "\xFE\xFF\0[\0]"sv, "\xFF\xFE[\0]\0"sv}) {
    EXPECT_FALSE(parse_json(text, "x"));
  }
}

TEST(Json, RefusesTheZeroCharacter) {
  EXPECT_THAT(canonical(R"({"a":"b\u0000c"})"), HasSubstr("U+0000"));
  EXPECT_THAT(canonical(R"({"a\u0000":"b"})"), HasSubstr("U+0000"));
}

TEST(Json, TellsLineAndColumnInCharacters) {
  EXPECT_THAT(canonical("{\n  \"ä\": x\n}"), StartsWith("t.json:2:8: not well-formed JSON"));
  EXPECT_THAT(canonical("{\n\n"), StartsWith("t.json:3:1: the JSON document ends too early"));
  EXPECT_THAT(canonical("[1]\nx"), StartsWith("t.json:2:1: something follows"));
}

TEST(Json, RefusesAMillionLevels) {
  for (const char* open : {"[", "{\"a\":", "[{\"a\":"}) {
    std::string text;
    for (int i = 0; i < 1'000'000; ++i) text += open;
    const auto value = parse_json(text, "x");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().code, ErrorCode::too_large);
    EXPECT_THAT(value.error().message, HasSubstr("nested"));
  }
}

TEST(Json, HoldsItsLimits) {
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  EXPECT_TRUE(parse_json(deep, "x"));
  EXPECT_FALSE(parse_json("[" + deep + "]", "x"));
  EXPECT_TRUE(parse_json("[[1]]", "x", {.depth = 2}));
  EXPECT_FALSE(parse_json("[[[1]]]", "x", {.depth = 2}));
  EXPECT_EQ(parse_json("[1,2,3]", "x", {.bytes = 6}).error().code, ErrorCode::too_large);
  EXPECT_EQ(parse_json("[1,2,3]", "x", {.values = 3}).error().code, ErrorCode::too_large);
  EXPECT_TRUE(parse_json("[1,2,3]", "x", {.bytes = 7, .values = 4}));
  EXPECT_EQ(parse_json(std::string(2000, '1'), "x").error().code, ErrorCode::too_large);
  EXPECT_EQ(parse_json("1e999999", "x").error().code, ErrorCode::invalid);
  EXPECT_EQ(parse_json("1e99999999999999999999", "x").error().code, ErrorCode::invalid);
  const std::string endless = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_FALSE(parse_json(endless, "x", {.depth = 10'000'000})) << "no caller may ask for a stack overflow";
}

// Random documents: what is written reads back the same.
TEST(Json, ReadsWhatItWrites) {
  std::mt19937 random(7);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const std::function<Json(int)> make = [&](int depth) -> Json {
    switch (pick(depth > 4 ? 5 : 7)) {
      case 0: return nullptr;
      case 1: return pick(2) == 0;
      case 2: return static_cast<std::int64_t>(random()) - 2'000'000'000;
      case 3: return pick(1000) + 0.5;
      case 4: return std::string(static_cast<std::size_t>(pick(5)), static_cast<char>(1 + pick(126))) + "ß\U0001F600";
      case 5: {
        Json list = Json::array({});
        for (int i = pick(5); i > 0; --i) list.push(make(depth + 1));
        return list;
      }
      default: {
        Json object = Json::object({});
        for (int i = pick(5); i > 0; --i) object.set("k" + std::to_string(pick(9)), make(depth + 1));
        return object;
      }
    }
  };
  for (int i = 0; i < 500; ++i) {
    const Json value = make(0);
    const auto canonical = parse_json(value.to_canonical(), "x");
    ASSERT_TRUE(canonical) << value.to_canonical();
    EXPECT_EQ(*canonical, value);
    EXPECT_EQ(parse_json(value.to_pretty(), "x").value(), value);
  }
}

}  // namespace
}  // namespace verbund
