// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/blocks.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "kits/search/rows.h"

namespace verbund::search {
namespace {


std::uint16_t narrow(std::uint32_t value) { return static_cast<std::uint16_t>(value); }

class Blocks {
 public:
  explicit Blocks(const Task& task)
      : task_(task), query_(task.query), memory_(task.memory), blocks_((task.documents + block_size - 1) / block_size) {
    memory_.active.assign((blocks_ + 63) / 64, 0);
  }

  void run(Answer& answer) {
    combine();
    add_boosts();
    select(answer);
  }

 private:
  static bool touches(const Row& row, std::uint32_t block) {
    if (row.whole) return true;
    const std::uint64_t* const bits = row.touched.data() + std::size_t{block} * words_a_block;
    return (bits[0] | bits[1] | bits[2] | bits[3]) != 0;
  }

  void combine() {
    for (std::uint32_t block = 0; block < blocks_; ++block) {
      std::array<const std::uint8_t*, most_query_words> values;
      std::array<std::uint16_t, most_query_words> weights;
      std::size_t count = 0;
      for (std::size_t i = 0; i < task_.words; ++i) {
        if (!touches(memory_.rows[i], block)) continue;
        values[count] = memory_.rows[i].data + std::size_t{block} * block_size;
        weights[count++] = memory_.rarity[i];
      }
      if (count == 0) continue;
      set_bit(memory_.active, block);
      rows::combine(values.data(), weights.data(), count, memory_.text.data() + std::size_t{block} * block_size);
    }
  }

  void boost(std::uint32_t document, std::uint32_t add) {
    if (document >= task_.documents) return;
    const std::uint32_t block = document / block_size;
    if ((memory_.active[block / 64] >> (block % 64) & 1) == 0) {
      set_bit(memory_.active, block);
      std::memset(memory_.text.data() + std::size_t{block} * block_size, 0, block_size * sizeof(std::uint16_t));
    }
    std::uint16_t& text = memory_.text[document];
    text = narrow(std::min(most_score, text + add));
  }

  void add_boosts() {
    for (const Boost& added : memory_.exact) boost(added.document, added.add);
    for (const Boost& added : query_.boosts) boost(added.document, added.add);
    // Blocks end behind the last document, removed ones have no words: only boosts could reach them.
    if (task_.overlay == nullptr) return;
    for (const std::uint32_t document : task_.overlay->changed_documents()) {
      if (task_.overlay->place_of(document) == TextOverlay::removed) memory_.text[document] = 0;
    }
  }

  void place_inside(std::uint32_t block) {
    const std::size_t at = std::size_t{block} * block_size;
    std::uint16_t* const score = memory_.score.data() + at;
    std::array<std::uint64_t, 4> space;
    std::memset(score, 0, block_size * sizeof(std::uint16_t));
    std::uint32_t best = 0;
    if (query_.filter.layers.empty()) best = rows::place(memory_.text.data() + at, nullptr, 0, score);
    for (const Layer& layer : query_.filter.layers) {
      const std::uint64_t* const bits = bits_of(layer.documents, block, space);
      if ((bits[0] | bits[1] | bits[2] | bits[3]) == 0) continue;
      best = rows::place(memory_.text.data() + at, bits, layer.cut, score);
    }
    if (best > 0 && query_.filter.bonus > 0 && !query_.filter.bonus_documents.empty()) {
      best = rows::add_bonus(bits_of(query_.filter.bonus_documents, block, space), query_.filter.bonus, score);
    }
    memory_.block_best[block] = narrow(best);
  }

