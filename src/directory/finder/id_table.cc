// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/id_table.h"

#include <bit>
#include <cstring>

namespace verbund::directory::finder {
namespace {

constexpr std::uint64_t k0 = 0x9fb21c651e98df25ULL, k1 = 0xd6e8feb86659fd93ULL;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * k0;
  return hash ^ (hash >> 32);
}

// Eight bytes a step, little-endian.
std::uint64_t hash_bytes(std::string_view text, std::uint64_t hash) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t value = 0;
    std::memcpy(&value, text.data() + at, 8);
    hash = mix(hash, value);
  }
  std::uint64_t rest = 0;
  if (at < text.size()) std::memcpy(&rest, text.data() + at, text.size() - at);
  return mix(mix(hash, rest), text.size());
}

// Slot of the id or the free one where it belongs.
template <typename Slots, typename Same>
std::size_t probe(const Slots& slots, std::uint64_t hash, const Same& same) {
  const std::size_t mask = slots.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    if (slots[slot] == IdTable::none || same(slots[slot])) return slot;
  }
}

bool too_full(std::size_t rows, std::size_t slots) { return rows * 8 > slots * 5; }

}  // namespace

std::uint64_t hash_id(IdView id) {
  const std::uint64_t hash = hash_bytes(id.local, hash_bytes(id.agency, k1)) * k1;
  return hash ^ (hash >> 29);
}

std::uint32_t IdTable::find(IdView id, const SharedTexts& texts) const {
  if (slots_.empty()) return none;
  return slots_[probe(slots_, hash_id(id), [&](std::uint32_t number) { return view(number, texts) == id; })];
}

std::uint32_t IdTable::intern(IdView id, SharedTexts& texts) {
  if (const std::uint32_t known = find(id, texts); known != none) return known;
  const std::uint32_t number = size();
  rows_.push_back({texts.add(id.agency), texts.add(id.local)});
  if (slots_.empty() || too_full(rows_.size(), slots_.size())) {
    grow(texts);
  } else {
    slots_.edit(probe(slots_, hash_id(id), [](std::uint32_t) { return false; })) = number;
  }
  return number;
}

void IdTable::grow(const SharedTexts& texts) {
  std::vector<std::uint32_t> slots(std::bit_ceil(std::max<std::size_t>(1024, rows_.size() * 2)), none);
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    slots[probe(slots, hash_id(view(i, texts)), [](std::uint32_t) { return false; })] = i;
  }
  slots_ = SharedArray<std::uint32_t, 10>(std::move(slots));
}

SharedTexts::Ref IdCollector::agency_ref(std::string_view agency) {
  if (!rows_.empty() && texts_.at(rows_.back().agency) == agency) return rows_.back().agency;
  if (agencies_.empty() || agency_count_ * 2 >= agencies_.size()) {
    std::vector<SharedTexts::Ref> bigger(std::max<std::size_t>(64, agencies_.size() * 4), IdTable::none);
    for (const SharedTexts::Ref ref : agencies_) {
      if (ref == IdTable::none) continue;
      bigger[probe(bigger, hash_bytes(texts_.at(ref), k1), [](std::uint32_t) { return false; })] = ref;
    }
    agencies_ = std::move(bigger);
  }
  const std::size_t slot = probe(agencies_, hash_bytes(agency, k1),
                                 [&](SharedTexts::Ref ref) { return texts_.at(ref) == agency; });
  if (agencies_[slot] == IdTable::none) {
    agencies_[slot] = texts_.add(agency);
    ++agency_count_;
  }
  return agencies_[slot];
}

std::uint32_t IdCollector::intern(IdView id) {
  const std::uint64_t hash = hash_id(id);
  const std::size_t slot = probe(slots_, hash, [&](std::uint32_t number) {
    return hashes_[number] == static_cast<std::uint32_t>(hash) && view(number) == id;
  });
  if (slots_[slot] != IdTable::none) return slots_[slot];
  const std::uint32_t number = size();
  rows_.push_back({agency_ref(id.agency), texts_.add(id.local)});
  hashes_.push_back(static_cast<std::uint32_t>(hash));
  slots_[slot] = number;
  if (too_full(rows_.size(), slots_.size())) {
    VERBUND_CHECK(slots_.size() < (std::size_t{1} << 31));
    std::vector<std::uint32_t> bigger(slots_.size() * 2, IdTable::none);
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
      bigger[probe(bigger, hashes_[i], [](std::uint32_t) { return false; })] = i;
    }
    slots_ = std::move(bigger);
  }
  return number;
}

}  // namespace verbund::directory::finder
