// SPDX-License-Identifier: EUPL-1.2
#include "app/following_rules.h"

#include <gtest/gtest.h>

#include <set>

namespace verbund::app {
namespace {

using network::Member;
using network::Membership;
constexpr const char* today = "2026-11-27";

Member member(const std::string& name, const std::string& agency, std::vector<std::string> areas,
              std::vector<std::string> levels) {
  Member out;
  out.name = name;
  out.title = name;
  out.key = tlog::SignerKey{name, tlog::KeyType::note, {}}.verifier().to_text();
  out.mandate = {{agency}, {}, std::move(areas), std::move(levels)};
  return out;
}

const Member town = member("town.example", "town", {"010600063063"}, {"municipality"});
const Member state = member("state.example", "state", {"01"}, {"state", "municipality"});
const Member other = member("other.example", "other", {"09162"}, {"municipality"});
const Member federation = member("federation.example", "federation", {""}, {"federation"});

TEST(Choice, IsMadeByPlaceAgencyOrName) {
  const auto chosen = [](const char* setting) {
    std::string out;
    for (const Member* each : {&town, &state, &other, &federation}) {
      if (Choice(setting).chooses(*each)) out += each->mandate.agencies[0] + " ";
    }
    return out;
  };
  EXPECT_EQ(chosen("all"), "town state other federation ");
  EXPECT_EQ(chosen("none"), "");
  EXPECT_EQ(chosen(""), "");
  EXPECT_EQ(chosen("01"), "town state federation ") << "who is in the state, and who decides above it";
  EXPECT_EQ(chosen("010600063063"), "town state federation ");
  EXPECT_EQ(chosen("09162, state"), "state other federation ");
  EXPECT_EQ(chosen("town.example"), "town ");
}

TEST(FollowingRules, ChangeWhenAnAnswerMayChangeAndOnlyThen) {
  const auto terms = [](const Member& of, std::vector<Member> members) {
    return rules_for(std::make_shared<const Membership>(std::move(members)), of, today).terms;
  };
  const std::string before = terms(state, {state});
  EXPECT_EQ(terms(state, {state, other, federation}), before) << "they have no say within the state";
  EXPECT_NE(terms(state, {state, town}), before) << "the town decides for itself now";
  Member suspended = town;
  suspended.suspended = "why";
  EXPECT_EQ(terms(state, {state, suspended}), before);
  EXPECT_EQ(terms(town, {state, town}), terms(town, {town}));
  EXPECT_NE(terms(suspended, {suspended}), terms(town, {town}));
  Member later = town;
  later.valid_from = "2026-11-28";
  EXPECT_FALSE(rules_for(std::make_shared<const Membership>(std::vector{later}), later, today).speaks);
}

TEST(FollowingRules, AskTheMembership) {
  const auto rules = rules_for(std::make_shared<const Membership>(std::vector{state, town}), state, today);
  const network::Entry entry{"responsibility", "state", "1", 1, {}, crypto::sha256({"x"})};
  EXPECT_FALSE(rules.refusal(entry, {{"01", "state"}}));
  EXPECT_TRUE(rules.refusal(entry, {{"010600063063", "municipality"}}));
  EXPECT_FALSE(silent_rules().speaks);
}

TEST(FollowingRules, WantTheWitnessesOfOthers) {
  Member witness = other;
  witness.witness_key = tlog::SignerKey{"w", tlog::KeyType::cosignature, {}}.verifier().to_text();
  const Membership membership({town, witness});
  EXPECT_EQ(trust_for(membership, town, {"Netz", 1}, today)->witnesses.size(), 1u);
  EXPECT_EQ(trust_for(membership, witness, {"Netz", 1}, today)->witnesses.size(), 0u) << "nobody is his own witness";
  EXPECT_EQ(trust_for(membership, town, {"Netz", 0}, today)->witnesses.size(), 0u);
}

TEST(TrustInMembers, CountsTheWitnessesOfOthersThanTheOperator) {   // clause 11.11
  const auto key = tlog::SignerKey{"land.example/network/members", tlog::KeyType::note, {}}.verifier();
  const auto witness = [](const std::string& host, const char* end = "/network/log") {
    Member out = member(host + end, host, {"01"}, {"state"});
    out.witness_key = tlog::SignerKey{host + "/network/witness", tlog::KeyType::cosignature, {}}.verifier().to_text();
    return out;
  };
  const Member land = witness("land.example"), one = witness("one.example"), two = witness("two.example");
  const auto trust = [&](std::vector<Member> members, std::int64_t quorum) {
    return trust_in_members(Membership(std::move(members)), key, {"Netz", quorum}, today);
  };
  EXPECT_TRUE(is_operators(land, key.name));
  EXPECT_TRUE(is_operators(witness("land.example", ""), key.name));
  EXPECT_FALSE(is_operators(one, key.name));
  EXPECT_FALSE(is_operators(land, "land.example"));
  EXPECT_EQ(trust({}, 3).quorum, 0u);
  EXPECT_EQ(trust({land}, 3).witnesses.size(), 0u) << "an operator does not watch itself";
  EXPECT_EQ(trust({land, one}, 3).quorum, 0u) << "the only one may be away";
  EXPECT_EQ(trust({land, one, two}, 3).quorum, 1u);
  EXPECT_EQ(trust({land, one, two}, 3).witnesses.size(), 2u);
  EXPECT_EQ(trust({land, one, two, witness("three.example")}, 1).quorum, 1u);
  EXPECT_EQ(trust({land, one, two}, 0).quorum, 0u);
  Member suspended = two;
  suspended.suspended = "why";
  EXPECT_EQ(trust({land, one, suspended}, 3).witnesses.size(), 1u);
}

TEST(SafeName, IsOneForEachOrigin) {
  EXPECT_EQ(safe_name("stadt.example/network/log"), "stadt.example_2fnetwork_2flog");
  EXPECT_EQ(safe_name(".."), "_2e.");
  std::set<std::string> names;
  for (const std::string origin : {"a/b", "a_b", "a_2fb", "a", std::string(200, '/').c_str(),
                                   (std::string(199, '/') + "a").c_str()}) {
    EXPECT_LE(safe_name(origin).size(), 200u);
    names.insert(safe_name(origin));
  }
  EXPECT_EQ(names.size(), 6u);
}

}  // namespace
}  // namespace verbund::app
