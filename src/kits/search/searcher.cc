// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/searcher.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "kits/search/blocks.h"
#include "kits/search/few.h"
#include "kits/search/prepare.h"
#include "kits/search/row_filler.h"
#include "kits/search/scratch.h"

namespace verbund::search {
namespace {

class Search {
 public:
  Search(const TextIndex& index, const TextOverlay* overlay, const Query& query, Scratch::Memory& memory)
      : task_{index, overlay != nullptr && overlay->changed() > 0 ? overlay : nullptr, query, memory, index.documents(),
              std::min(query.words.size(), most_query_words)},
        index_(index), overlay_(task_.overlay), query_(query), memory_(memory), reader_(index, overlay_) {
    if (overlay_ != nullptr) task_.documents = overlay_->documents();
    for (std::size_t i = 0; i < task_.words; ++i) {
      memory_.words[i] = query.words[i];
      memory_.words[i].text = cut_utf8(query.words[i].text, longest_word);
      memory_.words[i].also = cut_utf8(query.words[i].also, longest_word);
    }
    const std::size_t blocks = (task_.documents + block_size - 1) / block_size;
    if (memory_.block_best.size() < blocks) {
      memory_.text.resize(blocks * block_size);
      memory_.score.resize(blocks * block_size);
      memory_.block_best.resize(blocks);
    }
  }

  void read() {
    reader_.read({memory_.words.data(), task_.words}, {memory_.readings.data(), task_.words});
  }
  void relax() {
    for (std::size_t i = 0; i < task_.words; ++i) reader_.relax(memory_.words[i], memory_.readings[i]);
  }

  void run(Answer& answer) {
    score_words();
    find_exact();
    if (!search_few(task_, answer)) search_blocks(task_, answer);
  }

  // Leaves the rows as it found them.
  void clear() {
    const RowFiller filler(task_);
    for (std::size_t i = 0; i < task_.words; ++i) filler.wipe(memory_.rows[i]);
  }

  void tell_words(Answer& answer) const {
    answer.words.clear();
    for (std::size_t i = 0; i < task_.words; ++i) answer.words.push_back(memory_.readings[i].taken);
  }

  Explanation why(std::uint32_t document) const;

 private:
  void score_words() {
    RowFiller filler(task_);
    std::array<float, most_query_words> weight{};
    float sum = 0;
    for (std::size_t i = 0; i < task_.words; ++i) {
      Reading& reading = memory_.readings[i];
      Row& row = memory_.rows[i];
      filler.fill(row, reading);
      // A compound that leads nowhere: perhaps letters are wrong, perhaps one part of it helps.
      for (const bool pieces : {false, true}) {
        const std::size_t before = reading.count;
        if (row.sum.most >= (pieces ? 1U : weak_value) || !reader_.look_again(memory_.words[i], pieces, reading)) continue;
        filler.add(row, reading, before);
      }
      // Documents that hold the word in passing count for little when its rarity is judged.
      const float common = row.sum.most > 0 ? static_cast<float>(row.sum.sum) / static_cast<float>(row.sum.most) : 1;
      weight[i] = static_cast<float>(memory_.words[i].weight) *
                  std::log(1.5F + static_cast<float>(task_.documents) / common);
      sum += weight[i];
    }
    for (std::size_t i = 0; i < task_.words; ++i) {
      memory_.rarity[i] = static_cast<std::uint16_t>(sum > 0 ? 240 * weight[i] / sum + 1 : 1);
    }
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

  // Phrases that the query is by the other readings given with its words.
  void add_other_phrases() {
    std::array<std::uint32_t, most_query_words> stems;
    bool other = false;
    for (std::size_t i = 0; i < task_.words; ++i) {
      const std::string_view also = memory_.words[i].also;
      stems[i] = also.empty() ? memory_.readings[i].stem : index_.words().stem_for(also);
      if (stems[i] == none) return;
      other = other || !also.empty();
    }
    if (other) add_phrases(stems_key({stems.data(), task_.words}));
  }

  // Phrases that the whole query is: all its words known, or corrected.
  void find_exact() {
    memory_.exact.clear();
    std::array<std::uint32_t, most_query_words> stems;
    std::array<std::uint32_t, most_query_words * Dictionary::most_parts> atoms;
    std::size_t stem_count = 0, atom_count = 0;
    bool known = task_.words > 0, split = true;
    for (std::size_t i = 0; i < task_.words; ++i) {
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
    add_other_phrases();
    if (task_.words > 0 && split) add_phrases(atoms_key({atoms.data(), atom_count}));
    std::sort(memory_.exact.begin(), memory_.exact.end(), [](const Boost& a, const Boost& b) {
      return a.document != b.document ? a.document < b.document : a.add > b.add;
    });
    memory_.exact.erase(std::unique(memory_.exact.begin(), memory_.exact.end(),
                                    [](const Boost& a, const Boost& b) { return a.document == b.document; }),
                        memory_.exact.end());
  }

  Task task_;
  const TextIndex& index_;
  const TextOverlay* const overlay_;
  const Query& query_;
  Scratch::Memory& memory_;
  const Reader reader_;
};

Explanation Search::why(std::uint32_t document) const {
  Explanation out;
  if (document >= task_.documents) return out;
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
  for (std::size_t i = 0; i < task_.words; ++i) {
    const Reading& reading = memory_.readings[i];
    WordExplanation word;
    word.rarity = memory_.rarity[i];
    word.value = memory_.rows[i].data[document];
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
  out.score -= out.score % grain_of(query_.preference);
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
