// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/few.h"

#include <algorithm>
#include <bit>

#include "kits/search/rows.h"

namespace verbund::search {
namespace {

constexpr std::size_t most_few = 1'500;   // hits: beyond, counting them in all blocks costs less than keeping them
constexpr int many_in_block = 8;          // candidates: the whole block at once costs less

std::uint32_t text_of(std::uint32_t total, std::uint32_t covered) {   // rows.h combine()
  const std::uint32_t c = covered >> 8;
  return total * (6554 + (c * c * 9830 >> 16)) >> 16;
}

// What words may give together.
struct Most {
  std::uint32_t total = 0, covered = 0;
  void add(std::uint32_t value, std::uint32_t rarity) {
    total += value * rarity;
    covered += std::min<std::uint32_t>(255, 2 * value) * rarity;
  }
  std::uint32_t text() const { return text_of(total, covered); }
};

class Few {
 public:
  explicit Few(const Task& task)
      : task_(task), memory_(task.memory), filter_(task.query.filter), layers_(filter_.layers.size()),
        words_(task.words), bonus_(filter_.bonus_documents.empty() ? 0 : filter_.bonus) {
    for (std::size_t i = 0; i < task.words; ++i) rows_[i] = &memory_.rows[i];
    // Rarest first; by insertion, as words are few.
    for (std::size_t i = 0; i < task.words; ++i) {
      rarity_[i] = memory_.rarity[i];
      for (std::size_t k = i; k > 0 && rarer(*rows_[k], *rows_[k - 1]); --k) {
        std::swap(rows_[k], rows_[k - 1]);
        std::swap(rarity_[k], rarity_[k - 1]);
      }
    }
    for (std::size_t i = 0; i < task.words; ++i) data_[i] = rows_[i]->data;
  }

  bool run(Answer& answer) {
    if (layers_ > most_bits_layers || memory_.exact.size() + task_.query.boosts.size() > most_few) return false;
    memory_.seen.assign((task_.documents + block_size - 1) / block_size * words_a_block, 0);
    unite_layers();
    memory_.found.clear();
    memory_.outside.clear();
    add_boosted();
    if (!look(inside_)) return false;
    const std::size_t inside = count(inside_);
    const bool with_outside = layers_ > 0 && filter_.outside && inside < task_.query.limit;
    if (with_outside && !look(outside_)) return false;
    finish(inside, with_outside, answer);
    return true;
  }

 private:
  // Documents in one of the layers, or in none.
  struct Side {
    bool outside;
    std::vector<std::uint64_t>& found;
    std::uint32_t bonus;
    std::uint32_t best = 0, least = 1;    // found so far; what a hit has to have
  };

  static bool rarer(const Row& a, const Row& b) { return a.whole != b.whole ? b.whole : a.count < b.count; }
  static std::uint64_t word_of(DocumentBits bits, std::size_t word) { return word < bits.size() ? bits[word] : 0; }

  std::uint32_t text(std::uint32_t document) const {
    Most here;
    for (std::size_t i = 0; i < words_; ++i) here.add(data_[i][document], rarity_[i]);
    return here.text();
  }

  void boost(const Boost& added) {
    if (added.document >= task_.documents) return;
    // Removed ones have no words: only boosts could reach them.
    if (task_.overlay != nullptr && task_.overlay->place_of(added.document) == TextOverlay::removed) return;
    std::uint16_t& now = memory_.text[added.document];
    if ((memory_.seen[added.document / 64] >> (added.document % 64) & 1) == 0) {
      set_bit(memory_.seen, added.document);
      memory_.documents.push_back(added.document);
      now = static_cast<std::uint16_t>(text(added.document));
    }
    now = static_cast<std::uint16_t>(std::min(most_score, now + added.add));
  }

  void add_boosted() {
    memory_.documents.clear();
    for (const Boost& added : memory_.exact) boost(added);
    for (const Boost& added : task_.query.boosts) boost(added);
    for (const std::uint32_t document : memory_.documents) {
      const bool inside = bit(memory_.inside, document);
      place(inside ? inside_ : outside_, document, memory_.text[document]);
    }
  }

  static bool bit(DocumentBits bits, std::uint32_t document) {
    return (word_of(bits, document / 64) >> (document % 64) & 1) != 0;
  }

