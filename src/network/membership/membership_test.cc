// SPDX-License-Identifier: EUPL-1.2
// The clauses of docs/protocols/network.md are named where they are checked.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "network/membership/member.h"

namespace verbund::network {
namespace {

constexpr const char* today = "2026-11-27";

Member member_of(const std::string& name, const std::string& agency, std::vector<std::string> areas,
                 std::vector<std::string> levels) {
  Member out;
  out.name = name;
  out.title = name;
  out.mandate = {{agency}, {}, std::move(areas), std::move(levels)};
  return out;
}

// The federation, a state, a district of it and a town in that district.
std::vector<Member> four() {
  return {member_of("bund", "B100019", {""}, {"federation"}),
          member_of("land", "L100001", {"01"}, {"state", "district", "association", "municipality"}),
          member_of("kreis", "K01060", {"01060"}, {"district"}),
          member_of("stadt", "S1", {"010600063063"}, {"municipality"})};
}

TEST(Membership, LetsEachMemberSayWhatIsInItsMandateAndTheNarrowestDecide) {   // clauses 8.6, 8.7, 8.8
  struct Case {
    const char* sentence;
    const char* who;
    const char* kind;
    const char* agency;
    std::vector<Claim> claims;
    const char* refusal;   // "": may say it
  };
  const Membership membership(four());
  for (const Case& one : std::vector<Case>{
           {"the federation speaks for Germany", "bund", "service", "B100019", {{"", "federation"}}, ""},
           {"without claims the agency is enough", "bund", "service", "B100019", {}, ""},
           {"nobody gives ids of another agency", "bund", "service", "L100001", {{"", "federation"}},
            "agency L100001 is not in the mandate"},
           {"a state says nothing for Germany", "land", "service", "L100001", {{"", "state"}},
            "Germany is not in the mandate"},
           {"a state says nothing for another state", "land", "service", "L100001", {{"02", "state"}},
            "area 02 is not in the mandate"},
           {"a state speaks for itself", "land", "service", "L100001", {{"01", "state"}}, ""},
           {"the federation decides nothing for a town", "bund", "responsibility", "B100019",
            {{"010600063063", "municipality"}}, "level municipality is not in the mandate"},
           {"a town decides for itself", "stadt", "responsibility", "S1", {{"010600063063", "municipality"}}, ""},
           {"a town changes no text of the state", "stadt", "service", "S1", {{"01", "state"}},
            "area 01 is not in the mandate"},
           {"a state decides nothing for a town that speaks for itself", "land", "responsibility", "L100001",
            {{"010600063063", "municipality"}}, "stadt decides for area 010600063063"},
           {"a state decides for the towns that do not", "land", "responsibility", "L100001",
            {{"010600063064", "municipality"}}, ""},
           {"nor for a district that does", "land", "responsibility", "L100001", {{"01060", "district"}},
            "kreis decides for area 01060"},
           {"a district has no say over its towns", "kreis", "responsibility", "K01060",
            {{"010600063063", "municipality"}}, "level municipality is not in the mandate"},
           {"one claim outside is enough", "land", "responsibility", "L100001",
            {{"01", "state"}, {"010600063063", "municipality"}}, "stadt decides for area 010600063063"}}) {
    const auto refusal = membership.refusal(*membership.find(one.who), one.kind, one.agency, one.claims, today);
    EXPECT_EQ(refusal.value_or(""), one.refusal) << one.sentence;
  }
}

TEST(Membership, LooksAtTheKindOfTheMandateOnBothSides) {   // clauses 8.6 and 8.8
  auto members = four();
  members[3].mandate.kinds = {"service"};
  const Membership membership(members);
  const std::vector<Claim> claims{{"010600063063", "municipality"}};
  EXPECT_EQ(membership.refusal(*membership.find("stadt"), "unit", "S1", claims, today),
            "kind unit is not in the mandate");
  EXPECT_FALSE(membership.refusal(*membership.find("land"), "unit", "L100001", claims, today));
  EXPECT_TRUE(membership.refusal(*membership.find("land"), "service", "L100001", claims, today));
}

TEST(Membership, GivesAPlaceBackToTheWiderMandateWhereTheNarrowerIsNotActive) {   // clauses 8.4 and 8.8
  const std::vector<Claim> claims{{"010600063063", "municipality"}};
  const auto land_may = [&](const std::function<void(Member&)>& change) {
    auto members = four();
    change(members[3]);
    const Membership membership(members);
    return !membership.refusal(*membership.find("land"), "service", "L100001", claims, today);
  };
  EXPECT_FALSE(land_may([](Member&) {}));
  EXPECT_TRUE(land_may([](Member& town) { town.suspended = "key lost"; }));
  EXPECT_TRUE(land_may([](Member& town) { town.valid_until = today; }));
  EXPECT_TRUE(land_may([](Member& town) { town.valid_from = "2026-11-28"; }));
  EXPECT_FALSE(land_may([](Member& town) { town.valid_from = today; }));
}

TEST(Membership, RefusesWhoIsNotActive) {   // clause 8.6
  auto members = four();
  members[3].suspended = "key lost";
  EXPECT_EQ(Membership(members).refusal(members[3], "service", "S1", {}, today), "the member is suspended");
  members[3].suspended.clear();
  members[3].valid_until = today;
  EXPECT_EQ(Membership(members).refusal(members[3], "service", "S1", {}, today),
            "the member is not within its validity");
}

TEST(Membership, LetsTwoWithTheSameKeyBothSpeak) {   // clause 8.8
  auto members = four();
  members.push_back(member_of("werke", "W1", {"010600063063"}, {"municipality"}));
  const Membership membership(members);
  for (const auto& [who, agency] : {std::pair{"stadt", "S1"}, {"werke", "W1"}}) {
    const std::vector<Claim> claims{{"010600063063", "municipality"}};
    EXPECT_FALSE(membership.refusal(*membership.find(who), "service", agency, claims, today));
  }
}

TEST(Membership, FindsItsMembersByNameTheLastOfEach) {
  auto members = four();
  members.push_back(member_of("bund", "NEW", {""}, {"federation"}));
  const Membership membership(members);
  ASSERT_EQ(membership.members().size(), 4u);
  EXPECT_EQ(membership.find("bund")->mandate.agencies.front(), "NEW");
  EXPECT_EQ(membership.find("niemand"), nullptr);
  EXPECT_EQ(Membership().find("bund"), nullptr);
}

// The rules as clauses 8.6 to 8.8 say them, one after the other over all members.
bool obvious(const std::vector<Member>& all, const Member& member, const std::string& kind, const std::string& agency,
             const std::vector<Claim>& claims) {
  const auto holds = [](const std::vector<std::string>& set, const std::string& value) {
    return std::ranges::find(set, value) != set.end();
  };
  const auto kind_in = [&](const Member& m) { return m.mandate.kinds.empty() || holds(m.mandate.kinds, kind); };
  if (!member.active(today) || !holds(member.mandate.agencies, agency) || !kind_in(member)) return false;
  const auto longest = [](const Member& m, const std::string& area) {
    int out = -1;
    for (const auto& key : m.mandate.areas) {
      if (area.substr(0, key.size()) == key) out = std::max(out, static_cast<int>(key.size()));
    }
    return out;
  };
  return std::ranges::all_of(claims, [&](const Claim& claim) {
    const int own = longest(member, claim.area);
    if (own < 0 || !holds(member.mandate.levels, claim.level)) return false;
    return std::ranges::none_of(all, [&](const Member& other) {
      return other.active(today) && kind_in(other) && holds(other.mandate.levels, claim.level) &&
             longest(other, claim.area) > own;
    });
  });
}

TEST(Membership, AgreesWithTheRulesAsTheyAreWritten) {   // clauses 8.6 to 8.8
  const std::vector<std::string> areas = {"", "01", "02", "010", "0106", "01060", "010600063", "010600063063", "02000",
                                          "010600063064", "020000000001"};
  const std::vector<std::string> levels = {"federation", "state", "district", "municipality"};
  const std::vector<std::string> kinds = {"service", "unit", "responsibility"};
  std::mt19937 chance(20'261'127);
  const auto below = [&](std::size_t count) { return chance() % count; };
  const auto some = [&](const std::vector<std::string>& from, std::size_t most) {
    std::vector<std::string> out;
    for (std::size_t i = 1 + below(most); i > 0; --i) out.push_back(from[below(from.size())]);
    return out;
  };
  int allowed = 0;
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<Member> members;
    for (std::size_t i = 0, count = 1 + below(8); i < count; ++i) {
      Member one = member_of("m" + std::to_string(i), "a" + std::to_string(i), some(areas, 3), some(levels, 4));
      if (below(3) == 0) one.mandate.kinds = some(kinds, 2);
      if (below(6) == 0) one.suspended = "reason";
      if (below(6) == 0) one.valid_until = below(2) == 0 ? today : "2026-11-28";
      members.push_back(std::move(one));
    }
    const Membership membership(members);
    for (int question = 0; question < 20; ++question) {
      const Member& who = members[below(members.size())];
      std::vector<Claim> claims;
      for (std::size_t i = below(3); i > 0; --i) {
        claims.push_back({areas[below(areas.size())], levels[below(levels.size())]});
      }
      const std::string kind = kinds[below(kinds.size())];
      const std::string agency = below(10) == 0 ? "other" : who.mandate.agencies.front();
      const bool may = !membership.refusal(who, kind, agency, claims, today);
      ASSERT_EQ(may, obvious(members, who, kind, agency, claims)) << "round " << round << ", question " << question;
      ++(may ? allowed : refused);
    }
  }
  EXPECT_GT(allowed, 5000);
  EXPECT_GT(refused, 5000);
}

}  // namespace
}  // namespace verbund::network
