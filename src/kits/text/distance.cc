// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <vector>

#include "kits/text/text.h"

namespace verbund::text {
namespace {

// Code points of well-formed UTF-8; what is broken counts byte by byte.
std::vector<char32_t> code_points(std::string_view utf8) {
  std::vector<char32_t> out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[i++]);
    char32_t point = first;
    const int tails = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    if (tails > 0) point &= 0x3Fu >> tails;
    for (int n = 0; n < tails && i < utf8.size() && (static_cast<unsigned char>(utf8[i]) & 0xC0) == 0x80; ++n) {
      point = (point << 6) | (static_cast<unsigned char>(utf8[i++]) & 0x3F);
    }
    out.push_back(point);
  }
  return out;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  // What is equal at both ends costs nothing; most pairs of similar words end here.
  if (a == b) return 0;
  const std::vector<char32_t> left = code_points(a);
  const std::vector<char32_t> right = code_points(b);
  std::size_t begin = 0;
  std::size_t m = left.size();
  std::size_t n = right.size();
  while (begin < m && begin < n && left[begin] == right[begin]) ++begin;
  while (m > begin && n > begin && left[m - 1] == right[n - 1]) --m, --n;
  m -= begin;
  n -= begin;
  const std::size_t over = limit + 1;
  if ((m > n ? m - n : n - m) > limit) return over;
  const auto at_left = [&](std::size_t i) { return left[begin + i - 1]; };
  const auto at_right = [&](std::size_t j) { return right[begin + j - 1]; };

  // Rows of the usual table: the current one, the last and the one before it (for swaps).
  std::vector<std::size_t> row(n + 1);
  std::vector<std::size_t> last(n + 1);
  std::vector<std::size_t> older(n + 1);
  for (std::size_t j = 0; j <= n; ++j) last[j] = j;
  for (std::size_t i = 1; i <= m; ++i) {
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= n; ++j) {
      const std::size_t replaced = last[j - 1] + (at_left(i) == at_right(j) ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && at_left(i) == at_right(j - 1) && at_left(i - 1) == at_right(j)) {
        row[j] = std::min(row[j], older[j - 2] + 1);
      }
      least = std::min(least, row[j]);
    }
    // A swap reaches back two rows: only when both are over the limit nothing can come back under it.
    if (least > limit && *std::min_element(last.begin(), last.end()) > limit) return over;
    older.swap(last);
    last.swap(row);
  }
  return std::min(last[n], over);
}

}  // namespace verbund::text
