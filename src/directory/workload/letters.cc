// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/letters.h"

#include <unordered_map>

#include "base/text.h"
#include "directory/workload/queries.h"
#include "kits/text/text.h"

namespace verbund::directory::workload {

std::u32string to_letters(std::string_view utf8) {
  std::u32string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t letter = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) letter = (letter << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3Fu);
    out += letter;
    i += length;
  }
  return out;
}

std::string from_letters(std::u32string_view letters) {
  std::string out;
  for (const char32_t letter : letters) {
    if (letter < 0x80) {
      out += static_cast<char>(letter);
    } else if (letter < 0x800) {
      out += static_cast<char>(0xC0 | (letter >> 6));
      out += static_cast<char>(0x80 | (letter & 0x3F));
    } else {
      out += static_cast<char>(0xE0 | (letter >> 12));
      out += static_cast<char>(0x80 | ((letter >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (letter & 0x3F));
    }
  }
  return out;
}

KnownWords::KnownWords(const Plan& plan) {
  for (const PlannedService& service : plan.services()) {
    for (const Phrase& phrase : service.phrases) {
      const std::string low = lower(phrase.text);
      for (const std::string_view word : split(low, ' ')) words_.insert(to_letters(word));
    }
  }
  for (const std::u32string& word : words_) {
    shortened_.emplace(word, &word);
    for (std::size_t i = 0; i < word.size(); ++i) {
      std::u32string shorter = word;
      shorter.erase(i, 1);
      shortened_.emplace(std::move(shorter), &word);
    }
  }
}

bool KnownWords::ambiguous(const std::u32string& typed, const std::u32string& meant) const {
  const std::string typed_text = from_letters(typed);
  const auto near = [&](const std::u32string& key) {
    const auto [first, last] = shortened_.equal_range(key);
    for (auto at = first; at != last; ++at) {
      if (*at->second == meant) continue;
      if (text::edit_distance(typed_text, from_letters(*at->second), 1) <= 1) return true;
    }
    return false;
  };
  if (near(typed)) return true;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    std::u32string shorter = typed;
    shorter.erase(i, 1);
    if (near(shorter)) return true;
  }
  return false;
}

}  // namespace verbund::directory::workload
