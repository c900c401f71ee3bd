// SPDX-License-Identifier: EUPL-1.2
// What each responsibility says, by its id: what has to be taken back when it changes. Of the one writer; readers of the
// index do not look here, so a mapped table costs no memory until something changes.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "directory/finder/service_links.h"
#include "kits/flat/flat.h"

namespace verbund::directory::finder {

class LinkTable {
 public:
  struct Row {
    std::uint32_t service, holder;   // holder: packed with its kind
    std::uint32_t area;              // number; or `several` + where in lists (count, then numbers)
    std::uint32_t role;
  };
  static constexpr std::uint32_t several = 1U << 31;

  struct Tables {
    flat::Array<std::uint64_t> hashes;   // of the ids, ascending
    flat::Array<Row> rows;
    flat::Array<std::uint32_t> lists;
    template <typename Each>
    void each(const Each& part) {
      part("links.hashes", hashes);
      part("links.rows", rows);
      part("links.lists", lists);
    }
  };

  struct Entry {
    std::uint32_t service = 0;
    std::vector<Link> links;             // one per area
  };

  LinkTable() = default;
  explicit LinkTable(Tables tables) : tables_(std::move(tables)), size_(tables_.hashes.size()) {}

  // `hash`: hash_id of the id. Two ids with the same 64 bits would be taken for one (chance below 10^-6 for 4 million).
  std::optional<Entry> find(std::uint64_t hash) const;
  void put(std::uint64_t hash, std::optional<Entry> entry);   // nothing: taken away
  std::size_t size() const { return size_; }
  std::size_t changed() const { return changed_.size(); }

 private:
  std::optional<Entry> in_tables(std::uint64_t hash) const;
  Tables tables_;
  std::unordered_map<std::uint64_t, std::optional<Entry>> changed_;
  std::size_t size_ = 0;
};

}  // namespace verbund::directory::finder
