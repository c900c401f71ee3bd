// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/near.h"

#include <algorithm>

#include "kits/search/strings.h"

namespace verbund::search {
namespace {

constexpr std::uint32_t letter_bits = 26;

std::uint32_t letter_bit(char32_t letter) {
  if (letter >= 'a' && letter <= 'z') return 1U << (letter - 'a');
  return 1U << (letter % letter_bits);
}

}  // namespace

Letters::Letters(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size() && count < at.size();) {
    const auto first = static_cast<unsigned char>(utf8[i++]);
    char32_t point = first;
    const int tails = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    if (tails > 0) point &= 0x3Fu >> tails;
    for (int n = 0; n < tails && i < utf8.size() && (static_cast<unsigned char>(utf8[i]) & 0xC0) == 0x80; ++n) {
      point = (point << 6) | (static_cast<unsigned char>(utf8[i++]) & 0x3F);
    }
    at[count++] = point;
  }
}

Letters Letters::cut(std::uint32_t letters) const {
  Letters out(*this);
  out.count = std::min(count, letters);
  return out;
}

unsigned distance(const Letters& a, const Letters& b, unsigned most) {
  std::uint32_t begin = 0, m = a.count, n = b.count;
  while (begin < m && begin < n && a.at[begin] == b.at[begin]) ++begin;
  while (m > begin && n > begin && a.at[m - 1] == b.at[n - 1]) --m, --n;
  m -= begin;
  n -= begin;
  const std::uint32_t longer = std::max(m, n), shorter = std::min(m, n);
  if (longer - shorter > most) return most + 1;
  if (longer == 0) return 0;
  if (longer == 1) return 1;
  const auto left = [&](std::uint32_t i) { return a.at[begin + i - 1]; };
  const auto right = [&](std::uint32_t j) { return b.at[begin + j - 1]; };
  if (most == 1) return m == 2 && n == 2 && left(1) == right(2) && left(2) == right(1) ? 1 : 2;
  // Rows of the usual table within a band of `most` around the diagonal.
  const unsigned over = most + 1;
  std::array<std::array<unsigned, 66>, 3> rows;
  for (auto& row : rows) row.fill(over);
  for (std::uint32_t j = 0; j <= n; ++j) rows[0][j] = std::min(j, over);
  for (std::uint32_t i = 1; i <= m; ++i) {
    auto& row = rows[i % 3];
    const auto& last = rows[(i + 2) % 3];
    const auto& older = rows[(i + 1) % 3];
    const std::uint32_t from = i > most ? i - most : 0, to = std::min(n, i + most);
    unsigned least = over;
    if (from > 0) row[from - 1] = over;
    for (std::uint32_t j = from; j <= to; ++j) {
      unsigned value = over;
      if (j == 0) {
        value = std::min(i, over);
      } else {
        value = std::min({last[j - 1] + (left(i) == right(j) ? 0U : 1U), last[j] + 1, row[j - 1] + 1, over});
        if (i > 1 && j > 1 && left(i) == right(j - 1) && left(i - 1) == right(j)) value = std::min(value, older[j - 2] + 1);
      }
      row[j] = value;
      least = std::min(least, value);
    }
    if (to < n) row[to + 1] = over;
    // A swap reaches back two rows, at the price of one: only a row wholly over the limit ends it.
    if (least >= over && *std::min_element(last.begin(), last.begin() + n + 1) >= most) return over;
  }
  return std::min(rows[m % 3][n], over);
}

std::uint32_t NearIndex::signature(const Letters& word) {
  std::uint32_t out = 0;
  for (std::uint32_t i = 0; i < word.count; ++i) out |= letter_bit(word.at[i]);
  return out | std::min(word.count, 63U) << letter_bits;
}

// What remains of the first letters when up to `deletes` (0 to 2) of them are left out.
NearIndex::Keys NearIndex::keys_of(const Letters& word, unsigned deletes) {
  const std::uint32_t count = std::min(word.count, key_letters);
  Keys out;
  const auto add = [&](std::uint32_t skip_a, std::uint32_t skip_b) {
    std::uint64_t key = 0x51ed270b76d3a3a5ULL;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i != skip_a && i != skip_b) key = (key ^ word.at[i]) * 0x9fb21c651e98df25ULL;
    }
    key = WordHash::finish(key);
    // Leaving out either of two equal neighbours gives the same.
    if (std::find(out.at.begin(), out.at.begin() + static_cast<std::ptrdiff_t>(out.count), key) ==
        out.at.begin() + static_cast<std::ptrdiff_t>(out.count)) {
      out.at[out.count++] = key;
    }
  };
  add(none, none);
  for (std::uint32_t i = 0; deletes >= 1 && i < count; ++i) add(i, none);
  for (std::uint32_t i = 0; deletes >= 2 && i < count; ++i) {
    for (std::uint32_t j = i + 1; j < count; ++j) add(i, j);
  }
  return out;
}

NearIndex NearIndex::build(const std::vector<Word>& words) {
  struct Filed {
    std::uint64_t key;
    Entry entry;
  };
  std::vector<Filed> filed;
  filed.reserve(words.size() * 20);
  for (const Word& word : words) {
    const Letters letters(word.text);
    const Entry entry{word.id, signature(letters)};
    const Keys keys = keys_of(letters, word.distance);
    for (std::size_t i = 0; i < keys.count; ++i) filed.push_back({keys.at[i], entry});
  }
  NearIndex out;
  std::vector<std::uint32_t> begin(filed.size() + 2, 0);   // as many buckets as entries
  out.begin_ = flat::Array<std::uint32_t>(begin, nullptr);
  for (const Filed& each : filed) ++begin[out.bucket(each.key) + 1];
  for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<Entry> entries(filed.size());
  std::vector<std::uint32_t> at(begin.begin(), begin.end() - 1);
  for (const Filed& each : filed) entries[at[out.bucket(each.key)]++] = each.entry;
  out.begin_ = std::move(begin);
  out.entries_ = std::move(entries);
  return out;
}

void NearIndex::save(flat::Writer& out, const std::string& name) const {
  out.add(name + ".begin", begin_);
  out.add(name + ".entries", entries_);
}

Result<void> NearIndex::load(const flat::File& file, const std::string& name, std::uint32_t ids) {
  if (auto read = file.read(name + ".begin", begin_, name + ".entries", entries_); !read) return read;
  if (begin_.empty()) return fail(ErrorCode::invalid, "damaged search index: " + name);
  for (const Entry& entry : entries_) {
    if (entry.id >= ids) return fail(ErrorCode::invalid, "damaged search index: numbers of " + name);
  }
  return check_offsets(begin_, begin_.size() - 1, entries_.size(), name.c_str());
}

}  // namespace verbund::search
