// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/few.h"

#include <algorithm>
#include <bit>

#include "kits/search/rows.h"

namespace verbund::search {
namespace {

constexpr std::size_t most_few = 1'500;   // documents: beyond, all blocks at once cost less

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
    memory_.seen.assign((task_.documents + 63) / 64, 0);
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
      load(document / 64);
      const bool inside = layers_ == 0 || (any_ >> (document % 64) & 1) != 0;
      place(inside ? inside_ : outside_, document, memory_.text[document]);
    }
  }

  // The bits of 64 documents.
  void load(std::size_t word) {
    any_ = 0;
    for (std::size_t i = 0; i < layers_; ++i) any_ |= layer_bits_[i] = word_of(filter_.layers[i].documents, word);
    bonus_bits_ = bonus_ > 0 ? word_of(filter_.bonus_documents, word) : 0;
  }
  std::uint64_t side_bits(const Side& side) const { return layers_ == 0 ? ~std::uint64_t{0} : side.outside ? ~any_ : any_; }

  // As rows.h place() and add_bonus() do it. Requires: load.
  void place(Side& side, std::uint32_t document, std::uint32_t text) {
    if (text + side.bonus >= side.least && text > 0) place_hit(side, document, text);   // nor will the least fall
  }
  void place_hit(Side& side, std::uint32_t document, std::uint32_t text) {
    std::uint32_t score = text;
    if (!side.outside) {
      const unsigned bit = document % 64;
      for (std::size_t i = 0; i < layers_; ++i) {
        if ((layer_bits_[i] >> bit & 1) == 0) continue;
        score = text - (text * filter_.layers[i].cut >> 16);
        if (score > 0) break;
      }
      if (score > 0 && (bonus_bits_ >> bit & 1) != 0) score = std::min(most_score, score + bonus_);
      if (score < side.least) return;
    }
    if (score > side.best) {
      side.best = score;
      side.least = std::max<std::uint32_t>(1, score * task_.query.far >> 8);
    }
    side.found.push_back(found_as(score, document));
  }

  // Looks at those of `bits` that were not seen. False: too many by now.
  template <typename Bits>
  bool look_at(Side& side, const Bits& bits) {
    switch (words_) {
      case 1: return look_at_with<1>(side, bits);
      case 2: return look_at_with<2>(side, bits);
      case 3: return look_at_with<3>(side, bits);
      default: return look_at_with<0>(side, bits);
    }
  }
  // `known`: the number of words, or 0 for any; most queries have few, and their loops are worth unrolling.
  template <std::size_t known, typename Bits>
  bool look_at_with(Side& side, const Bits& bits) {
    constexpr std::size_t room = known == 0 ? most_query_words : known;
    const std::size_t words = known == 0 ? words_ : known;
    std::array<const std::uint8_t*, room> data;
    std::array<std::uint32_t, room> rarity;
    std::copy_n(data_.begin(), words, data.begin());
    std::copy_n(rarity_.begin(), words, rarity.begin());
    std::vector<std::uint64_t>& seen = memory_.seen;
    for (std::size_t word = 0; word < seen.size(); ++word) {
      std::uint64_t left = bits(word) & ~seen[word];
      if (left == 0) continue;
      load(word);
      left &= side_bits(side);
      seen[word] |= left;
      for (; left != 0; left &= left - 1) {
        const std::size_t document = word * 64 + static_cast<std::size_t>(std::countr_zero(left));
        Most here;
        for (std::size_t i = 0; i < words; ++i) here.add(data[i][document], rarity[i]);
        ++looked_at_;
        place(side, static_cast<std::uint32_t>(document), here.text());
      }
      if (looked_at_ > most_few) return false;
    }
    return true;
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
      const Row& row = *rows_[next];
      const bool fine = row.whole
                            ? look_at(side, [&](std::size_t word) { return rows::reaches(data_[next] + word * 64, 1); })
                            : look_at(side, [&](std::size_t word) { return row.touched[word]; });
      if (!fine) return false;
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
    return count == 0 || look_at(side, [&](std::size_t word) {
      const Row& rarest = *rows_[sieves[0].word];
      std::uint64_t bits = rarest.whole ? ~std::uint64_t{0} : rarest.touched[word];
      for (std::size_t i = 0; i < count && bits != 0; ++i) {
        bits &= rows::reaches(data_[sieves[i].word] + word * 64, sieves[i].least);
      }
      return bits;
    });
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
  std::array<std::uint64_t, most_bits_layers> layer_bits_{};
  std::uint64_t any_ = 0, bonus_bits_ = 0;
  std::size_t looked_at_ = 0;
  Side inside_{false, memory_.found, bonus_}, outside_{true, memory_.outside, 0};
};

}  // namespace

bool search_few(const Task& task, Answer& answer) { return Few(task).run(answer); }

}  // namespace verbund::search
