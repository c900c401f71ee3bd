// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/service_bits.h"

#include <algorithm>
#include <array>

namespace verbund::directory::finder {
namespace {

constexpr std::size_t most_areas = 6;   // a place and those above it

}  // namespace

ServiceBits::ServiceBits(const Table& table) : keep_(table.words) {
  const std::size_t width = table.width.empty() ? 0 : table.width.front();
  std::vector<Row> rows(table.row_of.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (table.row_of[i] == none) continue;
    rows[i].words = keep_.data() + table.row_of[i] * width;
    rows[i].count = static_cast<std::uint32_t>(width);
  }
  rows_ = SharedArray<Row, 6>(std::move(rows));
}

ServiceBits::Words ServiceBits::all_of(std::span<const std::uint32_t> areas, std::vector<std::uint64_t>& out) const {
  std::array<Words, most_areas> rows;
  std::size_t count = 0, common = SIZE_MAX, longest = 0;
  for (const std::uint32_t area : areas) {
    const Words next = row(area);
    if (next.empty() || count == most_areas) continue;
    rows[count++] = next;
    common = std::min(common, next.size());
    longest = std::max(longest, next.size());
  }
  if (count == 0) return {};
  if (count == 1) return rows[0];
  out.resize(longest);
  // One pass over all rows, 16 bytes at a time: the union is written once.
  using Pair = std::uint64_t __attribute__((vector_size(16), aligned(8), may_alias));
  std::size_t i = 0;
  for (; i + 2 <= common; i += 2) {
    Pair sum = *reinterpret_cast<const Pair*>(rows[0].data() + i);
    for (std::size_t r = 1; r < count; ++r) sum |= *reinterpret_cast<const Pair*>(rows[r].data() + i);
    *reinterpret_cast<Pair*>(out.data() + i) = sum;
  }
  for (; i < longest; ++i) {
    std::uint64_t sum = 0;
    for (std::size_t r = 0; r < count; ++r) sum |= i < rows[r].size() ? rows[r][i] : 0;
    out[i] = sum;
  }
  return out;
}

void ServiceBits::set(std::uint32_t area, std::uint32_t service, bool value) {
  if (test(row(area), service) == value) return;
  while (rows_.size() <= area) rows_.push_back({});
  Row& now = rows_.edit(area);
  if (now.owned && now.draft == draft_ && service / 64 < now.owned->size()) {   // no reader has this copy yet
    put(*now.owned, service, value);
    return;
  }
  const Words before{now.words, now.count};
  auto words = std::make_shared<std::vector<std::uint64_t>>(before.begin(), before.end());
  put(*words, service, value);
  row_bytes_ += words->size() * 8 - (now.owned ? now.owned->size() * 8 : 0);
  now = {words->data(), static_cast<std::uint32_t>(words->size()), words, draft_};
}

}  // namespace verbund::directory::finder
