// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/text_index.h"

#include <algorithm>
#include <cmath>

namespace verbund::directory::finder {
namespace {

constexpr float joined_weight = 0.9F;       // "personal ausweis" for "personalausweis"
constexpr float completed_weight = 0.8F;
constexpr float split_weight = 0.75F;       // all parts of a compound, apart
constexpr float near_weight[] = {1.0F, 0.7F, 0.45F};   // by distance
constexpr float near_known_weight = 0.3F;   // the word is known, but only where words weigh little
constexpr std::size_t least_prefix = 2;
constexpr std::uint32_t most_completions = 300;
constexpr std::size_t most_corrections = 4;

}  // namespace

struct TextIndex::Meaning {
  struct Alternative {
    std::uint32_t stem;
    float weight;
  };
  std::vector<Alternative> alternatives;
  std::vector<std::uint32_t> parts;     // all of them together are one more alternative
  std::uint32_t correction = Dictionary::none;
};

struct TextIndex::Scores {
  explicit Scores(std::size_t documents) : best(documents, 0), joint(documents, 0), seen(documents, 0) {}
  std::vector<float> best;              // of the word at hand
  std::vector<std::uint32_t> touched;   // documents with best > 0
  std::vector<float> joint;
  std::vector<std::uint8_t> seen;

