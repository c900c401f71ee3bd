// SPDX-License-Identifier: EUPL-1.2
// The clauses of docs/protocols/network.md are named where they are checked.
#include "network/membership/member.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "base/text.h"
#include "kits/file/file.h"

namespace verbund::network {
namespace {

constexpr const char* log_name = "stadt.example/network/log";

std::string key_of(const std::string& origin, tlog::KeyType type = tlog::KeyType::note) {
  tlog::SignerKey key{origin, type, {}};
  return key.verifier().to_text();
}

Member town() {
  Member out;
  out.name = log_name;
  out.title = "Stadt Beispiel";
  out.addresses = {"https://stadt.example", "http://[::1]:8080/verbund"};
  out.key = key_of(log_name);
  out.witness_key = key_of("stadt.example/witness", tlog::KeyType::cosignature);
  out.mandate = {{"L100002", "beispiel"}, {"service", "unit"}, {"01002", "010600063063"}, {"district", "municipality"}};
  out.valid_from = "2026-01-01";
  out.valid_until = "2027-01-01";
  out.suspended = "key was lost";
  return out;
}

std::string with(std::string text, std::string_view old, std::string_view now) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return at == std::string::npos ? text : text.replace(at, old.size(), now);
}

TEST(Member, HasOneFormForEachMeaning) {   // clause 8.2
  Member full = town();
  EXPECT_EQ(full.to_body(),
            "{\"addresses\":[\"https://stadt.example\",\"http://[::1]:8080/verbund\"],"
            "\"key\":\"stadt.example/network/log+a4f02048+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop\","
            "\"mandate\":{\"agencies\":[\"L100002\",\"beispiel\"],\"areas\":[\"01002\",\"010600063063\"],"
            "\"kinds\":[\"service\",\"unit\"],\"levels\":[\"district\",\"municipality\"]},"
            "\"name\":\"stadt.example/network/log\",\"suspended\":\"key was lost\",\"title\":\"Stadt Beispiel\","
            "\"valid_from\":\"2026-01-01\",\"valid_until\":\"2027-01-01\","
            "\"witness_key\":\"stadt.example/witness+beca1f0e+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop\"}");
  EXPECT_EQ(Member::parse(full.to_body()).value(), full);
  Member least = full;
  least.addresses.clear();
  least.mandate.kinds.clear();
  least.mandate.areas = {""};
  least.witness_key = least.valid_from = least.valid_until = least.suspended = "";
  EXPECT_EQ(least.to_body(), "{\"key\":\"" + least.key +
                                 "\",\"mandate\":{\"agencies\":[\"L100002\",\"beispiel\"],\"areas\":[\"\"],\"levels\":["
                                 "\"district\",\"municipality\"]},\"name\":\"stadt.example/network/log\","
                                 "\"title\":\"Stadt Beispiel\"}");
  EXPECT_EQ(Member::parse(least.to_body()).value(), least);
  std::ranges::reverse(full.mandate.areas);
  EXPECT_EQ(full.to_body(), town().to_body());
}

TEST(Member, SaysInWhichFieldTheFaultIs) {   // clauses 8.2 and 8.3
  struct Case {
    std::string field;
    std::function<void(Member&)> change;
  };
  for (const Case& fault : std::vector<Case>{
           {"name", [](Member& m) { m.name = "with space"; }},
           {"name", [](Member& m) { m.name = ""; }},
           {"name", [](Member& m) { m.name = std::string(201, 'x'); }},
           {"title", [](Member& m) { m.title = ""; }},
           {"title", [](Member& m) { m.title = "two\nlines"; }},
           {"title", [](Member& m) { m.title = " space before"; }},
           {"title", [](Member& m) { m.title = std::string(201, 'x'); }},
           {"title", [](Member& m) { m.title = "\xff"; }},
           {"addresses", [](Member& m) { m.addresses = {"stadt.example"}; }},
           {"addresses", [](Member& m) { m.addresses = {"ftp://stadt.example"}; }},
           {"addresses", [](Member& m) { m.addresses = {"https://"}; }},
           {"addresses", [](Member& m) { m.addresses = {"https:///path"}; }},
           {"addresses", [](Member& m) { m.addresses = {"https://stadt.example/"}; }},
           {"addresses", [](Member& m) { m.addresses = {"https://user@stadt.example"}; }},
           {"addresses", [](Member& m) { m.addresses = {"https://stadt.example/?x"}; }},
           {"addresses", [](Member& m) { m.addresses = {"https://stadt.example/\r\nX: y"}; }},
           {"addresses", [](Member& m) { m.addresses = {"https://a.example", "https://a.example"}; }},
           {"addresses", [](Member& m) { m.addresses = {"https://" + std::string(293, 'x')}; }},
           {"addresses",
            [](Member& m) {
              for (int i = 0; i < 8; ++i) m.addresses.push_back("https://" + std::to_string(i) + ".example");
            }},
           {"key", [](Member& m) { m.key = ""; }},
           {"key", [](Member& m) { m.key.back() = 'x'; }},
           {"key", [](Member& m) { m.key = key_of("other.example/network/log"); }},
           {"key", [](Member& m) { m.key = key_of(log_name, tlog::KeyType::cosignature); }},
           {"witness_key", [](Member& m) { m.witness_key = key_of(log_name); }},
           {"witness_key", [](Member& m) { m.witness_key = "x"; }},
           {"mandate.agencies", [](Member& m) { m.mandate.agencies = {}; }},
           {"mandate.agencies", [](Member& m) { m.mandate.agencies = {"a b"}; }},
           {"mandate.agencies", [](Member& m) { m.mandate.agencies = {"a", "a"}; }},
           {"mandate.agencies", [](Member& m) { m.mandate.agencies = {std::string(65, 'x')}; }},
           {"mandate.kinds", [](Member& m) { m.mandate.kinds = {"Service"}; }},
           {"mandate.areas", [](Member& m) { m.mandate.areas = {}; }},
           {"mandate.areas", [](Member& m) { m.mandate.areas = {"0"}; }},
           {"mandate.areas", [](Member& m) { m.mandate.areas = {"00"}; }},
           {"mandate.areas", [](Member& m) { m.mandate.areas = {"0100"}; }},
           {"mandate.areas", [](Member& m) { m.mandate.areas = {"01000"}; }},
           {"mandate.areas", [](Member& m) { m.mandate.areas = {"010600063000"}; }},
           {"mandate.areas", [](Member& m) { m.mandate.areas = {"0106000630631"}; }},
           {"mandate.areas", [](Member& m) { m.mandate.areas = {"DE"}; }},
           {"mandate.levels", [](Member& m) { m.mandate.levels = {}; }},
           {"mandate.levels", [](Member& m) { m.mandate.levels = {"town"}; }},
           {"valid_from", [](Member& m) { m.valid_from = "2026-02-30"; }},
           {"valid_from", [](Member& m) { m.valid_from = "2026-1-1"; }},
           {"valid_until", [](Member& m) { m.valid_until = "morgen"; }},
           {"valid_until", [](Member& m) { m.valid_until = m.valid_from; }},
           {"suspended", [](Member& m) { m.suspended = std::string(501, 'x'); }},
           {"suspended", [](Member& m) { m.suspended = "a\x7f"; }}}) {
    Member member = town();
    fault.change(member);
    const auto checked = member.check();
    ASSERT_FALSE(checked) << fault.field << " " << member.title;
    EXPECT_EQ(checked.error().where, fault.field);
    EXPECT_EQ(checked.error().code, ErrorCode::invalid);
    if (!is_utf8(member.title)) continue;   // there is no such text
    EXPECT_EQ(Member::parse(member.to_body()).error().where, fault.field);
  }
}

TEST(Member, IsNeverLargerThan64KiB) {   // clause 8.2
  Member large = town();
  large.mandate.areas.clear();
  for (int i = 1; i <= 1000; ++i) {
    std::string digits = std::to_string(i);
    large.mandate.areas.push_back("01060" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits);
  }
  std::ranges::sort(large.mandate.areas);
  EXPECT_TRUE(Member::parse(large.to_body()));
  EXPECT_EQ(Member::parse(std::string(member_limit + 1, ' ')).error().code, ErrorCode::too_large);
  large.mandate.areas.push_back("02");
  EXPECT_EQ(large.check().error().where, "mandate.areas");
}

TEST(Member, RefusesEveryOtherForm) {   // clause 8.2
  const std::string good = town().to_body();
  ASSERT_TRUE(Member::parse(good));
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[]"), std::string("null"), good + " ", good + good,
        with(good, "{\"add", "{ \"add"), with(good, "{\"addresses\"", "{\"aaa\":1,\"addresses\""),
        with(good, "{\"agencies\"", "{\"aaa\":[],\"agencies\""),
        with(good, "\"L100002\",\"beispiel\"", "\"beispiel\",\"L100002\""),
        with(good, "\"kinds\":[\"service\",\"unit\"]", "\"kinds\":[]"), with(good, "\"Stadt", "\"\\u0053tadt"),
        with(good, "\"title\":\"Stadt Beispiel\"", "\"title\":7"), with(good, "\"title\":\"Stadt Beispiel\",", ""),
        with(good, "[\"01002\",", "[1002,"), with(good, "\"suspended\":\"key was lost\"", "\"suspended\":\"\""),
        with(good, "\"mandate\":{", "\"mandate\":[{"), with(good, "\"name\"", "\"nam\xff\"")}) {
    EXPECT_FALSE(Member::parse(text)) << text;
  }
}

