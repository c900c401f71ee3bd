// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/near_words.h"

#include <algorithm>
#include <set>
#include <utility>

#include "kits/text/text.h"

namespace verbund::directory::finder {
namespace {

constexpr std::size_t least_in_common = 4, most_compared = 400, farthest = 12;

}  // namespace

void near_words(const search::Dictionary& words, std::string_view folded, std::size_t most,
                std::vector<std::string_view>& out) {
  std::vector<std::pair<std::size_t, std::uint32_t>> found;   // distance, form
  const std::size_t least = std::max(least_in_common, folded.size() * 3 / 5);
  for (std::size_t bytes = std::min(folded.size(), search::longest_word); bytes >= least && found.empty(); --bytes) {
    const bool inside_a_letter = bytes < folded.size() && (static_cast<unsigned char>(folded[bytes]) & 0xC0) == 0x80;
    if (inside_a_letter) continue;
    const search::Dictionary::Range range = words.with_prefix(folded.substr(0, bytes));
    for (std::uint32_t form = range.begin; form < range.end && form - range.begin < most_compared; ++form) {
      if (!words.strong(form)) continue;
      found.emplace_back(text::edit_distance(folded, words.form(form), farthest), form);
    }
  }
  std::sort(found.begin(), found.end());   // forms are in alphabetical order
  std::set<std::uint32_t> stems;
  for (const auto& [distance, form] : found) {
    if (out.size() == most) break;
    if (stems.insert(words.stem_of(form)).second) out.push_back(words.display(form));
  }
}

std::string_view known_piece(const search::Dictionary& words, std::string_view folded, std::string_view stem) {
  const std::uint32_t wanted = words.find_stem(stem);
  for (std::size_t bytes = folded.size(); bytes >= stem.size() && bytes > 0; --bytes) {
    for (const std::string_view piece : {folded.substr(0, bytes), folded.substr(folded.size() - bytes)}) {
      const std::uint32_t form = words.find_form(piece);
      if (form != search::none && words.stem_of(form) == wanted) return words.display(form);
    }
  }
  return stem;
}

}  // namespace verbund::directory::finder