  void offer(std::uint32_t document, float value) {
    float& now = best[document];
    if (now == 0) touched.push_back(document);
    if (value > now) now = value;
  }
};

std::span<const TextIndex::Posting> TextIndex::of(std::uint32_t stem) const {
  return {postings_.data() + begin_[stem], postings_.data() + begin_[stem + 1]};
}

TextIndex::Meaning TextIndex::understand(std::span<const QueryWord> words, std::size_t at) const {
  Meaning out;
  const std::string& word = words[at].text;
  bool strong = false;
  const auto add = [&](std::uint32_t stem, float weight) {
    if (stem == Dictionary::none || of(stem).empty()) return;   // words of the vocabulary that no document has
    out.alternatives.push_back({stem, weight});
    strong = strong || dictionary_.strong_stem(stem);
  };
  add(dictionary_.find_stem(dictionary_.stem(word)), 1);
  if (const std::uint32_t form = dictionary_.find_form(word); form != Dictionary::none) {
    add(dictionary_.stem_of(form), 1);
  }
  const bool known = !out.alternatives.empty();
  const auto join = [&](const std::string& left, const std::string& right) {
    for (const char* link : {"", "s"}) {
      const std::uint32_t form = dictionary_.find_form(left + link + right);
      if (form != Dictionary::none) add(dictionary_.stem_of(form), joined_weight);
    }
  };
  if (at > 0) join(words[at - 1].text, word);
  if (at + 1 < words.size()) join(word, words[at + 1].text);
  if (words[at].prefix && word.size() >= least_prefix) {
    const auto [begin, end] = dictionary_.with_prefix(word);
    std::uint32_t taken = 0;
    for (std::uint32_t form = begin; form < end && taken < most_completions; ++form) {
      if (end - begin > most_completions && !dictionary_.strong(form)) continue;
      const auto share = static_cast<float>(word.size()) / static_cast<float>(dictionary_.form(form).size());
      add(dictionary_.stem_of(form), completed_weight * std::sqrt(share));
      ++taken;
    }
  }
  for (const Dictionary::Part& part : dictionary_.parts(word)) {
    if (part.leaf) out.parts.push_back(part.stem);
  }
  if (!strong && out.parts.empty()) {
    for (const Dictionary::Correction& near : dictionary_.corrections(word, most_corrections)) {
      if (known && near.distance > 1) break;
      if (of(dictionary_.stem_of(near.form)).empty()) continue;
      add(dictionary_.stem_of(near.form), known ? near_known_weight : near_weight[near.distance]);
      if (!known && out.correction == Dictionary::none) out.correction = near.form;
    }
  }
  std::sort(out.alternatives.begin(), out.alternatives.end(),
            [](const Meaning::Alternative& a, const Meaning::Alternative& b) {
              return a.stem != b.stem ? a.stem < b.stem : a.weight > b.weight;
            });
  out.alternatives.erase(std::unique(out.alternatives.begin(), out.alternatives.end(),
                                     [](const Meaning::Alternative& a, const Meaning::Alternative& b) {
                                       return a.stem == b.stem;
                                     }),
                         out.alternatives.end());
  return out;
}

void TextIndex::score(const Meaning& meaning, Scores& scores) const {
  for (const Meaning::Alternative& alternative : meaning.alternatives) {
    for (const Posting& posting : of(alternative.stem)) {
      scores.offer(posting.document, posting.impact * alternative.weight);
    }
  }
  if (meaning.parts.size() < 2 || meaning.parts.size() > 8) return;
  std::uint8_t found = 0;
  for (const std::uint32_t part : meaning.parts) {
    for (const Posting& posting : of(part)) {
      if (scores.seen[posting.document] != found) continue;   // also: the same part twice counts once
      float& joint = scores.joint[posting.document];
      joint = found == 0 ? posting.impact : std::min(joint, posting.impact);
      ++scores.seen[posting.document];
    }
    ++found;
  }
  for (const Posting& posting : of(meaning.parts.front())) {
    if (scores.seen[posting.document] == found) {
      scores.offer(posting.document, scores.joint[posting.document] * split_weight);
    }
    scores.seen[posting.document] = 0;
  }
}

void TextIndex::add_exact(const std::vector<std::string>& words, std::vector<float>& exact) const {
  for (const std::uint64_t key : {phrase_key(dictionary_, words), atom_key(dictionary_, words)}) {
    if (key == 0) continue;
    auto at = std::lower_bound(phrases_.begin(), phrases_.end(), key,
                               [](const Phrase& phrase, std::uint64_t value) { return phrase.key < value; });
    for (; at != phrases_.end() && at->key == key; ++at) exact[at->document] = std::max(exact[at->document], at->boost);
  }
}

TextAnswer TextIndex::search(std::span<const QueryWord> words) const {
  TextAnswer answer;
  if (documents_ == 0 || words.empty()) return answer;
  Scores scores(documents_);
  std::vector<float> total(documents_, 0), covered(documents_, 0), exact(documents_, 0);
  float weight_sum = 0;
  std::vector<std::string> taken;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const Meaning meaning = understand(words, at);
    taken.push_back(words[at].text);
    if (meaning.correction != Dictionary::none) {
      answer.corrections.emplace_back(at, std::string(dictionary_.display(meaning.correction)));
      taken.back() = std::string(dictionary_.form(meaning.correction));
    }
    score(meaning, scores);
    float sum = 0, most = 0;
    for (const std::uint32_t document : scores.touched) {
      sum += scores.best[document];
      most = std::max(most, scores.best[document]);
    }
    // Documents that hold the word in passing count for little when its rarity is judged.
    const float common = most > 0 ? sum / most : 1;
    const float weight = words[at].weight * std::log(1.5F + static_cast<float>(documents_) / common);
    weight_sum += weight;
    for (const std::uint32_t document : scores.touched) {
      const float best = scores.best[document];
      total[document] += weight * best;
      covered[document] += weight * std::min(1.0F, best * 2);
      scores.best[document] = 0;
    }
    scores.touched.clear();
  }
  add_exact(taken, exact);
  for (std::uint32_t document = 0; document < documents_; ++document) {
    if (total[document] == 0 && exact[document] == 0) continue;
    const float coverage = covered[document] / weight_sum;
    answer.matches.push_back(
        {document, total[document] / weight_sum * (0.4F + 0.6F * coverage * coverage), exact[document]});
  }
  return answer;
}

std::size_t TextIndex::bytes() const {
  return dictionary_.bytes() + begin_.capacity() * sizeof(std::uint32_t) + postings_.capacity() * sizeof(Posting) +
         phrases_.capacity() * sizeof(Phrase);
}

}  // namespace verbund::directory::finder