TEST(Member, IsRefusedWhateverForeignBytesSay) {   // clause 8.2
  const std::filesystem::path folder = VERBUND_SOURCE_DIR "/src/network/membership/testdata";
  int good = 0;
  int hostile = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const auto bytes = file::read(file.path().string(), 1u << 20);
    ASSERT_TRUE(bytes) << file.path();
    const bool expected = file.path().filename().string().starts_with("good-");
    const bool policy = file.path().filename().string().find("policy") != std::string::npos;
    const bool read = policy ? Policy::parse(*bytes).has_value() : Member::parse(*bytes).has_value();
    EXPECT_EQ(read, expected) << file.path();
    ++(expected ? good : hostile);
  }
  EXPECT_EQ(good, 3);
  EXPECT_EQ(hostile, 9);
}

TEST(Member, IsActiveFromItsFirstDayToTheDayBeforeItsEnd) {   // clause 8.4
  Member member = town();
  member.suspended.clear();
  for (const auto& [day, active] : {std::pair{"2025-12-31", false}, {"2026-01-01", true}, {"2026-12-31", true},
                                    {"2027-01-01", false}}) {
    EXPECT_EQ(member.active(day), active) << day;
  }
  member.valid_from.clear();
  EXPECT_TRUE(member.active("1999-01-01"));
  member.valid_until.clear();
  EXPECT_TRUE(member.active("2999-01-01"));
  member.suspended = "reason";
  EXPECT_FALSE(member.active("2026-06-01"));
}

