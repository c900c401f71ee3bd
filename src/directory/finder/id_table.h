// SPDX-License-Identifier: EUPL-1.2
// Objects of one kind: number <-> id. Numbers stay; ids that are only referred to have numbers too.
#pragma once

#include <cstdint>
#include <string_view>

#include "directory/finder/found.h"
#include "directory/finder/shared_array.h"
#include "directory/finder/shared_texts.h"
#include "directory/identity/object.h"

namespace verbund::directory::finder {

using directory::IdView;

std::uint64_t hash_id(IdView id);   // the same in every run and on every machine

struct IdRow {
  SharedTexts::Ref agency, local;
};

// Open addressing over numbers, at most 5/8 full.
class IdTable {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  IdTable() = default;
  IdTable(SharedArray<IdRow> rows, SharedArray<std::uint32_t, 10> slots)
      : rows_(std::move(rows)), slots_(std::move(slots)) {}

  std::uint32_t size() const { return static_cast<std::uint32_t>(rows_.size()); }
  IdView view(std::uint32_t number, const SharedTexts& texts) const {
    const IdRow& row = rows_[number];
    return {texts.at(row.agency), texts.at(row.local)};
  }
  ObjectId id(std::uint32_t number, const SharedTexts& texts) const { return ObjectId(view(number, texts)); }
  std::uint32_t find(IdView id, const SharedTexts& texts) const;
  std::uint32_t find(const ObjectId& id, const SharedTexts& texts) const {
    return find(IdView{id.agency, id.local}, texts);
  }
  // The number it has or gets.
  std::uint32_t intern(IdView id, SharedTexts& texts);
  void seal() {
    rows_.seal();
    slots_.seal();
  }
  std::size_t own_bytes() const { return rows_.own_bytes() + slots_.own_bytes(); }

 private:
  void grow(const SharedTexts& texts);
  SharedArray<IdRow> rows_;
  SharedArray<std::uint32_t, 10> slots_;   // a power of two
};

// Makes a table of many ids at once.
class IdCollector {
 public:
  explicit IdCollector(SharedTexts::Collector& texts) : texts_(texts), slots_(1024, IdTable::none) {}
  std::uint32_t intern(IdView id);
  std::uint32_t size() const { return static_cast<std::uint32_t>(rows_.size()); }
  IdView view(std::uint32_t number) const { return {texts_.at(rows_[number].agency), texts_.at(rows_[number].local)}; }
  std::vector<IdRow> take_rows() { return std::move(rows_); }
  std::vector<std::uint32_t> take_slots() { return std::move(slots_); }

 private:
  SharedTexts::Ref agency_ref(std::string_view agency);
  SharedTexts::Collector& texts_;
  std::vector<IdRow> rows_;
  std::vector<std::uint32_t> hashes_;      // lower half of the hash of each row: growing needs no texts
  std::vector<std::uint32_t> slots_;
  std::vector<SharedTexts::Ref> agencies_;   // open addressing; few
  std::size_t agency_count_ = 0;
};

}  // namespace verbund::directory::finder
