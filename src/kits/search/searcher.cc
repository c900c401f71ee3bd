// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/searcher.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/text.h"
#include "kits/search/prepare.h"
#include "kits/search/rows.h"
#include "kits/search/scratch.h"

namespace verbund::search {
namespace {

constexpr std::uint32_t most_score = 65'535;

class Search {
 public:
  Search(const TextIndex& index, const TextOverlay* overlay, const Query& query, Scratch::Memory& memory)
      : index_(index), overlay_(overlay != nullptr && overlay->changed() > 0 ? overlay : nullptr), query_(query),
        memory_(memory), reader_(index, overlay_),
        documents_(overlay_ != nullptr ? overlay_->documents() : index.documents()),
        blocks_((documents_ + block_size - 1) / block_size) {
    word_count_ = std::min(query.words.size(), most_query_words);
    for (std::size_t i = 0; i < word_count_; ++i) {
      memory_.words[i] = query.words[i];
      memory_.words[i].text = cut_utf8(query.words[i].text, longest_word);
      memory_.words[i].also = cut_utf8(query.words[i].also, longest_word);
    }
    const std::size_t size = std::size_t{blocks_} * block_size;
    if (memory_.text.size() < size) {
      memory_.text.resize(size);
      memory_.score.resize(size);
      memory_.block_best.resize(blocks_);
    }
    memory_.active.assign((blocks_ + 63) / 64, 0);
  }

  void read() {
    const std::span<const QueryWord> words(memory_.words.data(), word_count_);
    for (std::size_t i = 0; i < word_count_; ++i) reader_.read(words, i, memory_.readings[i]);
  }
  void relax() {
    for (std::size_t i = 0; i < word_count_; ++i) reader_.relax(memory_.words[i], memory_.readings[i]);
  }

  void run(Answer& answer) {
    score_words();
    combine();
    add_exact();
    select(answer);
  }

  // Leaves the rows as it found them.
  void clear() {
    for (std::size_t i = 0; i < word_count_; ++i) wipe(memory_.rows[i]);
    std::fill(memory_.active.begin(), memory_.active.end(), 0);
  }

  void tell_words(Answer& answer) const {
    answer.words.clear();
    for (std::size_t i = 0; i < word_count_; ++i) answer.words.push_back(memory_.readings[i].taken);
  }

  Explanation why(std::uint32_t document) const;

 private:
  Row& ready(Row& row) const {
    const std::size_t size = std::size_t{blocks_} * block_size;
    if (row.values.size() < size) row.values.resize(size, 0);
    if (row.touched.size() < memory_.active.size()) row.touched.resize(memory_.active.size(), 0);
    return row;
  }
  static void wipe(Row& row) {
    each_block(row.touched, [&](std::uint32_t block) { rows::clear(row.values.data() + std::size_t{block} * block_size); });
    std::fill(row.touched.begin(), row.touched.end(), 0);
  }
  static void put(Row& row, Posting posting, std::uint32_t weight) {
    const std::uint32_t document = document_of(posting);
    const auto value = static_cast<std::uint8_t>(impact_of(posting) * weight >> 8);
    std::uint8_t& now = row.values[document];
    if (value > now) now = value;
    row.touched[document / block_size / 64] |= std::uint64_t{1} << (document / block_size % 64);
  }

  void add_base(Row& row, std::uint32_t list, std::uint32_t weight) const {
    if (list >= index_.lists()) return;
    if (const std::uint8_t* const dense = index_.dense(list)) {
      for (std::size_t at = 0; at < index_.stride(); at += block_size) {
        rows::take_largest(row.values.data() + at, dense + at, weight);
        row.touched[at / block_size / 64] |= std::uint64_t{1} << (at / block_size % 64);
      }
      return;
    }
    for (const Posting posting : index_.postings(list)) put(row, posting, weight);
  }
  void drop_changed(Row& row) const {
    if (overlay_ == nullptr) return;
    for (const std::uint32_t document : overlay_->changed_documents()) row.values[document] = 0;
  }
  void add_changed(Row& row, std::uint32_t list, std::uint32_t weight) const {
    if (overlay_ == nullptr) return;
    for (std::size_t i = 0; i < overlay_->segments(); ++i) {
      for (const Posting posting : overlay_->segment(i).of(list)) {
        if (overlay_->place_of(document_of(posting)) == i) put(row, posting, weight);
      }
    }
  }

