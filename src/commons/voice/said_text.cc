// SPDX-License-Identifier: EUPL-1.2
#include "commons/voice/said_text.h"

#include <algorithm>

#include "base/text.h"

namespace verbund::commons {

std::string said_text(std::string_view typed) {
  std::string out;
  std::size_t feeds = 0;
  for (std::size_t at = 0; at < typed.size(); ++at) {
    char c = typed[at];
    if (c == '\r') {
      if (at + 1 < typed.size() && typed[at + 1] == '\n') continue;
      c = '\n';
    }
    if (c == '\t') c = ' ';
    // C0 and delete; C1 is 0xC2 0x80 to 0xC2 0x9F.
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7F) continue;
    if (byte == 0xC2 && at + 1 < typed.size() && static_cast<unsigned char>(typed[at + 1]) < 0xA0) {
      ++at;
      continue;
    }
    feeds = c == '\n' ? feeds + 1 : 0;
    if (feeds <= 2) out += c;
  }
  return std::string(trim(out));
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace verbund::commons