  void place_outside(std::uint32_t block) {
    const std::size_t at = std::size_t{block} * block_size;
    std::uint16_t* const score = memory_.score.data() + at;
    std::array<std::uint64_t, 4> space, others{};
    for (const Layer& layer : query_.filter.layers) {
      const std::uint64_t* const bits = bits_of(layer.documents, block, space);
      for (std::size_t i = 0; i < 4; ++i) others[i] |= bits[i];
    }
    for (std::uint64_t& word : others) word = ~word;
    std::memset(score, 0, block_size * sizeof(std::uint16_t));
    memory_.block_best[block] = narrow(rows::place(memory_.text.data() + at, others.data(), 0, score));
  }

  // Counts the hits in score and takes those from `skip` on, at most `room`.
  std::size_t take(std::size_t skip, std::size_t room, bool outside, Answer& answer) {
    std::uint32_t best = 0;
    std::vector<std::uint64_t>& found = memory_.found;
    found.clear();
    each_bit(memory_.active, [&](std::uint32_t block) {
      best = std::max<std::uint32_t>(best, memory_.block_best[block]);
      found.push_back(memory_.block_best[block]);
    });
    if (best == 0) return 0;
    const std::uint16_t least = narrow(std::max<std::uint32_t>(1, best * query_.far >> 8));
    std::size_t count = 0;
    each_bit(memory_.active, [&](std::uint32_t block) {
      if (memory_.block_best[block] < least) return;
      count += rows::count_at_least(memory_.score.data() + std::size_t{block} * block_size, least);
    });
    const std::size_t wanted = std::min(count, skip + room);
    if (wanted <= skip) return count;
    // Each block's best is a document of its own: the score of rank `wanted` cannot be lower than theirs.
    std::uint16_t bound = least;
    if (found.size() >= wanted) {
      std::nth_element(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(wanted - 1), found.end(),
                       std::greater<>());
      const auto rank = static_cast<std::uint32_t>(found[wanted - 1]);
      bound = std::max(bound, narrow(rank - rank % grain_of(query_.preference)));
    }
    found.clear();
    each_bit(memory_.active, [&](std::uint32_t block) {
      if (memory_.block_best[block] < bound) return;
      const std::size_t begin = std::size_t{block} * block_size;
      std::array<std::uint64_t, words_a_block> bits;
      bits.fill(~std::uint64_t{0});
      rows::keep_reaching(memory_.score.data() + begin, bound, bits.data());
      for (std::size_t word = 0; word < bits.size(); ++word) {
        for (std::uint64_t left = bits[word]; left != 0; left &= left - 1) {
          const auto document = static_cast<std::uint32_t>(begin + word * 64) +
                                static_cast<std::uint32_t>(std::countr_zero(left));
          found.push_back(found_as(memory_.score[document], document));
        }
      }
    });
    take_best(found, skip, wanted, bound, outside, query_.preference, answer);
    return count;
  }

  void select(Answer& answer) {
    answer.matches.clear();
    each_bit(memory_.active, [&](std::uint32_t block) { place_inside(block); });
    answer.inside = answer.total = take(query_.offset, query_.limit, false, answer);
    // Enough inside: nothing of outside.
    if (query_.filter.layers.empty() || !query_.filter.outside || answer.inside >= query_.limit) return;
    each_bit(memory_.active, [&](std::uint32_t block) { place_outside(block); });
    const std::size_t skip = query_.offset > answer.inside ? query_.offset - answer.inside : 0;
    answer.total += take(skip, query_.limit - answer.matches.size(), true, answer);
  }

  const Task& task_;
  const Query& query_;
  Scratch::Memory& memory_;
  const std::uint32_t blocks_;
};

}  // namespace

const std::uint64_t* bits_of(DocumentBits bits, std::uint32_t block, std::array<std::uint64_t, 4>& space) {
  const std::size_t at = std::size_t{block} * 4;
  if (at + 4 <= bits.size()) return bits.data() + at;
  for (std::size_t i = 0; i < 4; ++i) space[i] = at + i < bits.size() ? bits[at + i] : 0;
  return space.data();
}

void search_blocks(const Task& task, Answer& answer) { Blocks(task).run(answer); }

}  // namespace verbund::search