  // All parts of a compound in one document, wherever they stand.
  void add_parts(Row& row, const Reading& reading) const {
    Row& joint = ready(memory_.joint);
    Row& part = ready(memory_.part);
    for (std::size_t i = 0; i < reading.part_count; ++i) {
      Row& into = i == 0 ? joint : part;
      add_base(into, reading.parts[i], 256);
      drop_changed(into);
      add_changed(into, reading.parts[i], 256);
      if (i == 0) continue;
      each_block(joint.touched, [&](std::uint32_t block) {
        const std::size_t at = std::size_t{block} * block_size;
        rows::take_smallest(joint.values.data() + at, part.values.data() + at);
      });
      wipe(part);
    }
    each_block(joint.touched, [&](std::uint32_t block) {
      const std::size_t at = std::size_t{block} * block_size;
      rows::take_largest(row.values.data() + at, joint.values.data() + at, reading.part_weight);
      row.touched[block / 64] |= std::uint64_t{1} << (block % 64);
    });
    wipe(joint);
  }

  void score_words() {
    std::array<float, most_query_words> weight{};
    float sum = 0;
    for (std::size_t i = 0; i < word_count_; ++i) {
      Reading& reading = memory_.readings[i];
      Row& row = ready(memory_.rows[i]);
      for (const Alternative& one : reading.span()) add_base(row, one.list, one.weight);
      drop_changed(row);
      for (const Alternative& one : reading.span()) add_changed(row, one.list, one.weight);
      if (reading.part_count >= 2) add_parts(row, reading);
      std::uint64_t values = 0;
      std::uint32_t most = 0;
      const auto weigh = [&] {
        values = most = 0;
        each_block(row.touched, [&](std::uint32_t block) {
          const rows::Sum here = rows::sum(row.values.data() + std::size_t{block} * block_size);
          values += here.sum;
          most = std::max(most, here.most);
        });
      };
      weigh();
      // A compound that leads nowhere: perhaps letters are wrong, perhaps one part of it helps.
      for (const bool pieces : {false, true}) {
        const std::size_t before = reading.count;
        if (most >= (pieces ? 1U : weak_value) || !reader_.look_again(memory_.words[i], pieces, reading)) continue;
        for (std::size_t a = before; a < reading.count; ++a) {
          add_base(row, reading.alternatives[a].list, reading.alternatives[a].weight);
        }
        drop_changed(row);
        for (const Alternative& one : reading.span()) add_changed(row, one.list, one.weight);
        weigh();
      }
      // Documents that hold the word in passing count for little when its rarity is judged.
      const float common = most > 0 ? static_cast<float>(values) / static_cast<float>(most) : 1;
      weight[i] = static_cast<float>(memory_.words[i].weight) *
                  std::log(1.5F + static_cast<float>(documents_) / common);
      sum += weight[i];
    }
    for (std::size_t i = 0; i < word_count_; ++i) {
      memory_.rarity[i] = static_cast<std::uint16_t>(sum > 0 ? 240 * weight[i] / sum + 1 : 1);
    }
  }

  void combine() {
    for (std::size_t i = 0; i < word_count_; ++i) {
      for (std::size_t w = 0; w < memory_.active.size(); ++w) memory_.active[w] |= memory_.rows[i].touched[w];
    }
    each_block(memory_.active, [&](std::uint32_t block) {
      std::array<const std::uint8_t*, most_query_words> values;
      std::array<std::uint16_t, most_query_words> weights;
      std::size_t count = 0;
      for (std::size_t i = 0; i < word_count_; ++i) {
        if ((memory_.rows[i].touched[block / 64] >> (block % 64) & 1) == 0) continue;
        values[count] = memory_.rows[i].values.data() + std::size_t{block} * block_size;
        weights[count++] = memory_.rarity[i];
      }
      rows::combine(values.data(), weights.data(), count, memory_.text.data() + std::size_t{block} * block_size);
    });
  }

