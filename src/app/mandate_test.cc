// SPDX-License-Identifier: EUPL-1.2
// Two floors that do not know each other write regional keys the same way.
#include <gtest/gtest.h>

#include <random>

#include "directory/geography/area.h"
#include "network/membership/member.h"

namespace verbund::app {
namespace {

TEST(Mandate, TakesExactlyTheKeysThatTheDirectoryWrites) {   // docs/protocols/network.md, clause 8.2
  network::Member member;
  member.name = "stadt.example/network/log";
  member.title = "Stadt";
  member.key = tlog::SignerKey{member.name, tlog::KeyType::note, {}}.verifier().to_text();
  member.mandate = {{"stadt"}, {}, {""}, {"municipality"}};
  std::mt19937 chance(8);
  int taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string digits;
    for (auto length = chance() % 14; length > 0; --length) digits += chance() % 3 == 0 ? '1' : '0';
    const auto key = directory::AreaKey::parse(digits);
    const bool shortest = key && key->digits() == digits;
    member.mandate.areas = {digits};
    ASSERT_EQ(member.check().has_value(), shortest) << digits;
    taken += shortest;
  }
  EXPECT_GT(taken, 1000);
}

TEST(Mandate, KnowsTheLevelsOfTheDirectory) {
  using enum directory::AreaLevel;
  network::Mandate mandate{{"a"}, {}, {""}, {}};
  for (const auto level : {federation, state, region, district, association, municipality}) {
    mandate.levels.emplace_back(directory::name(level));
  }
  network::Member member;
  member.name = "stadt.example/network/log";
  member.title = "Stadt";
  member.key = tlog::SignerKey{member.name, tlog::KeyType::note, {}}.verifier().to_text();
  member.mandate = mandate;
  EXPECT_TRUE(member.check());
}

}  // namespace
}  // namespace verbund::app
