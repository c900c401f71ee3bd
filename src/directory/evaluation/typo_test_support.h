// SPDX-License-Identifier: EUPL-1.2
// Slips of the keyboard, from a seed.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "base/text.h"

namespace verbund::directory::testing {

// The text with one letter left out, doubled by another, replaced, or swapped with its neighbour. Texts of fewer than
// four letters stay.
inline std::string with_typo(const std::string& text, std::mt19937& chance) {
  std::vector<std::string> letters;
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const bool letter = lead >= 0xC0 || (lead >= 'a' && lead <= 'z') || (lead >= 'A' && lead <= 'Z');
    if (letter) places.push_back(letters.size());
    letters.push_back(text.substr(at, length));
    at += length;
  }
  if (places.size() < 4) return text;
  const std::size_t at = places[chance() % places.size()];
  const std::string other(1, static_cast<char>('a' + chance() % 26));
  switch (chance() % 4) {
    case 0: letters[at].clear(); break;
    case 1: letters[at] += other; break;
    case 2: letters[at] = other; break;
    default: std::swap(letters[at], letters[at + 1 < letters.size() ? at + 1 : at - 1]);
  }
  std::string out;
  for (const std::string& letter : letters) out += letter;
  return out;
}

}  // namespace verbund::directory::testing
