// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/own_words.h"

#include <algorithm>
#include <numeric>

#include "kits/search/dictionary.h"
#include "kits/search/near.h"

namespace verbund::search {
namespace {

constexpr std::size_t join_factor = 4;   // a level joins the one before unless that is so many times its size

bool text_before(const std::shared_ptr<const OwnWord>& word, std::string_view text) { return word->text < text; }

}  // namespace

std::size_t OwnWords::Level::first_of(std::uint32_t stem) const {
  const auto at = std::partition_point(by_stem.begin(), by_stem.end(),
                                       [&](std::uint32_t place) { return words[place]->stem < stem; });
  return static_cast<std::size_t>(at - by_stem.begin());
}

const OwnWord* OwnWords::find(std::string_view text) const {
  for (std::size_t i = levels_.size(); i-- > 0;) {
    const auto& words = levels_[i]->words;
    const auto at = std::lower_bound(words.begin(), words.end(), text, text_before);
    if (at != words.end() && (*at)->text == text) return at->get();
  }
  return nullptr;
}

std::optional<std::uint32_t> OwnWords::find_stem(std::string_view stem) const {
  for (const auto& level : levels_) {
    const auto at = std::partition_point(
        level->by_stem_text.begin(), level->by_stem_text.end(),
        [&](std::uint32_t place) { return level->words[place]->stem_text < stem; });
    if (at != level->by_stem_text.end() && level->words[*at]->stem_text == stem) return level->words[*at]->stem;
  }
  return std::nullopt;
}

OwnWords::Few OwnWords::with_prefix(std::string_view prefix) const {
  Few out;
  // Each level gives its first ones; of all of them the first ones by text, of one text the newest.
  for (std::size_t i = levels_.size(); i-- > 0;) {
    const auto& words = levels_[i]->words;
    auto at = std::lower_bound(words.begin(), words.end(), prefix, text_before);
    for (; at != words.end() && (*at)->text.starts_with(prefix); ++at) {
      const auto end = out.at.begin() + static_cast<std::ptrdiff_t>(out.count);
      const auto place = std::find_if(out.at.begin(), end, [&](const OwnWord* known) { return known->text >= (*at)->text; });
      if (place != end && (*place)->text == (*at)->text) continue;
      if (place == end && out.count == most_given) break;
      if (out.count < most_given) ++out.count;
      std::move_backward(place, out.at.begin() + static_cast<std::ptrdiff_t>(out.count) - 1,
                         out.at.begin() + static_cast<std::ptrdiff_t>(out.count));
      *place = at->get();
    }
  }
  return out;
}

OwnWords::Few OwnWords::corrections(std::string_view folded) const {
  Few out;
  if (words_ == 0) return out;
  const Letters word(folded);
  if (word.count < Dictionary::least_correctable) return out;
  const std::uint32_t own = NearIndex::signature(word);
  for (std::size_t i = levels_.size(); i-- > 0;) {
    const Level& level = *levels_[i];
    for (std::size_t at = 0; at < level.signatures.size(); ++at) {
      if (level.signatures[at] == 0 || !NearIndex::may_be(own, level.signatures[at], 1)) continue;
      const OwnWord* known = level.words[at].get();
      if (distance(word, Letters(known->text), 1) != 1) continue;
      const auto end = out.at.begin() + static_cast<std::ptrdiff_t>(out.count);
      const auto place = std::find_if(out.at.begin(), end, [&](const OwnWord* other) { return other->text >= known->text; });
      if (place != end && (*place)->text == known->text) continue;
      if (place == end && out.count == most_given) break;   // the level goes on by text
      if (out.count < most_given) ++out.count;
      std::move_backward(place, out.at.begin() + static_cast<std::ptrdiff_t>(out.count) - 1,
                         out.at.begin() + static_cast<std::ptrdiff_t>(out.count));
      *place = known;
    }
  }
  return out;
}

std::size_t OwnWords::bytes() const {
  constexpr std::size_t usual_text = 60;   // of a word with its stem, its form for people and its parts
  std::size_t out = 0;
  for (const auto& level : levels_) {
    out += level->words.size() * (sizeof(OwnWord) + sizeof(Shared) + 16 + usual_text + 3 * sizeof(std::uint32_t));
  }
  return out;
}

std::shared_ptr<const OwnWords::Level> OwnWords::make_level(std::vector<Shared> words) {
  auto out = std::make_shared<Level>();
  out->words = std::move(words);
  out->by_stem.resize(out->words.size());
  std::iota(out->by_stem.begin(), out->by_stem.end(), 0U);
  out->by_stem_text = out->by_stem;
  std::sort(out->by_stem.begin(), out->by_stem.end(), [&](std::uint32_t a, std::uint32_t b) {
    return out->words[a]->stem != out->words[b]->stem ? out->words[a]->stem < out->words[b]->stem : a < b;
  });
  std::sort(out->by_stem_text.begin(), out->by_stem_text.end(), [&](std::uint32_t a, std::uint32_t b) {
    return out->words[a]->stem_text < out->words[b]->stem_text;
  });
  for (const Shared& word : out->words) out->signatures.push_back(word->strong ? word->signature : 0);
  return out;
}

std::vector<OwnWords::Shared> OwnWords::joined(const std::vector<Shared>& older, const std::vector<Shared>& newer) {
  std::vector<Shared> out;
  out.reserve(older.size() + newer.size());
  std::size_t a = 0, b = 0;
  while (a < older.size() || b < newer.size()) {
    if (b == newer.size() || (a < older.size() && older[a]->text < newer[b]->text)) {
      out.push_back(older[a++]);
    } else {
      if (a < older.size() && older[a]->text == newer[b]->text) ++a;
      out.push_back(newer[b++]);
    }
  }
  return out;
}

const OwnWord* OwnWords::Additions::find(std::string_view text) const {
  const auto at = added_.find(text);
  return at != added_.end() ? at->second.get() : before_->find(text);
}

const OwnWord* OwnWords::Additions::add(OwnWord word, std::uint32_t first_stem) {
  if (before_->size() + new_words_ >= most_words) return nullptr;
  ++new_words_;
  auto own = std::make_shared<OwnWord>(std::move(word));
  if (const auto known = before_->find_stem(own->stem_text)) {
    own->stem = *known;
  } else {
    const auto next = first_stem + before_->stems() + static_cast<std::uint32_t>(stems_.size());
    own->stem = stems_.emplace(own->stem_text, next).first->second;
  }
  own->signature = NearIndex::signature(Letters(own->text));
  return added_.emplace(own->text, own).first->second.get();
}

void OwnWords::Additions::mark(const OwnWord& word, bool strong, std::string_view shown) {
  const bool stronger = strong && !word.strong, named = word.shown.empty() && !shown.empty();
  if (!stronger && !named) return;
  auto at = added_.find(word.text);
  if (at == added_.end()) {
    auto copy = std::make_shared<OwnWord>(word);
    at = added_.emplace(copy->text, copy).first;
  }
  if (stronger) at->second->strong = true;
  if (named) at->second->shown = shown;
}

std::shared_ptr<const OwnWords> OwnWords::Additions::finish() {
  if (added_.empty()) return before_;
  auto out = std::make_shared<OwnWords>(*before_);
  out->words_ += new_words_;
  out->stems_ += static_cast<std::uint32_t>(stems_.size());
  std::vector<Shared> words;
  for (auto& [text, word] : added_) words.push_back(std::move(word));
  while (!out->levels_.empty() && out->levels_.back()->words.size() < words.size() * join_factor) {
    words = joined(out->levels_.back()->words, words);
    out->levels_.pop_back();
  }
  out->levels_.push_back(make_level(std::move(words)));
  return out;
}

}  // namespace verbund::search