  void boost(std::uint32_t document, std::uint32_t add) {
    if (document >= documents_) return;
    const std::uint32_t block = document / block_size;
    std::uint64_t& word = memory_.active[block / 64];
    if ((word >> (block % 64) & 1) == 0) {
      word |= std::uint64_t{1} << (block % 64);
      std::memset(memory_.text.data() + std::size_t{block} * block_size, 0, block_size * sizeof(std::uint16_t));
    }
    std::uint16_t& text = memory_.text[document];
    text = static_cast<std::uint16_t>(std::min(most_score, text + add));
  }

  void add_phrases(std::uint64_t key) {
    if (key == 0) return;
    for (const TextIndex::Phrase& phrase : index_.phrases(key)) {
      if (overlay_ != nullptr && overlay_->place_of(phrase.document) != TextOverlay::in_base) continue;
      memory_.exact.push_back({phrase.document, phrase.boost});
    }
    if (overlay_ == nullptr) return;
    for (std::size_t i = 0; i < overlay_->segments(); ++i) {
      const TextOverlay::Segment& segment = overlay_->segment(i);
      const auto low = std::lower_bound(segment.phrases.begin(), segment.phrases.end(), key,
                                        [](const PreparedPhrase& p, std::uint64_t k) { return p.key < k; });
      for (auto at = low; at != segment.phrases.end() && at->key == key; ++at) {
        const std::uint32_t document = segment.phrase_documents[static_cast<std::size_t>(at - segment.phrases.begin())];
        if (overlay_->place_of(document) == i) memory_.exact.push_back({document, at->boost});
      }
    }
  }

  // Phrases that the whole query is: all its words known, or corrected.
  void add_exact() {
    memory_.exact.clear();
    std::array<std::uint32_t, most_query_words> stems;
    std::array<std::uint32_t, most_query_words * Dictionary::most_parts> atoms;
    std::size_t stem_count = 0, atom_count = 0;
    bool known = word_count_ > 0, split = true;
    for (std::size_t i = 0; i < word_count_; ++i) {
      const Reading& reading = memory_.readings[i];
      if (reading.stem == none) {
        known = false;
        split = split && reading.part_count > 0;
      } else {
        stems[stem_count++] = reading.stem;
      }
      const bool own_parts = reading.part_count > 0 && reading.taken.how != Taken::corrected;
      if (own_parts) {
        for (std::size_t p = 0; p < reading.part_count; ++p) atoms[atom_count++] = reading.parts[p];
      } else if (reading.stem != none) {
        bool any = false;
        if (reading.form != none) {
          for (const std::uint32_t code : index_.words().coded_parts(reading.form)) {
            if (code % 2 == 0 || atom_count == atoms.size()) continue;
            atoms[atom_count++] = code / 2;
            any = true;
          }
        }
        if (!any) atoms[atom_count++] = reading.stem;
      }
    }
    if (known) add_phrases(stems_key({stems.data(), stem_count}));
    if (word_count_ > 0 && split) add_phrases(atoms_key({atoms.data(), atom_count}));
    std::sort(memory_.exact.begin(), memory_.exact.end(), [](const Boost& a, const Boost& b) {
      return a.document != b.document ? a.document < b.document : a.add > b.add;
    });
    memory_.exact.erase(std::unique(memory_.exact.begin(), memory_.exact.end(),
                                    [](const Boost& a, const Boost& b) { return a.document == b.document; }),
                        memory_.exact.end());
    for (const Boost& one_boost : memory_.exact) boost(one_boost.document, one_boost.add);
    for (const Boost& one_boost : query_.boosts) boost(one_boost.document, one_boost.add);
    // Blocks end behind the last document, removed ones have no words: only boosts could reach them.
    if (overlay_ == nullptr) return;
    for (const std::uint32_t document : overlay_->changed_documents()) {
      if (overlay_->place_of(document) == TextOverlay::removed) memory_.text[document] = 0;
    }
  }