TEST(Member, CountsItsDaysInBerlin) {   // clause 8.2
  EXPECT_EQ(day_in_berlin(parse_time("2026-11-27T22:59:59Z").value()), "2026-11-27");
  EXPECT_EQ(day_in_berlin(parse_time("2026-11-27T23:00:00Z").value()), "2026-11-28");
  EXPECT_EQ(day_in_berlin(parse_time("2026-06-30T22:00:00Z").value()), "2026-07-01");
}

TEST(Policy, HasOneFormForEachMeaning) {   // clause 8.5
  const Policy policy{"Verbund Beispiel", 2};
  EXPECT_EQ(policy.to_body(), R"({"quorum":2,"title":"Verbund Beispiel"})");
  EXPECT_EQ(Policy::parse(policy.to_body()).value(), policy);
  for (const char* text : {"", "{}", R"({"quorum":-1,"title":"x"})", R"({"quorum":21,"title":"x"})",
                           R"({"quorum":1.0,"title":"x"})", R"({"quorum":"1","title":"x"})", R"({"quorum":1})",
                           R"({"quorum":1,"title":""})", R"({"quorum":1,"title":"x","x":1})",
                           R"({"title":"x","quorum":1})"}) {
    EXPECT_FALSE(Policy::parse(text)) << text;
  }
}

}  // namespace
}  // namespace verbund::network
