// SPDX-License-Identifier: EUPL-1.2
#include "directory/evaluation/metrics.h"

#include <gtest/gtest.h>

namespace verbund::directory {
namespace {

TEST(Metrics, OneQueryGivesWhatIsComputedByHand) {
  struct Case {
    const char* what;
    Ranking ranking;
    bool first, among_three, among_five;
    double reciprocal, ndcg;
  };
  // Discounts: rank 1 gives 1, rank 2 0.63093, rank 3 0.5, rank 4 0.43068, rank 7 1/3, rank 10 0.28906.
  const Case cases[] = {
      {"the only relevant one first", {{1}, 1}, true, true, true, 1, 1},
      {"the only relevant one second", {{2}, 1}, false, true, true, 0.5, 0.63093},
      {"the only relevant one third", {{3}, 1}, false, true, true, 0.33333, 0.5},
      {"the only relevant one fourth", {{4}, 1}, false, false, true, 0.25, 0.43068},
      {"the only relevant one seventh", {{7}, 1}, false, false, false, 0.14286, 0.33333},
      {"nothing relevant found", {{}, 1}, false, false, false, 0, 0},
      {"nothing relevant at all", {{}, 0}, false, false, false, 0, 0},
      {"two of two on top", {{1, 2}, 2}, true, true, true, 1, 1},
      {"two of two, one in between", {{1, 3}, 2}, true, true, true, 1, 1.5 / 1.63093},
      {"one of two", {{2}, 2}, false, true, true, 0.5, 0.63093 / 1.63093},
      {"three of three, late", {{4, 7, 10}, 3}, false, false, true, 0.25, (0.43068 + 0.33333 + 0.28906) / 2.13093},
      {"more relevant ones than ranks", {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 25}, true, true, true, 1, 1},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(success_at(one.ranking, 1), one.first) << one.what;
    EXPECT_EQ(success_at(one.ranking, 3), one.among_three) << one.what;
    EXPECT_EQ(success_at(one.ranking, 5), one.among_five) << one.what;
    EXPECT_NEAR(reciprocal_rank(one.ranking), one.reciprocal, 1e-4) << one.what;
    EXPECT_NEAR(ndcg(one.ranking), one.ndcg, 1e-4) << one.what;
  }
}

TEST(Metrics, MeasuresAreMeansOverTheQueries) {
  const Ranking rankings[] = {{{1}, 1}, {{2}, 1}, {{4}, 1}, {{}, 1}};
  const Measures all = measure(rankings);
  EXPECT_EQ(all.queries, 4U);
  EXPECT_DOUBLE_EQ(all.success_at_1, 0.25);
  EXPECT_DOUBLE_EQ(all.success_at_3, 0.5);
  EXPECT_DOUBLE_EQ(all.success_at_5, 0.75);
  EXPECT_DOUBLE_EQ(all.mrr, (1 + 0.5 + 0.25) / 4);
  EXPECT_NEAR(all.ndcg_at_10, (1 + 0.63093 + 0.43068) / 4, 1e-5);
}

TEST(Metrics, NoQueryGivesZeros) {
  const Measures none = measure({});
  EXPECT_EQ(none.queries, 0U);
  EXPECT_EQ(none.mrr, 0);
  EXPECT_EQ(none.ndcg_at_10, 0);
}

}  // namespace
}  // namespace verbund::directory