  // Four words of bits for a block; beyond the end of the bits there are none.
  static const std::uint64_t* bits_of(DocumentBits bits, std::uint32_t block, std::array<std::uint64_t, 4>& space) {
    const std::size_t at = std::size_t{block} * 4;
    if (at + 4 <= bits.size()) return bits.data() + at;
    for (std::size_t i = 0; i < 4; ++i) space[i] = at + i < bits.size() ? bits[at + i] : 0;
    return space.data();
  }
  static std::uint16_t narrow(std::uint32_t value) { return static_cast<std::uint16_t>(value); }

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
    each_block(memory_.active, [&](std::uint32_t block) {
      best = std::max<std::uint32_t>(best, memory_.block_best[block]);
      found.push_back(memory_.block_best[block]);
    });
    if (best == 0) return 0;
    const std::uint16_t least = narrow(std::max<std::uint32_t>(1, best * query_.far >> 8));
    std::size_t count = 0;
    each_block(memory_.active, [&](std::uint32_t block) {
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
      bound = std::max(bound, narrow(static_cast<std::uint32_t>(found[wanted - 1])));
    }
    found.clear();
    std::array<std::uint8_t, block_size> at;
    each_block(memory_.active, [&](std::uint32_t block) {
      if (memory_.block_best[block] < bound) return;
      const std::size_t begin = std::size_t{block} * block_size;
      const std::uint32_t here = rows::at_least(memory_.score.data() + begin, bound, at.data());
      for (std::uint32_t i = 0; i < here; ++i) {
        const auto document = static_cast<std::uint32_t>(begin + at[i]);
        found.push_back(std::uint64_t{memory_.score[document]} << 32 | (most_documents - document));
      }
    });
    const auto end = found.begin() + static_cast<std::ptrdiff_t>(wanted);
    if (found.size() > wanted) std::nth_element(found.begin(), end - 1, found.end(), std::greater<>());
    std::sort(found.begin(), end, std::greater<>());
    for (std::size_t i = skip; i < wanted; ++i) {
      const auto document = most_documents - static_cast<std::uint32_t>(found[i]);
      answer.matches.push_back({document, static_cast<std::uint32_t>(found[i] >> 32), outside});
    }
    return count;
  }

  void select(Answer& answer) {
    answer.matches.clear();
    each_block(memory_.active, [&](std::uint32_t block) { place_inside(block); });
    answer.inside = answer.total = take(query_.offset, query_.limit, false, answer);
    // Enough inside: nothing of outside.
    if (query_.filter.layers.empty() || !query_.filter.outside || answer.inside >= query_.limit) return;
    each_block(memory_.active, [&](std::uint32_t block) { place_outside(block); });
    const std::size_t skip = query_.offset > answer.inside ? query_.offset - answer.inside : 0;
    answer.total += take(skip, query_.limit - answer.matches.size(), true, answer);
  }

