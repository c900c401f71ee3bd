// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/rules.h"

#include "base/check.h"
#include "base/text.h"

namespace verbund::search {

Draft::Piece Draft::keep(std::string_view text) {
  text = cut_utf8(text, longest_word);
  const Piece piece{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text.size())};
  text_ += text;
  return piece;
}

void Draft::add_phrase(std::size_t kind, std::size_t field, const std::vector<Word>& words) {
  if (words.empty()) return;
  const auto begin = static_cast<std::uint32_t>(words_.size());
  for (const Word& word : words) {
    VERBUND_CHECK(!word.folded.empty());
    words_.push_back({keep(word.folded), keep(word.shown), field8(field)});
  }
  phrases_.push_back({begin, static_cast<std::uint32_t>(words_.size()), static_cast<std::uint8_t>(kind)});
}

void Draft::clear() {
  text_.clear();
  words_.clear();
  phrases_.clear();
}

}  // namespace verbund::search
