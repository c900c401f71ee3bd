// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/reading.h"

#include <algorithm>

namespace verbund::search {
namespace {

constexpr std::uint32_t whole = 256;
constexpr std::uint32_t also_weight = 160;
constexpr std::uint32_t joined_weight = 230;       // "personal ausweis" for "personalausweis"
constexpr std::uint32_t split_weight = 192;        // all parts of a compound, apart
constexpr std::uint32_t near_weight[] = {256, 180, 115};   // by distance
constexpr std::uint32_t near_known_weight = 77;    // the word is known, but only where words weigh little
constexpr std::uint32_t near_beginning_weight = 170;
constexpr std::uint32_t piece_weight = 90, one_part_weight = 110;
constexpr std::size_t most_corrections = 6;
constexpr std::size_t most_corrected_ranges = 4;

}  // namespace

bool Reader::holds(std::uint32_t list) const {
  if (list < index_.lists() && !index_.postings(list).empty()) return true;
  return overlay_ != nullptr && overlay_->holds(list);
}

// Keeps the heavier of two alternatives with the same list. Gives whether any document has it.
bool Reader::add(Reading& out, std::uint32_t list, std::uint32_t weight, Taken how, std::uint32_t form) const {
  if (list == none) return false;
  for (std::size_t i = 0; i < out.count; ++i) {
    Alternative& known = out.alternatives[i];
    if (known.list != list) continue;
    if (known.weight < weight) known = {list, weight, how, form};
    return true;
  }
  if (out.count == Reading::most || !holds(list)) return false;
  out.alternatives[out.count++] = {list, weight, how, form};
  if (list < index_.lists()) index_.prefetch_postings(list);
  return true;
}

void Reader::add_exact(Reading& out, std::string_view word, std::uint64_t hash, std::uint32_t weight,
                       Taken how) const {
  const std::uint32_t form = words_.find_form(word, hash);
  std::uint32_t stem = none;
  const TextOverlay::Word* own = nullptr;
  if (form != none) {
    stem = words_.stem_of(form);
  } else {
    const std::string_view stem_text = words_.stem(word);
    stem = words_.find_stem(stem_text);
    if (stem == none && overlay_ != nullptr) {
      own = overlay_->find(word);
      stem = own != nullptr ? own->stem : overlay_->find_stem(stem_text);
    }
  }
  if (how == Taken::word) {
    out.stem = stem;
    out.form = form;
    out.own = own;
  }
  add(out, stem, weight, how, form);
}

void Reader::add_range(Reading& out, Dictionary::Range range, std::size_t typed, std::uint32_t weight,
                       Taken how) const {
  const std::uint32_t end = std::min(range.end, range.begin + TextIndex::most_completions);
  for (std::uint32_t form = range.begin; form < end; ++form) index_.prefetch(words_.stem_of(form));
  for (std::uint32_t form = range.begin; form < end; ++form) {
    const std::size_t size = words_.form(form).size();
    add(out, words_.stem_of(form), completion_weight(std::min(typed, size), size) * weight >> 8, how, form);
  }
}

void Reader::complete(Reading& out, std::string_view word, std::uint64_t hash) const {
  if (word.size() < TextIndex::least_prefix) return;
  const std::uint32_t list = index_.prefix_list(word, hash);
  if (list != none) {
    add(out, list, whole, Taken::completed, none);
  } else {
    add_range(out, words_.with_prefix(word, out.form, TextIndex::most_completions), word.size(), whole,
              Taken::completed);
  }
  if (overlay_ == nullptr) return;
  for (const TextOverlay::Word* own : overlay_->with_prefix(word)) {
    add(out, own->stem, completion_weight(word.size(), own->text.size()), Taken::completed, none);
  }
}

void Reader::correct(Reading& out, const QueryWord& word, bool known) const {
  std::array<Dictionary::Correction, most_corrections> found;
  const std::size_t count = words_.corrections(word.text, found);
  for (std::size_t i = 0; i < count; ++i) {
    const Dictionary::Correction& near = found[i];
    if (known && near.distance > 1) break;
    const std::uint32_t stem = words_.stem_of(near.form);
    const std::uint32_t weight = known ? near_known_weight : near_weight[near.distance];
    if (!add(out, stem, weight, Taken::corrected, near.form)) continue;
    if (known || out.taken.how != Taken::unknown) continue;
    out.taken = {Taken::corrected, words_.display(near.form)};
    out.stem = stem;
    out.form = near.form;
  }
  if (overlay_ != nullptr) {
    for (const TextOverlay::Word* own : overlay_->corrections(word.text)) {
      if (!add(out, own->stem, known ? near_known_weight : near_weight[1], Taken::corrected, none)) continue;
      if (known || out.taken.how != Taken::unknown) continue;
      out.taken = {Taken::corrected, own->shown.empty() ? own->text : own->shown};
      out.stem = own->stem;
      out.own = own;
    }
  }
  if (known || !word.prefix || out.taken.how != Taken::unknown) return;
  // Not even its beginning is known: the beginning of a word near it.
  std::array<Dictionary::Range, most_corrected_ranges> ranges;
  const std::size_t range_count = words_.prefix_corrections(word.text, ranges);
  for (std::size_t i = 0; i < range_count; ++i) {
    const Dictionary::Range& range = ranges[i];
    const std::uint32_t list = index_.prefix_list(words_.form(range.begin).substr(0, range.bytes));
    const std::size_t before = out.count;
    if (list != none) {
      add(out, list, near_beginning_weight, Taken::corrected_beginning, none);
    } else {
      add_range(out, range, range.bytes, near_beginning_weight, Taken::corrected_beginning);
    }
    if (out.count > before && out.taken.how == Taken::unknown) out.taken.how = Taken::corrected_beginning;
  }
}

// "ausser betrieb setzen" for "ausserbetriebsetzung": two or three neighbours written together have a known stem.
void Reader::join_more(std::span<const QueryWord> words, std::size_t at, Reading& out) const {
  std::array<char, longest_word> joined;
  for (std::size_t first = at >= 2 ? at - 2 : 0; first <= at; ++first) {
    std::size_t size = 0;
    for (std::size_t last = first; last < words.size() && last < first + 3; ++last) {
      const std::string_view text = words[last].text;
      if (size + text.size() > joined.size()) break;
      std::copy(text.begin(), text.end(), joined.begin() + static_cast<std::ptrdiff_t>(size));
      size += text.size();
      if (last == first || last < at) continue;
      add(out, words_.stem_for({joined.data(), size}), joined_weight, Taken::joined, none);
    }
  }
}

void Reader::read(std::span<const QueryWord> words, std::span<Reading> out) const {
  std::array<Key, most_query_words> keys;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::uint64_t raw = WordHash::raw(words[i].text);
    keys[i] = {raw, WordHash::finish(raw), {none, none}};
    words_.prefetch(keys[i].hash);
    if (words[i].prefix) index_.prefetch_prefix(keys[i].hash);
  }
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto join = [&](std::string_view link) {
      return words_.find_joined(words[i].text, keys[i].raw, link, words[i + 1].text, keys[i + 1].raw);
    };
    keys[i].joined = {join(""), join("s")};
  }
  for (std::size_t i = 0; i < words.size(); ++i) read(words, i, {keys.data(), words.size()}, out[i]);
}

