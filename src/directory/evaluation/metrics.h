// SPDX-License-Identifier: EUPL-1.2
// How good a ranking is, as numbers from 0 to 1. Pure functions; relevance is yes or no.
// Source: Manning, Raghavan, Schütze, Introduction to Information Retrieval, chapter 8; MRR as in TREC-8 (Voorhees).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace verbund::directory {

inline constexpr std::size_t evaluated_depth = 10;   // ranks looked at by every measure

// What one query gave: where the relevant ones stand in its answer.
struct Ranking {
  std::vector<std::size_t> ranks;   // of relevant hits, from 1 to evaluated_depth, ascending, distinct
  std::size_t relevant = 0;         // how many there are at all; at least ranks.size()
};

// True if a relevant one stands among the first `depth`.
bool success_at(const Ranking& ranking, std::size_t depth);
// 1 / rank of the first relevant one, 0 if there is none.
double reciprocal_rank(const Ranking& ranking);
// Gain 1 for a relevant one, discounted by log2(1 + rank), divided by what the best order would gain. 0 if none is
// relevant.
double ndcg(const Ranking& ranking);

struct Measures {
  std::size_t queries = 0;
  double success_at_1 = 0, success_at_3 = 0, success_at_5 = 0;
  double mrr = 0, ndcg_at_10 = 0;
};

// Means over the queries; all 0 if there is none.
Measures measure(std::span<const Ranking> rankings);

}  // namespace verbund::directory
