// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/few.h"

#include <algorithm>

namespace verbund::search {
namespace {

constexpr std::size_t most_few = 1'500;   // documents: beyond, all blocks at once cost less

std::uint32_t text_of(std::uint32_t total, std::uint32_t covered) {   // rows.h combine()
  const std::uint32_t c = covered >> 8;
  return total * (6554 + (c * c * 9830 >> 16)) >> 16;
}

class Few {
 public:
  explicit Few(const Task& task) : task_(task), memory_(task.memory) {
    for (std::size_t i = 0; i < task.words; ++i) order_[i] = i;
    // Insertion: few words, and std::sort is not stable.
    for (std::size_t i = 1; i < task.words; ++i) {
      for (std::size_t k = i; k > 0 && rarer(order_[k], order_[k - 1]); --k) std::swap(order_[k], order_[k - 1]);
    }
  }

  bool run(Answer& answer) {
    std::size_t looked_at = memory_.exact.size() + task_.query.boosts.size();
    if (looked_at > most_few) return false;
    if (looked_at == 0 && (task_.words == 0 || memory_.rows[order_[0]].whole)) return false;
    memory_.seen.assign((task_.documents + 63) / 64, 0);
    memory_.found.clear();
    memory_.outside.clear();
    add_boosted();
    for (std::size_t next = 0;; ++next) {
      if (enough(next)) {
        finish(answer);
        return true;
      }
      if (next == task_.words) return false;
      const Row& row = memory_.rows[order_[next]];
      looked_at += row.count;
      if (row.whole || looked_at > most_few) return false;
      add(row);
    }
  }

 private:
  bool rarer(std::size_t a, std::size_t b) const {
    const Row &first = memory_.rows[a], &second = memory_.rows[b];
    return first.whole != second.whole ? second.whole : first.count < second.count;
  }

  bool in(DocumentBits bits, std::uint32_t document) const {
    return document / 64 < bits.size() && (bits[document / 64] >> (document % 64) & 1) != 0;
  }

  std::uint16_t text(std::uint32_t document) const {
    std::uint32_t total = 0, covered = 0;
    for (std::size_t i = 0; i < task_.words; ++i) {
      const std::uint32_t value = memory_.rows[i].data[document], rarity = memory_.rarity[i];
      total += value * rarity;
      covered += std::min<std::uint32_t>(255, 2 * value) * rarity;
    }
    return static_cast<std::uint16_t>(text_of(total, covered));
  }

  void boost(const Boost& added) {
    if (added.document >= task_.documents) return;
    // Removed ones have no words: only boosts could reach them.
    if (task_.overlay != nullptr && task_.overlay->place_of(added.document) == TextOverlay::removed) return;
    std::uint16_t& now = memory_.text[added.document];
    if ((memory_.seen[added.document / 64] >> (added.document % 64) & 1) == 0) {
      set_bit(memory_.seen, added.document);
      memory_.documents.push_back(added.document);
      now = text(added.document);
    }
    now = static_cast<std::uint16_t>(std::min(most_score, now + added.add));
  }

  void add_boosted() {
    memory_.documents.clear();
    for (const Boost& added : memory_.exact) boost(added);
    for (const Boost& added : task_.query.boosts) boost(added);
    for (const std::uint32_t document : memory_.documents) place(document, memory_.text[document]);
  }

  void add(const Row& row) {
    for (std::size_t word = 0; word < memory_.seen.size(); ++word) {
      std::uint64_t left = row.touched[word] & ~memory_.seen[word];
      memory_.seen[word] |= left;
      for (; left != 0; left &= left - 1) {
        const std::uint32_t document = static_cast<std::uint32_t>(word * 64) + static_cast<std::uint32_t>(__builtin_ctzll(left));
        place(document, text(document));
      }
    }
  }

  // As rows.h place() and add_bonus() do it.
  void place(std::uint32_t document, std::uint32_t text) {
    if (text == 0) return;
    const Filter& filter = task_.query.filter;
    std::uint32_t score = filter.layers.empty() ? text : 0;
    bool outside = !filter.layers.empty();
    for (const Layer& layer : filter.layers) {
      if (!in(layer.documents, document)) continue;
      outside = false;
      score = text - (text * layer.cut >> 16);
      if (score > 0) break;
    }
    if (outside) {
      best_outside_ = std::max(best_outside_, text);
      memory_.outside.push_back(found_as(text, document));
      return;
    }
    if (score == 0) return;
    if (filter.bonus > 0 && in(filter.bonus_documents, document)) score = std::min(most_score, score + filter.bonus);
    best_ = std::max(best_, score);
    memory_.found.push_back(found_as(score, document));
  }

  std::uint32_t least(std::uint32_t best) const { return std::max<std::uint32_t>(1, best * task_.query.far >> 8); }
  static std::size_t count(const std::vector<std::uint64_t>& found, std::uint32_t least) {
    const std::uint64_t bound = std::uint64_t{least} << 32;
    return static_cast<std::size_t>(std::count_if(found.begin(), found.end(), [&](std::uint64_t entry) { return entry >= bound; }));
  }

  // No document that was not looked at can be a hit: it has nothing but the words from `next` on.
  bool enough(std::size_t next) {
    std::uint32_t total = 0, covered = 0;
    for (std::size_t i = next; i < task_.words; ++i) {
      const std::uint32_t most = memory_.rows[order_[i]].sum.most, rarity = memory_.rarity[order_[i]];
      total += most * rarity;
      covered += std::min<std::uint32_t>(255, 2 * most) * rarity;
    }
    const std::uint32_t other = text_of(total, covered);
    const Filter& filter = task_.query.filter;
    const bool bonus = filter.bonus > 0 && !filter.bonus_documents.empty();
    if (other > 0 && (best_ == 0 || other + (bonus ? filter.bonus : 0U) >= least(best_))) return false;
    inside_ = best_ == 0 ? 0 : count(memory_.found, least(best_));
    with_outside_ = !filter.layers.empty() && filter.outside && inside_ < task_.query.limit;
    return !with_outside_ || other == 0 || (best_outside_ > 0 && other < least(best_outside_));
  }

  // What `take` of blocks.cc does.
  void finish(Answer& answer) {
    const Query& query = task_.query;
    answer.matches.clear();
    answer.inside = answer.total = inside_;
    take_best(memory_.found, query.offset, std::min(inside_, query.offset + query.limit), false, answer);
    if (!with_outside_) return;
    const std::size_t outside = best_outside_ == 0 ? 0 : count(memory_.outside, least(best_outside_));
    const std::size_t skip = query.offset > inside_ ? query.offset - inside_ : 0;
    answer.total += outside;
    take_best(memory_.outside, skip, std::min(outside, skip + query.limit - answer.matches.size()), true, answer);
  }

  const Task& task_;
  Scratch::Memory& memory_;
  std::array<std::size_t, most_query_words> order_{};   // rarest first
  std::uint32_t best_ = 0, best_outside_ = 0;
  std::size_t inside_ = 0;
  bool with_outside_ = false;
};

}  // namespace

bool search_few(const Task& task, Answer& answer) { return Few(task).run(answer); }

}  // namespace verbund::search