void Reader::read(std::span<const QueryWord> words, std::size_t at, std::span<const Key> keys, Reading& out) const {
  out.count = out.part_count = 0;
  out.taken = {};
  const QueryWord& word = words[at];
  add_exact(out, word.text, keys[at].hash, whole, Taken::word);
  const bool known = out.count > 0;
  if (known) out.taken.how = Taken::word;
  if (!word.also.empty()) add_exact(out, word.also, WordHash::of(word.also), also_weight, Taken::also);
  const auto join = [&](const Key& left) {
    for (const std::uint32_t form : left.joined) {
      if (form != none) add(out, words_.stem_of(form), joined_weight, Taken::joined, form);
    }
  };
  if (at > 0) join(keys[at - 1]);
  join(keys[at]);
  if (!known) join_more(words, at, out);
  if (word.prefix) complete(out, word.text, keys[at].hash);

  out.part_weight = split_weight;
  const auto part = [&](std::uint32_t stem, bool leaf) {
    if (leaf) out.parts[out.part_count++] = stem;
  };
  if (out.form != none) {
    for (const std::uint32_t code : words_.coded_parts(out.form)) part(code / 2, code % 2 == 1);
  } else if (out.own != nullptr) {
    for (const std::uint32_t code : out.own->parts) {
      if (out.part_count < out.parts.size()) part(code / 2, code % 2 == 1);
    }
  } else {
    const Dictionary::Parts parts = words_.parts(word.text);
    for (const Dictionary::Part& one_part : parts.span()) part(one_part.stem, one_part.leaf);
  }
  if (!known && out.count > 0) out.taken.how = out.alternatives[0].how;
  if (out.taken.how == Taken::unknown && out.part_count > 0) out.taken.how = Taken::parts;

  bool strong = out.part_count > 0;
  for (std::size_t i = 0; i < out.count && !strong; ++i) {
    const std::uint32_t list = out.alternatives[i].list;
    strong = list >= index_.stems() || words_.strong_stem(list);
  }
  if (!strong) correct(out, word, known);
}

void Reader::relax(const QueryWord& word, Reading& out) const {
  for (std::size_t i = 0; i < out.part_count; ++i) add(out, out.parts[i], one_part_weight, Taken::piece, none);
  if (out.count > 0) return;
  const std::uint32_t stem = words_.piece_of(word.text);
  if (add(out, stem, piece_weight, Taken::piece, none)) out.taken = {Taken::piece, words_.stem_text(stem)};
}

bool Reader::look_again(const QueryWord& word, bool pieces, Reading& out) const {
  if (out.form != none || out.own != nullptr) return false;
  if (out.part_count == 0) {
    if (!pieces || out.count > 0) return false;
    const std::uint32_t stem = words_.piece_of(word.text);
    if (!add(out, stem, piece_weight, Taken::piece, none)) return false;
    out.taken = {Taken::piece, words_.stem_text(stem)};
    return true;
  }
  const std::size_t before = out.count;
  if (pieces) {
    for (std::size_t i = 0; i < out.part_count; ++i) add(out, out.parts[i], one_part_weight, Taken::piece, none);
    if (out.count > before && out.taken.how != Taken::corrected) out.taken.how = Taken::piece;
  } else if (out.count == 0) {
    const WordTaken was = out.taken;
    out.taken = {};
    correct(out, word, false);
    if (out.taken.how == Taken::unknown) out.taken = was;
  }
  return out.count > before;
}

std::string_view Reader::text_of(const Alternative& alternative) const {
  if (alternative.form != none) return words_.display(alternative.form);
  if (alternative.list < index_.stems()) return words_.stem_text(alternative.list);
  if (alternative.list < index_.lists()) return index_.prefix_text(alternative.list);
  return {};
}

}  // namespace verbund::search
