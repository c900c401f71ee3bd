// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/prepare.h"

#include <algorithm>
#include <cmath>

namespace verbund::search {
namespace {

constexpr std::uint32_t whole_tf = 20, part_tf = 7;   // twentieths

std::uint64_t key_of(std::span<std::uint32_t> stems, std::uint64_t seed) {
  std::sort(stems.begin(), stems.end());
  std::uint64_t key = seed;
  for (std::size_t i = 0; i < stems.size(); ++i) {
    if (i > 0 && stems[i] == stems[i - 1]) continue;
    key = (key ^ (std::uint64_t{stems[i]} + 1)) * 0x9e3779b97f4a7c15ULL;
    key ^= key >> 31;
  }
  return stems.empty() ? 0 : key;
}

void sort_distinct(std::vector<std::uint32_t>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

std::uint64_t stems_key(std::span<std::uint32_t> stems) { return key_of(stems, 0x51ed270b76d3a3a5ULL); }
std::uint64_t atoms_key(std::span<std::uint32_t> atoms) { return key_of(atoms, 0x2545f4914f6cdd1dULL); }

SynonymTable::SynonymTable(const Rules& rules, const Dictionary& words) {
  for (std::uint32_t i = 0; i < rules.synonyms.size(); ++i) {
    const Synonym& synonym = rules.synonyms[i];
    std::vector<std::uint32_t> forms;
    for (const Synonym::Word& word : synonym.phrase) {
      const std::uint32_t form = words.find_form(word.folded);
      if (form != none) forms.push_back(form);
    }
    forms_.push_back(std::move(forms));
    float sure = 1;
    for (const std::vector<std::string>& means : synonym.means) {
      const float here = sure;
      sure = std::max(0.7F, sure - 0.1F);
      std::vector<std::uint32_t> atoms;
      bool known = true;
      for (const std::string& word : means) {
        const Dictionary::Parts parts = words.parts(word);
        for (const Dictionary::Part& part : parts.span()) {
          if (part.leaf) atoms.push_back(part.stem);
        }
        if (parts.count > 0) continue;
        const std::uint32_t stem = words.stem_for(word);
        known = known && stem != none;
        atoms.push_back(stem);
      }
      if (!known || atoms.empty()) continue;
      sort_distinct(atoms);
      const auto begin = static_cast<std::uint32_t>(atoms_.size());
      atoms_.insert(atoms_.end(), atoms.begin(), atoms.end());
      by_first_[atoms.front()].push_back(static_cast<std::uint32_t>(meant_.size()));
      meant_.push_back({i, here, begin, static_cast<std::uint32_t>(atoms_.size())});
    }
  }
}

void SynonymTable::fits(const PhraseKind& kind, std::span<const std::uint32_t> atoms, std::vector<Fit>& out) const {
  if (kind.synonym_boost <= 0) return;
  for (const std::uint32_t atom : atoms) {
    const auto at = by_first_.find(atom);
    if (at == by_first_.end()) continue;
    for (const std::uint32_t which : at->second) {
      const Meant& meant = meant_[which];
      const std::size_t size = meant.end - meant.begin;
      const bool several = forms_[meant.synonym].size() > 1;
      if (size > atoms.size() || !std::includes(atoms.begin(), atoms.end(), atoms_.begin() + meant.begin,
                                                atoms_.begin() + meant.end)) {
        continue;
      }
      if (size == atoms.size()) {
        const std::uint8_t field = several ? kind.several_field : kind.synonym_field;
        out.push_back({meant.synonym, field, kind.synonym_boost * meant.sure});
      } else if (kind.inside) {
        const float share = static_cast<float>(size) / static_cast<float>(atoms.size());
        const std::uint8_t field = several ? kind.several_inside_field : kind.inside_field;
        out.push_back({meant.synonym, field, (several ? 0.6F + 0.25F * share : 0.3F + 0.4F * share) * meant.sure});
      }
    }
  }
}

void Preparer::begin() {
  if (slots_.empty()) slots_.resize(4096);
  for (const std::uint32_t slot : used_) slots_[slot] = {};
  used_.clear();
  lengths_.assign(rules_.fields.size(), 0);
  phrase_count_ = 0;
  keys_.clear();
}

void Preparer::count(std::uint32_t stem, std::size_t field, std::uint32_t tf) {
  if (used_.size() * 2 >= slots_.size()) {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.size() * 2, {});
    used_.clear();
    for (const Slot& slot : old) {
      if (slot.key != 0) count(static_cast<std::uint32_t>((slot.key - 1) / 16), (slot.key - 1) % 16, slot.tf);
    }
  }
  const std::uint64_t key = std::uint64_t{stem} * 16 + field + 1;
  std::size_t at = WordHash::finish(key) & (slots_.size() - 1);
  while (slots_[at].key != 0 && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
  if (slots_[at].key == 0) {
    slots_[at].key = key;
    used_.push_back(static_cast<std::uint32_t>(at));
  }
  slots_[at].tf += tf;
}

void Preparer::add(const WordParts& word, std::size_t field) {
  ++lengths_[field];
  count(word.stem, field, whole_tf);
  for (const std::uint32_t part : word.parts) count(part / 2, field, part_tf);
}

void Preparer::key_phrase(std::vector<std::uint32_t> stems, std::vector<std::uint32_t> atoms, float boost) {
  const auto units = static_cast<std::uint32_t>(boost * one);
  if (const std::uint64_t key = stems_key(stems); key != 0) keys_.push_back({key, units});
  if (const std::uint64_t key = atoms_key(atoms); key != 0) keys_.push_back({key, units * atoms_weight >> 8});
}

void Preparer::add_phrase(std::size_t kind, std::span<const WordParts> words) {
  if (phrase_count_ == phrase_atoms_.size()) phrase_atoms_.emplace_back();
  PhraseAtoms& phrase = phrase_atoms_[phrase_count_++];
  phrase.kind = kind;
  phrase.atoms.clear();
  std::vector<std::uint32_t> stems;
  for (const WordParts& word : words) {
    stems.push_back(word.stem);
    if (word.parts.empty()) phrase.atoms.push_back(word.stem);
    for (const std::uint32_t part : word.parts) {
      if (part % 2 == 1) phrase.atoms.push_back(part / 2);
    }
  }
  sort_distinct(phrase.atoms);
  key_phrase(std::move(stems), phrase.atoms, rules_.kinds[kind].boost);
}

// A document one of whose phrases is (or holds) what a synonym means gets the synonym as if its author had written it.
void Preparer::add_synonyms() {
  fits_.clear();
  for (std::size_t i = 0; i < phrase_count_; ++i) {
    synonyms_.fits(rules_.kinds[phrase_atoms_[i].kind], phrase_atoms_[i].atoms, fits_);
  }
  std::sort(fits_.begin(), fits_.end(), [](const SynonymTable::Fit& a, const SynonymTable::Fit& b) {
    if (a.synonym != b.synonym) return a.synonym < b.synonym;
    return a.boost != b.boost ? a.boost > b.boost : a.field < b.field;
  });
  std::uint32_t last = none;
  for (const SynonymTable::Fit& fit : fits_) {
    if (fit.synonym == last) continue;
    last = fit.synonym;
    std::vector<std::uint32_t> stems, atoms;
    for (const std::uint32_t form : synonyms_.forms(fit.synonym)) {
      const WordParts word{words_.stem_of(form), words_.coded_parts(form)};
      add(word, fit.field);
      stems.push_back(word.stem);
      if (word.parts.empty()) atoms.push_back(word.stem);
      for (const std::uint32_t part : word.parts) {
        if (part % 2 == 1) atoms.push_back(part / 2);
      }
    }
    key_phrase(std::move(stems), std::move(atoms), fit.boost);
  }
}

void Preparer::impacts(Prepared& out) {
  out.entries.clear();
  out.phrases.clear();
  std::vector<float> norm(rules_.fields.size());
  for (std::size_t field = 0; field < norm.size(); ++field) {
    const Field& rule = rules_.fields[field];
    const float relative = static_cast<float>(lengths_[field]) / mean_length_[field];
    norm[field] = rule.saturation * (1 - rule.length_norm + rule.length_norm * relative);
  }
  std::vector<std::pair<std::uint64_t, std::uint32_t>> found;
  found.reserve(used_.size());
  for (const std::uint32_t slot : used_) found.emplace_back(slots_[slot].key - 1, slots_[slot].tf);
  std::sort(found.begin(), found.end());
  for (std::size_t i = 0; i < found.size();) {
    const std::uint64_t stem = found[i].first / 16;
    float miss = 1, most = -1;
    std::uint8_t strongest = 0;
    for (; i < found.size() && found[i].first / 16 == stem; ++i) {
      const std::size_t field = found[i].first % 16;
      const float tf = static_cast<float>(found[i].second) / whole_tf;
      const float gives = rules_.fields[field].weight * tf / (tf + norm[field]);
      miss *= 1 - gives;
      if (gives > most) {
        most = gives;
        strongest = static_cast<std::uint8_t>(field);
      }
    }
    const long impact = std::clamp(std::lround(255 * (1 - miss)), 1L, 255L);
    out.entries.push_back({static_cast<std::uint32_t>(stem), static_cast<std::uint8_t>(impact), strongest});
  }
  out.phrases = keys_;
}

void Preparer::settle(Prepared& out) {
  std::sort(out.entries.begin(), out.entries.end(), [](const PreparedEntry& a, const PreparedEntry& b) {
    if (a.list != b.list) return a.list < b.list;
    return a.impact != b.impact ? a.impact > b.impact : a.field < b.field;
  });
  out.entries.erase(std::unique(out.entries.begin(), out.entries.end(),
                                [](const PreparedEntry& a, const PreparedEntry& b) { return a.list == b.list; }),
                    out.entries.end());
  std::sort(out.phrases.begin(), out.phrases.end(), [](const PreparedPhrase& a, const PreparedPhrase& b) {
    return a.key != b.key ? a.key < b.key : a.boost > b.boost;
  });
  out.phrases.erase(std::unique(out.phrases.begin(), out.phrases.end(),
                                [](const PreparedPhrase& a, const PreparedPhrase& b) { return a.key == b.key; }),
                    out.phrases.end());
}

}  // namespace verbund::search
