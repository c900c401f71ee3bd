// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/link_table.h"

#include <algorithm>

namespace verbund::directory::finder {

std::optional<LinkTable::Entry> LinkTable::in_tables(std::uint64_t hash) const {
  // Hashes are spread evenly: the place is nearly known beforehand, and few pages of the table are touched.
  const auto& hashes = tables_.hashes;
  std::size_t low = 0, high = hashes.size();
  for (int step = 0; step < 8 && high - low > 32; ++step) {
    const std::uint64_t least = hashes[low], most = hashes[high - 1];
    if (hash < least || hash > most) return std::nullopt;
    const double part = static_cast<double>(hash - least) / (static_cast<double>(most - least) + 1);
    const auto guess = low + static_cast<std::size_t>(part * static_cast<double>(high - low - 1));
    constexpr std::size_t around = 16;
    const std::size_t left = guess > low + around ? guess - around : low, right = std::min(high, guess + around);
    if (hashes[left] > hash) {
      high = left;
    } else if (hashes[right - 1] < hash) {
      low = right;
    } else {
      low = left;
      high = right;
    }
    if (low >= high) return std::nullopt;
  }
  const auto at = std::lower_bound(hashes.begin() + low, hashes.begin() + high, hash);
  if (at == hashes.begin() + high || *at != hash) return std::nullopt;
  const Row& row = tables_.rows[static_cast<std::size_t>(at - hashes.begin())];
  Entry out{row.service, {}};
  const auto link = [&](std::uint32_t area) {
    out.links.push_back({area, Link::holder_of(row.holder), Link::kind_of(row.holder), static_cast<std::uint8_t>(row.role)});
  };
  if ((row.area & several) == 0) {
    link(row.area);
  } else {
    const std::uint32_t* list = tables_.lists.data() + (row.area & ~several);
    for (std::uint32_t i = 0; i < list[0]; ++i) link(list[1 + i]);
  }
  return out;
}

std::optional<LinkTable::Entry> LinkTable::find(std::uint64_t hash) const {
  if (const auto changed = changed_.find(hash); changed != changed_.end()) return changed->second;
  return in_tables(hash);
}

void LinkTable::put(std::uint64_t hash, std::optional<Entry> entry) {
  const bool before = find(hash).has_value(), after = entry.has_value();
  size_ = size_ + (after ? 1 : 0) - (before ? 1 : 0);
  changed_[hash] = std::move(entry);
}

}  // namespace verbund::directory::finder
