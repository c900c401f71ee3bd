// SPDX-License-Identifier: EUPL-1.2
#include "directory/evaluation/metrics.h"

#include <algorithm>
#include <cmath>

namespace verbund::directory {
namespace {

double gain_at(std::size_t rank) { return 1 / std::log2(1.0 + static_cast<double>(rank)); }

}  // namespace

bool success_at(const Ranking& ranking, std::size_t depth) {
  return !ranking.ranks.empty() && ranking.ranks.front() <= depth;
}

double reciprocal_rank(const Ranking& ranking) {
  return ranking.ranks.empty() ? 0 : 1 / static_cast<double>(ranking.ranks.front());
}

double ndcg(const Ranking& ranking) {
  double gained = 0, best = 0;
  for (const std::size_t rank : ranking.ranks) gained += rank <= evaluated_depth ? gain_at(rank) : 0;
  for (std::size_t rank = 1; rank <= std::min(ranking.relevant, evaluated_depth); ++rank) best += gain_at(rank);
  return best > 0 ? gained / best : 0;
}

Measures measure(std::span<const Ranking> rankings) {
  Measures out;
  out.queries = rankings.size();
  if (rankings.empty()) return out;
  for (const Ranking& ranking : rankings) {
    out.success_at_1 += success_at(ranking, 1) ? 1 : 0;
    out.success_at_3 += success_at(ranking, 3) ? 1 : 0;
    out.success_at_5 += success_at(ranking, 5) ? 1 : 0;
    out.mrr += reciprocal_rank(ranking);
    out.ndcg_at_10 += ndcg(ranking);
  }
  const auto count = static_cast<double>(rankings.size());
  for (double* sum : {&out.success_at_1, &out.success_at_3, &out.success_at_5, &out.mrr, &out.ndcg_at_10}) {
    *sum /= count;
  }
  return out;
}

}  // namespace verbund::directory
