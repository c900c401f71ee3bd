// SPDX-License-Identifier: EUPL-1.2
// A fixed number of seeds; thousands by hand: build/simulation --seeds 5000 --from 1.
#include <gtest/gtest.h>

#include "kits/store/testing/engine.h"
#include "simulation/run_seed.h"

namespace verbund::simulation {
namespace {

void expect_holds(std::uint64_t seed, const Size& size, Report& sum) {
  const Report report = run_seed(seed, size);
  for (const std::string& what : report.failures) ADD_FAILURE() << "seed " << seed << ": " << what;
  sum.crashes += report.crashes;
  sum.lost += report.lost;
  sum.refused_by_witnesses += report.refused_by_witnesses;
  sum.forks += report.forks;
  sum.lists += report.lists;
  sum.list_forks += report.list_forks;
}

TEST(Simulation, EveryFollowerEndsWithWhatEveryPublisherSays) {   // clauses 13.1, 13.2, 13.3, 13.4
  Report sum;
  // On a server each store is a schema, made anew: fewer.
  for (std::uint64_t seed = 1, last = store::testing::on_server() ? 10 : 20; seed <= last; ++seed) expect_holds(seed, {}, sum);
  // It was not calm.
  EXPECT_GT(sum.crashes, 0);
  EXPECT_GT(sum.lost, 0);
  EXPECT_GT(sum.refused_by_witnesses, 0);
  EXPECT_GT(sum.forks, 0);
  EXPECT_GT(sum.lists, 0);
  EXPECT_GT(sum.list_forks, 0);
}

TEST(Simulation, HoldsForFiftyNodes) {
  if (store::testing::on_server()) GTEST_SKIP() << "skipped: on SQLite";
  Report sum;
  expect_holds(1, {.nodes = 50, .steps = 300}, sum);
}

TEST(Simulation, GivesTheSameForTheSameSeed) {
  const Report one = run_seed(7, {}), other = run_seed(7, {});
  EXPECT_EQ(one.crashes, other.crashes);
  EXPECT_EQ(one.lost, other.lost);
  EXPECT_EQ(one.entries, other.entries);
}

}  // namespace
}  // namespace verbund::simulation