  // A bit for each document of any layer.
  void unite_layers() {
    std::vector<std::uint64_t>& inside = memory_.inside;
    inside.assign(memory_.seen.size(), layers_ == 0 ? ~std::uint64_t{0} : 0);
    for (const Layer& layer : filter_.layers) {
      const std::size_t words = std::min(layer.documents.size(), inside.size());
      for (std::size_t i = 0; i < words; ++i) inside[i] |= layer.documents[i];
    }
  }

  // As rows.h place() and add_bonus() do it.
  void place(Side& side, std::uint32_t document, std::uint32_t text) {
    if (text + side.bonus >= side.least && text > 0) place_hit(side, document, text);   // nor will the least fall
  }
  void place_hit(Side& side, std::uint32_t document, std::uint32_t text) {
    std::uint32_t score = text;
    if (!side.outside) {
      for (const Layer& layer : filter_.layers) {
        if (!bit(layer.documents, document)) continue;
        score = text - (text * layer.cut >> 16);
        if (score > 0) break;
      }
      if (score > 0 && bonus_ > 0 && bit(filter_.bonus_documents, document)) {
        score = std::min(most_score, score + bonus_);
      }
      if (score < side.least) return;
    }
    if (score > side.best) {
      side.best = score;
      side.least = std::max<std::uint32_t>(1, score * task_.query.far >> 8);
    }
    side.found.push_back(found_as(score, document));
  }

  // Documents of that side that were not seen: all, or those that the row touches; in memory_.candidates.
  void propose(const Side& side, const Row& row) {
    std::vector<std::uint64_t>& out = memory_.candidates;
    out.resize(memory_.seen.size());
    const std::uint64_t other = side.outside ? ~std::uint64_t{0} : 0, whole = row.whole ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = (row.touched[i] | whole) & (memory_.inside[i] ^ other) & ~memory_.seen[i];
    }
  }
  void keep_reaching(std::size_t word, std::uint8_t least) {
    rows::keep_reaching(data_[word], least, memory_.candidates.size(), memory_.candidates.data());
  }

  // Looks at the candidates, block by block. False: too many hits by now.
  bool look_at_candidates(Side& side) {
    switch (words_) {
      case 1: return look_at_candidates_with<1>(side);
      case 2: return look_at_candidates_with<2>(side);
      case 3: return look_at_candidates_with<3>(side);
      default: return look_at_candidates_with<0>(side);
    }
  }
  // `known`: the number of words, or 0 for any; most queries have few, and their loops are worth unrolling.
  template <std::size_t known>
  bool look_at_candidates_with(Side& side) {
    constexpr std::size_t room = known == 0 ? most_query_words : known;
    const std::size_t words = known == 0 ? words_ : known;
    std::array<const std::uint8_t*, room> data;
    std::array<std::uint32_t, room> rarity;
    std::copy_n(data_.begin(), words, data.begin());
    std::copy_n(rarity_.begin(), words, rarity.begin());
    for (std::size_t block = 0; block < memory_.candidates.size(); block += words_a_block) {
      std::uint64_t* const bits = memory_.candidates.data() + block;
      if ((bits[0] | bits[1] | bits[2] | bits[3]) == 0) continue;
      for (std::size_t i = 0; i < words_a_block; ++i) memory_.seen[block + i] |= bits[i];
      if (many(bits)) {
        look_at_block(side, block, bits);
      } else {
        each(block, bits, [&](std::uint32_t document) {
          Most most;
          for (std::size_t i = 0; i < words; ++i) most.add(data[i][document], rarity[i]);
          place(side, document, most.text());
        });
      }
      if (side.found.size() > most_few) return false;
    }
    return true;
  }
  // All documents of the block at once, then those of the bits that may be hits.
  void look_at_block(Side& side, std::size_t block, std::uint64_t* bits) {
    const std::size_t first = block * 64;
    std::array<const std::uint8_t*, most_query_words> values;
    std::array<std::uint16_t, most_query_words> weights;
    for (std::size_t i = 0; i < words_; ++i) {
      values[i] = data_[i] + first;
      weights[i] = static_cast<std::uint16_t>(rarity_[i]);
    }
    std::uint16_t* const texts = memory_.text.data() + first;
    const std::uint32_t needed = side.least > side.bonus ? side.least - side.bonus : 1;
    if (rows::combine(values.data(), weights.data(), words_, texts) < needed) return;
    rows::keep_reaching(texts, static_cast<std::uint16_t>(needed), bits);
    each(block, bits, [&](std::uint32_t document) { place(side, document, memory_.text[document]); });
  }
  // More than `many_in_block`. std::popcount would be a call: not every processor has the instruction.
  static bool many(const std::uint64_t* bits) {
    int count = 0;
    for (std::size_t i = 0; i < words_a_block; ++i) {
      for (std::uint64_t left = bits[i]; left != 0; left &= left - 1) {
        if (++count > many_in_block) return true;
      }
    }
    return false;
  }
  template <typename Each>
  static void each(std::size_t block, const std::uint64_t* bits, const Each& each_document) {
    for (std::size_t i = 0; i < words_a_block; ++i) {
      for (std::uint64_t left = bits[i]; left != 0; left &= left - 1) {
        each_document(static_cast<std::uint32_t>((block + i) * 64 + static_cast<unsigned>(std::countr_zero(left))));
      }
    }
  }