  const TextIndex& index_;
  const TextOverlay* const overlay_;
  const Query& query_;
  Scratch::Memory& memory_;
  const Reader reader_;
  const std::uint32_t documents_, blocks_;
  std::size_t word_count_ = 0;
};

Explanation Search::why(std::uint32_t document) const {
  Explanation out;
  if (document >= documents_) return out;
  const auto impact = [&](std::uint32_t list) -> std::uint32_t {
    std::span<const Posting> postings;
    if (overlay_ != nullptr && overlay_->place_of(document) != TextOverlay::in_base) {
      if (overlay_->place_of(document) == TextOverlay::removed) return 0;
      postings = overlay_->segment(overlay_->place_of(document)).of(list);
    } else if (list < index_.lists()) {
      postings = index_.postings(list);
    }
    const auto at = std::lower_bound(postings.begin(), postings.end(), document << 8);
    return at != postings.end() && document_of(*at) == document ? impact_of(*at) : 0;
  };
  const std::uint32_t block = document / block_size;
  for (std::size_t i = 0; i < word_count_; ++i) {
    const Reading& reading = memory_.readings[i];
    WordExplanation word;
    word.rarity = memory_.rarity[i];
    word.value = memory_.rows[i].values[document];
    for (const Alternative& one_way : reading.span()) {
      const std::uint32_t here = impact(one_way.list);
      if (word.value == 0 || here * one_way.weight >> 8 != word.value || word.how != Taken::unknown) continue;
      word.how = one_way.how;
      word.as = reader_.text_of(one_way);
      word.impact = here;
      if (one_way.list < index_.stems()) word.field = index_.strongest_field(one_way.list, document);
    }
    if (word.value > 0 && word.how == Taken::unknown) {
      word.how = Taken::parts;
      word.impact = 255;
      for (std::size_t p = 0; p < reading.part_count; ++p) {
        word.as += (p > 0 ? " + " : "") + std::string(index_.words().stem_text(reading.parts[p]));
        word.impact = std::min(word.impact, impact(reading.parts[p]));
        word.field = index_.strongest_field(reading.parts[p], document);
      }
    }
    out.total += word.rarity * word.value;
    out.covered += word.rarity * std::min<std::uint32_t>(255, 2 * word.value);
    out.words.push_back(std::move(word));
  }
  const std::uint32_t c = out.covered >> 8;
  out.text = out.total * (6554 + (c * c * 9830 >> 16)) >> 16;
  for (const Boost& one_boost : memory_.exact) out.exact = one_boost.document == document ? one_boost.add : out.exact;
  for (const Boost& one_boost : query_.boosts) out.boost = one_boost.document == document ? one_boost.add : out.boost;
  const std::uint32_t whole = std::min(most_score, out.text + out.exact + out.boost);
  std::array<std::uint64_t, 4> space;
  const auto in = [&](DocumentBits bits) {
    return (bits_of(bits, block, space)[document % block_size / 64] >> (document % 64) & 1) != 0;
  };
  bool inside = query_.filter.layers.empty();
  for (const Layer& layer : query_.filter.layers) {
    if (inside || !in(layer.documents)) continue;
    inside = true;
    out.cut = whole * layer.cut >> 16;
  }
  if (inside && whole > out.cut && in(query_.filter.bonus_documents)) out.bonus = query_.filter.bonus;
  out.score = std::min(most_score, whole - out.cut + out.bonus);
  return out;
}

}  // namespace

Scratch::Scratch() : memory_(std::make_unique<Memory>()) {}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;

std::vector<Explanation> explain(const TextIndex& index, const TextOverlay* overlay, const Query& query,
                                 std::span<const std::uint32_t> documents, Scratch& scratch, Answer& answer) {
  answer.relaxed = false;
  if (index.documents() == 0 && overlay == nullptr) {
    answer.matches.clear();
    answer.inside = answer.total = 0;
    answer.words.assign(std::min(query.words.size(), most_query_words), WordTaken{});
    return std::vector<Explanation>(documents.size());
  }
  Search search(index, overlay, query, scratch.memory());
  search.read();
  search.run(answer);
  if (answer.total == 0 && query.relax) {
    search.clear();
    search.relax();
    search.run(answer);
    answer.relaxed = answer.total > 0;
  }
  search.tell_words(answer);
  std::vector<Explanation> out;
  for (const std::uint32_t document : documents) out.push_back(search.why(document));
  search.clear();
  return out;
}

void search(const TextIndex& index, const TextOverlay* overlay, const Query& query, Scratch& scratch, Answer& answer) {
  explain(index, overlay, query, {}, scratch, answer);
}

}  // namespace verbund::search
