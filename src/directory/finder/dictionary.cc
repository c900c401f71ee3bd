// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/dictionary.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "kits/text/text.h"

namespace verbund::directory::finder {
namespace {

constexpr std::size_t least_part = 4;          // letters; shorter ones split nonsense ("an" + "meldung")
constexpr std::size_t least_compound = 8;
constexpr std::size_t longest_compound = 48;
constexpr int most_depth = 3;
constexpr std::size_t least_correctable = 4;
constexpr std::size_t least_correctable_twice = 8;
constexpr std::size_t longest_correctable = 32;

// Letters that German puts between the parts of a compound, most usual first.
constexpr std::array<std::string_view, 7> links{"", "s", "n", "en", "es", "er", "e"};

bool is_abbreviation(std::string_view text) {   // kfz, pkw, lkw: the only short parts that are safe
  return text.size() == 3 && text.find_first_of("aeiouy0123456789") == std::string_view::npos;
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Calls each("word with one letter left out"), by code point.
template <typename Each>
void without_one(std::string_view word, const Each& each) {
  std::string shorter;
  for (std::size_t i = 0; i < word.size();) {
    std::size_t next = i + 1;
    while (next < word.size() && continues(word[next])) ++next;
    shorter.assign(word.substr(0, i));
    shorter += word.substr(next);
    each(std::string_view(shorter));
    i = next;
  }
}

std::uint32_t hash32(std::string_view text) { return static_cast<std::uint32_t>(hash_text(text)); }

}  // namespace

Dictionary::Dictionary(std::vector<Form> forms, Stemmer stemmer, std::vector<std::string> not_parts)
    : stemmer_(std::move(stemmer)), not_parts_(std::move(not_parts)) {
  std::sort(not_parts_.begin(), not_parts_.end());
  std::sort(forms.begin(), forms.end(), [](const Form& a, const Form& b) { return a.text < b.text; });
  std::unordered_map<std::string, std::uint32_t> stem_ids;
  for (const Form& form : forms) {
    std::string stem = stemmer_(form.text);
    if (stem.empty()) stem = form.text;
    const auto [at, added] = stem_ids.emplace(stem, static_cast<std::uint32_t>(stems_.size()));
    const StringPool::Ref text = pool_.add(form.text);
    if (added) {
      stems_.push_back(stem == form.text ? text : pool_.add(stem));
      stem_strong_.push_back(0);
    }
    forms_.push_back(text);
    display_.push_back(form.display == form.text ? 0 : pool_.add(form.display));
    form_stem_.push_back(at->second);
    form_strong_.push_back(form.strong ? 1 : 0);
    if (form.strong) stem_strong_[at->second] = 1;
  }
  pool_.shrink();
  form_hash_.build(size(), [this](std::uint32_t id) { return form(id); });
  stem_hash_.build(stem_count(), [this](std::uint32_t id) { return pool_.at(stems_[id]); });
  learn_parts();
  learn_near_misses();
}

std::uint32_t Dictionary::find_form(std::string_view folded) const {
  return form_hash_.find(folded, [this](std::uint32_t id) { return form(id); });
}

std::uint32_t Dictionary::find_stem(std::string_view stem) const {
  return stem_hash_.find(stem, [this](std::uint32_t id) { return pool_.at(stems_[id]); });
}

std::pair<std::uint32_t, std::uint32_t> Dictionary::with_prefix(std::string_view prefix) const {
  const auto begin = std::partition_point(forms_.begin(), forms_.end(),
                                          [&](StringPool::Ref ref) { return pool_.at(ref) < prefix; });
  const auto end = std::partition_point(begin, forms_.end(),
                                        [&](StringPool::Ref ref) { return pool_.at(ref).starts_with(prefix); });
  return {static_cast<std::uint32_t>(begin - forms_.begin()), static_cast<std::uint32_t>(end - forms_.begin())};
}

// The stem of a word that may be a part, or none. In front a bare stem will do ("schul" in "schulanmeldung").
std::uint32_t Dictionary::known_part(std::string_view text, bool head) const {
  if (text.size() < least_part && (head || !is_abbreviation(text))) return none;
  if (text.find_first_of("0123456789") != std::string_view::npos) return none;
  if (std::binary_search(not_parts_.begin(), not_parts_.end(), text)) return none;
  if (const std::uint32_t form = find_form(text); form != none) return form_stem_[form];
  if (text.size() < least_part) return none;
  if (!head) {
    if (const std::uint32_t stem = find_stem(text); stem != none) return stem;
  }
  return find_stem(stemmer_(text));
}

void Dictionary::split(std::string_view word, int depth, std::vector<Part>& out) const {
  if (word.size() < least_compound || word.size() > longest_compound || depth >= most_depth) return;
  struct Best {
    std::size_t shorter_side = 0, left_end = 0, right_begin = 0;
    std::uint32_t left = none, right = none;
  } best;
  for (std::size_t right_begin = 3; right_begin + least_part <= word.size(); ++right_begin) {
    if (continues(word[right_begin])) continue;
    const std::string_view right = word.substr(right_begin);
    const std::uint32_t right_stem = known_part(right, true);
    if (right_stem == none) continue;
    for (const std::string_view link : links) {
      const std::string_view before = word.substr(0, right_begin);
      if (!before.ends_with(link)) continue;
      const std::string_view left = before.substr(0, before.size() - link.size());
      const std::uint32_t left_stem = known_part(left, false);
      if (left_stem == none) continue;
      const std::size_t shorter_side = std::min(left.size(), right.size());
      if (shorter_side > best.shorter_side) {
        best = {shorter_side, left.size(), right_begin, left_stem, right_stem};
      }
      break;
    }
  }
  if (best.left == none) return;
  const auto add = [&](std::string_view side, std::uint32_t stem) {
    const std::size_t at = out.size();
    out.push_back({stem, true});
    split(side, depth + 1, out);
    out[at].leaf = out.size() == at + 1;
  };
  add(word.substr(0, best.left_end), best.left);
  add(word.substr(best.right_begin), best.right);
}

void Dictionary::learn_parts() {
  part_begin_.push_back(0);
  std::vector<Part> found;
  for (std::uint32_t id = 0; id < size(); ++id) {
    found.clear();
    split(form(id), 0, found);
    for (const Part& part : found) parts_.push_back(part.stem * 2 + (part.leaf ? 1 : 0));
    part_begin_.push_back(static_cast<std::uint32_t>(parts_.size()));
  }
  parts_.shrink_to_fit();
}

std::span<const std::uint32_t> Dictionary::coded_parts(std::uint32_t form) const {
  return {parts_.data() + part_begin_[form], parts_.data() + part_begin_[form + 1]};
}

std::vector<Dictionary::Part> Dictionary::parts(std::string_view folded) const {
  std::vector<Part> out;
  if (const std::uint32_t form = find_form(folded); form != none) {
    for (const std::uint32_t code : coded_parts(form)) out.push_back({code / 2, code % 2 == 1});
  } else {
    split(folded, 0, out);
  }
  return out;
}

void Dictionary::learn_near_misses() {
  for (std::uint32_t id = 0; id < size(); ++id) {
    const std::string_view word = form(id);
    if (!strong(id) || word.size() < least_correctable || word.size() > longest_correctable) continue;
    near_.emplace_back(hash32(word), id);
    without_one(word, [&](std::string_view shorter) { near_.emplace_back(hash32(shorter), id); });
  }
  std::sort(near_.begin(), near_.end());
  near_.erase(std::unique(near_.begin(), near_.end()), near_.end());
  near_.shrink_to_fit();
}

std::vector<Dictionary::Correction> Dictionary::corrections(std::string_view folded, std::size_t most) const {
  std::vector<Correction> out;
  if (folded.size() < least_correctable || folded.size() > longest_correctable) return out;
  if (folded.find_first_of("0123456789") != std::string_view::npos) return out;
  const auto look = [&](std::string_view text) {
    const std::uint32_t hash = hash32(text);
    for (auto at = std::lower_bound(near_.begin(), near_.end(), std::pair{hash, std::uint32_t{0}});
         at != near_.end() && at->first == hash; ++at) {
      if (text::edit_distance(folded, form(at->second), 1) <= 1) out.push_back({at->second, 1});
    }
  };
  look(folded);
  without_one(folded, look);
  if (out.empty() && folded.size() >= least_correctable_twice) {
    const auto [begin, end] = with_prefix(folded.substr(0, 1));
    for (std::uint32_t id = begin; id < end; ++id) {
      const std::string_view word = form(id);
      if (!strong(id) || word.size() + 2 < folded.size() || folded.size() + 2 < word.size()) continue;
      if (text::edit_distance(folded, word, 2) <= 2) out.push_back({id, 2});
    }
  }
  std::sort(out.begin(), out.end(), [](const Correction& a, const Correction& b) { return a.form < b.form; });
  out.erase(std::unique(out.begin(), out.end(),
                        [](const Correction& a, const Correction& b) { return a.form == b.form; }), out.end());
  // A first letter is seldom wrong.
  std::sort(out.begin(), out.end(), [&](const Correction& a, const Correction& b) {
    const bool a_begins = form(a.form)[0] == folded[0], b_begins = form(b.form)[0] == folded[0];
    return a_begins != b_begins ? a_begins : a.form < b.form;
  });
  if (out.size() > most) out.resize(most);
  return out;
}

std::size_t Dictionary::bytes() const {
  return pool_.bytes() + form_hash_.bytes() + stem_hash_.bytes() + forms_.capacity() * 13 + stems_.capacity() * 5 +
         (part_begin_.capacity() + parts_.capacity()) * 4 + near_.capacity() * 8;
}

}  // namespace verbund::directory::finder
