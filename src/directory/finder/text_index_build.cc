// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "directory/finder/text_index.h"

namespace verbund::directory::finder {
namespace {

constexpr float part_tf = 0.35F;
constexpr float atom_boost = 0.85F;   // "Fahrzeugabmeldung" is nearly as good as "Fahrzeug abmelden"

std::uint64_t key_of(std::vector<std::uint32_t> stems, std::uint64_t seed) {
  std::sort(stems.begin(), stems.end());
  stems.erase(std::unique(stems.begin(), stems.end()), stems.end());
  std::uint64_t key = seed;
  for (const std::uint32_t stem : stems) {
    key = (key ^ (stem + 1)) * 0x9e3779b97f4a7c15ULL;
    key ^= key >> 31;
  }
  return stems.empty() || key == 0 ? 0 : key;
}

}  // namespace

std::vector<std::uint32_t> atoms_of(const Dictionary& dictionary, const std::vector<std::string>& words,
                                    bool* all_known) {
  std::vector<std::uint32_t> out;
  bool known = true;
  for (const std::string& word : words) {
    bool split = false;
    for (const Dictionary::Part& part : dictionary.parts(word)) {
      split = true;
      if (part.leaf) out.push_back(part.stem);
    }
    if (split) continue;
    const std::uint32_t form = dictionary.find_form(word);
    const std::uint32_t stem =
        form != Dictionary::none ? dictionary.stem_of(form) : dictionary.find_stem(dictionary.stem(word));
    if (stem == Dictionary::none) {
      known = false;
    } else {
      out.push_back(stem);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (all_known != nullptr) *all_known = known;
  return out;
}

std::uint64_t phrase_key(const Dictionary& dictionary, const std::vector<std::string>& words) {
  std::vector<std::uint32_t> stems;
  for (const std::string& word : words) {
    const std::uint32_t form = dictionary.find_form(word);
    const std::uint32_t stem =
        form != Dictionary::none ? dictionary.stem_of(form) : dictionary.find_stem(dictionary.stem(word));
    if (stem == Dictionary::none) return 0;
    stems.push_back(stem);
  }
  return key_of(std::move(stems), 0x51ed270b76d3a3a5ULL);
}

std::uint64_t atom_key(const Dictionary& dictionary, const std::vector<std::string>& words) {
  bool known = false;
  std::vector<std::uint32_t> atoms = atoms_of(dictionary, words, &known);
  return known ? key_of(std::move(atoms), 0x2545f4914f6cdd1dULL) : 0;
}

TextIndexBuilder::TextIndexBuilder(std::vector<TextField> fields, Stemmer stemmer, std::vector<std::string> not_parts)
    : fields_(std::move(fields)), stemmer_(std::move(stemmer)), not_parts_(std::move(not_parts)) {}

std::uint32_t TextIndexBuilder::number(const std::string& word) {
  if (learnt_) return dictionary_.find_form(word);
  const auto [at, added] = numbers_.emplace(word, static_cast<std::uint32_t>(forms_.size()));
  if (added) forms_.push_back({word, "", false});
  return at->second;
}

void TextIndexBuilder::add(std::uint32_t document, std::size_t field, const std::vector<std::string>& words) {
  VERBUND_CHECK(field < fields_.size());
  for (const std::string& word : words) {
    const std::uint32_t id = number(word);
    if (id == Dictionary::none) continue;
    if (!learnt_ && fields_[field].strong) forms_[id].strong = true;
    entries_.push_back({id, document, static_cast<std::uint32_t>(field)});
  }
}

void TextIndexBuilder::know(const std::string& word, std::string_view display, bool strong) {
  VERBUND_CHECK(!learnt_);
  Dictionary::Form& form = forms_[number(word)];
  if (form.display.empty()) form.display = display;
  form.strong = form.strong || strong;
}

void TextIndexBuilder::learn() {
  VERBUND_CHECK(!learnt_);
  std::vector<std::uint32_t> order(forms_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return forms_[a].text < forms_[b].text; });
  std::vector<std::uint32_t> place(forms_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  for (Entry& entry : entries_) entry.word = place[entry.word];
  numbers_ = {};
  dictionary_ = Dictionary(std::move(forms_), stemmer_, not_parts_);
  forms_ = {};
  learnt_ = true;
}

void TextIndexBuilder::phrase(std::uint32_t document, const std::vector<std::string>& words, float boost) {
  VERBUND_CHECK(learnt_);
  if (const std::uint64_t key = phrase_key(dictionary_, words); key != 0) phrases_.push_back({key, document, boost});
  if (const std::uint64_t key = atom_key(dictionary_, words); key != 0) {
    phrases_.push_back({key, document, boost * atom_boost});
  }
}

std::vector<std::uint32_t> TextIndexBuilder::atoms(const std::vector<std::string>& words) const {
  bool known = false;
  std::vector<std::uint32_t> out = atoms_of(dictionary_, words, &known);
  return known ? out : std::vector<std::uint32_t>{};
}

TextIndex TextIndexBuilder::finish(std::uint32_t documents) {
  if (!learnt_) learn();
  const std::size_t fields = fields_.size();
  std::vector<std::uint32_t> length(std::size_t{documents} * fields, 0);
  for (const Entry& entry : entries_) ++length[std::size_t{entry.document} * fields + entry.field];
  std::vector<double> mean(fields, 1);
  for (std::size_t field = 0; field < fields; ++field) {
    double sum = 0, count = 0;
    for (std::uint32_t document = 0; document < documents; ++document) {
      const std::uint32_t words = length[std::size_t{document} * fields + field];
      sum += words;
      count += words != 0 ? 1 : 0;
    }
    if (count > 0) mean[field] = sum / count;
  }

  struct Occurrence {
    std::uint32_t stem, document, field;
    float tf;
  };
  std::vector<Occurrence> occurrences;
  occurrences.reserve(entries_.size() + entries_.size() / 2);
  for (const Entry& entry : entries_) {
    occurrences.push_back({dictionary_.stem_of(entry.word), entry.document, entry.field, 1});
    for (const std::uint32_t part : dictionary_.coded_parts(entry.word)) {
      occurrences.push_back({part / 2, entry.document, entry.field, part_tf});
    }
  }
  entries_ = {};
  std::sort(occurrences.begin(), occurrences.end(), [](const Occurrence& a, const Occurrence& b) {
    if (a.stem != b.stem) return a.stem < b.stem;
    if (a.document != b.document) return a.document < b.document;
    return a.field < b.field;
  });

  TextIndex index;
  index.documents_ = documents;
  index.begin_.assign(std::size_t{dictionary_.stem_count()} + 1, 0);
  for (std::size_t at = 0; at < occurrences.size();) {
    const std::uint32_t stem = occurrences[at].stem, document = occurrences[at].document;
    float miss = 1;
    while (at < occurrences.size() && occurrences[at].stem == stem && occurrences[at].document == document) {
      const std::uint32_t field = occurrences[at].field;
      float tf = 0;
      for (; at < occurrences.size() && occurrences[at].stem == stem && occurrences[at].document == document &&
             occurrences[at].field == field;
           ++at) {
        tf += occurrences[at].tf;
      }
      const TextField& rule = fields_[field];
      const auto relative = static_cast<float>(length[std::size_t{document} * fields + field] / mean[field]);
      const float norm = 1 - rule.length_norm + rule.length_norm * relative;
      miss *= 1 - rule.weight * tf / (tf + rule.saturation * norm);
    }
    index.postings_.push_back({document, 1 - miss});
    ++index.begin_[stem + 1];
  }
  for (std::size_t stem = 0; stem < dictionary_.stem_count(); ++stem) index.begin_[stem + 1] += index.begin_[stem];
  for (std::size_t stem = 0; stem < dictionary_.stem_count(); ++stem) {
    std::sort(index.postings_.begin() + index.begin_[stem], index.postings_.begin() + index.begin_[stem + 1],
              [](const TextIndex::Posting& a, const TextIndex::Posting& b) {
                return a.impact != b.impact ? a.impact > b.impact : a.document < b.document;
              });
  }
  index.postings_.shrink_to_fit();
  std::sort(phrases_.begin(), phrases_.end(), [](const TextIndex::Phrase& a, const TextIndex::Phrase& b) {
    if (a.key != b.key) return a.key < b.key;
    return a.document != b.document ? a.document < b.document : a.boost > b.boost;
  });
  phrases_.erase(std::unique(phrases_.begin(), phrases_.end(),
                             [](const TextIndex::Phrase& a, const TextIndex::Phrase& b) {
                               return a.key == b.key && a.document == b.document;
                             }),
                 phrases_.end());
  phrases_.shrink_to_fit();
  index.phrases_ = std::move(phrases_);
  index.dictionary_ = std::move(dictionary_);
  return index;
}

}  // namespace verbund::directory::finder
