// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/service_bits.h"

#include <algorithm>

namespace verbund::directory::finder {

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
  Words only;
  bool several = false;
  for (const std::uint32_t area : areas) {
    const Words next = row(area);
    if (next.empty()) continue;
    if (only.empty()) {
      only = next;
      continue;
    }
    if (!several) {
      out.assign(only.begin(), only.end());
      several = true;
    }
    if (out.size() < next.size()) out.resize(next.size(), 0);
    std::uint64_t* to = out.data();
    const std::uint64_t* from = next.data();
    for (std::size_t i = 0; i < next.size(); ++i) to[i] |= from[i];
  }
  return several ? Words(out) : only;
}

void ServiceBits::set(std::uint32_t area, std::uint32_t service, bool value) {
  if (test(row(area), service) == value) return;
  while (rows_.size() <= area) rows_.push_back({});
  // A version that readers have holds the row too, so a row is copied at each change; batches change few.
  const Words before = row(area);
  auto words = std::make_shared<std::vector<std::uint64_t>>(before.begin(), before.end());
  put(*words, service, value);
  Row& row = rows_.edit(area);
  row_bytes_ += words->size() * 8 - (row.owned ? row.owned->size() * 8 : 0);
  row = {words->data(), static_cast<std::uint32_t>(words->size()), words};
}

}  // namespace verbund::directory::finder
