// SPDX-License-Identifier: EUPL-1.2
// The order of hits.
#include <algorithm>
#include <array>
#include <functional>

#include "kits/search/scratch.h"

namespace verbund::search {
namespace {

std::uint32_t score_in(std::uint64_t found) { return static_cast<std::uint32_t>(found >> 32); }

// Rounded score, importance, the rest of the score and the lower document as one number, larger first.
class Order {
 public:
  explicit Order(const Preference& preference) : preference_(preference), grain_(grain_of(preference)) {}

  std::uint64_t key(std::uint64_t found) const {
    const std::uint32_t document = most_documents - static_cast<std::uint32_t>(found), score = score_in(found);
    const std::uint64_t importance =
        preference_.importance == nullptr ? 0 : preference_.importance(preference_.context, document);
    return std::uint64_t{score / grain_} << 40 | importance << 32 | std::uint64_t{score % grain_} << 24 |
           (most_documents - 1 - document);
  }
  static std::uint32_t document(std::uint64_t key) {
    return most_documents - 1 - static_cast<std::uint32_t>(key & (most_documents - 1));
  }
  std::uint32_t rounded(std::uint64_t key) const { return static_cast<std::uint32_t>(key >> 40) * grain_; }

  bool operator()(std::uint64_t a, std::uint64_t b) const {
    if ((a ^ b) >> 24 != 0 || preference_.before == nullptr) return a > b;
    const std::uint32_t first = document(a), second = document(b);
    if (first == second || std::max(first, second) < preference_.ordered) return first < second;
    return preference_.before(preference_.context, first, second);
  }

 private:
  const Preference& preference_;
  const std::uint32_t grain_;
};

// The `wanted`-th largest; `found` may be in another order afterwards.
std::uint64_t last_of_best(std::vector<std::uint64_t>& found, std::size_t wanted) {
  constexpr std::size_t few = 16;
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(wanted);
  if (wanted >= found.size()) return *std::min_element(found.begin(), end);
  if (wanted > few) {
    std::nth_element(found.begin(), end - 1, found.end(), std::greater<>());
    return *(end - 1);
  }
  // The best so far, in order: nearly all others are behind the last of them.
  std::array<std::uint64_t, few> best{};
  for (const std::uint64_t each : found) {
    if (each <= best[wanted - 1]) continue;
    std::size_t at = wanted - 1;
    for (; at > 0 && best[at - 1] < each; --at) best[at] = best[at - 1];
    best[at] = each;
  }
  return best[wanted - 1];
}

}  // namespace

std::uint32_t grain_of(const Preference& preference) { return std::clamp<std::uint32_t>(preference.grain, 1, 256); }

void take_best(std::vector<std::uint64_t>& found, std::size_t skip, std::size_t wanted, std::uint32_t least,
               bool outside, const Preference& preference, Answer& answer) {
  if (wanted <= skip) return;
  const auto at = [&](std::size_t rank) { return found.begin() + static_cast<std::ptrdiff_t>(rank); };
  // Of what may be in front of the last one by importance nothing is lost: all with its rounded score.
  const std::uint32_t last = score_in(last_of_best(found, wanted));
  const std::uint64_t bound = std::uint64_t{std::max(least, last - last % grain_of(preference))} << 32;
  std::erase_if(found, [&](std::uint64_t each) { return each < bound; });
  const Order order(preference);
  for (std::uint64_t& each : found) each = order.key(each);
  if (found.size() > wanted) std::nth_element(found.begin(), at(wanted - 1), found.end(), order);
  std::sort(found.begin(), at(wanted), order);
  for (std::size_t i = skip; i < wanted; ++i) {
    answer.matches.push_back({Order::document(found[i]), order.rounded(found[i]), outside});
  }
}

}  // namespace verbund::search