  // Until no other document can be a hit: it has nothing but the words from `next` on.
  bool look(Side& side) {
    for (std::size_t next = 0; next < words_; ++next) {
      Most other;
      for (std::size_t i = next; i < words_; ++i) other.add(rows_[i]->sum.most, rarity_[i]);
      if (other.text() + side.bonus < side.least || other.text() == 0) return true;
      std::size_t sieves = 0;
      if (!sift(side, next, other, sieves)) return false;
      if (sieves > 0) return true;
      propose(side, *rows_[next]);
      if (rows_[next]->whole) keep_reaching(next, 1);
      if (!look_at_candidates(side)) return false;
    }
    return true;
  }

  // Only those are looked at where each word has what a hit needs of it if all others give their most. `count`: how many
  // words have to be there; none: nothing was looked at.
  bool sift(Side& side, std::size_t next, const Most& all, std::size_t& count) {
    const std::uint32_t needed = side.least > side.bonus ? side.least - side.bonus : 1;
    struct Sieve {
      std::size_t word;
      std::uint8_t least;
    };
    std::array<Sieve, most_query_words> sieves;
    for (std::size_t i = next; i < words_; ++i) {
      const std::uint32_t most = rows_[i]->sum.most, rarity = rarity_[i];
      Most others = all;
      others.total -= most * rarity;
      others.covered -= std::min<std::uint32_t>(255, 2 * most) * rarity;
      std::uint32_t low = 0, high = most;   // the least value that is enough lies in (low, high], or is 0
      const auto enough = [&](std::uint32_t value) {
        Most with = others;
        with.add(value, rarity);
        return with.text() >= needed;
      };
      if (enough(0)) continue;
      while (high - low > 1) (enough((low + high) / 2) ? high : low) = (low + high) / 2;
      sieves[count++] = {i, static_cast<std::uint8_t>(high)};
    }
    if (count == 0) return true;
    propose(side, *rows_[sieves[0].word]);
    for (std::size_t i = 0; i < count; ++i) keep_reaching(sieves[i].word, sieves[i].least);
    return look_at_candidates(side);
  }

  std::size_t count(const Side& side) const {
    const std::uint64_t bound = std::uint64_t{side.least} << 32;
    return static_cast<std::size_t>(
        std::count_if(side.found.begin(), side.found.end(), [&](std::uint64_t entry) { return entry >= bound; }));
  }

  // What `take` of blocks.cc does.
  void finish(std::size_t inside, bool with_outside, Answer& answer) {
    const Query& query = task_.query;
    answer.matches.clear();
    answer.inside = answer.total = inside;
    take_best(memory_.found, query.offset, std::min(inside, query.offset + query.limit), inside_.least, false,
              query.preference, answer);
    if (!with_outside) return;
    const std::size_t outside = count(outside_), skip = query.offset > inside ? query.offset - inside : 0;
    answer.total += outside;
    take_best(memory_.outside, skip, std::min(outside, skip + query.limit - answer.matches.size()), outside_.least,
              true, query.preference, answer);
  }

  const Task& task_;
  Scratch::Memory& memory_;
  const Filter& filter_;
  const std::size_t layers_, words_;
  const std::uint32_t bonus_;
  std::array<const Row*, most_query_words> rows_{};            // of the words, rarest first
  std::array<const std::uint8_t*, most_query_words> data_{};
  std::array<std::uint32_t, most_query_words> rarity_{};
  Side inside_{false, memory_.found, bonus_}, outside_{true, memory_.outside, 0};
};

}  // namespace

bool search_few(const Task& task, Answer& answer) { return Few(task).run(answer); }

}  // namespace verbund::search
