// SPDX-License-Identifier: EUPL-1.2
// The services of each holder (unit, online service), as lists that versions share.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "directory/finder/shared_array.h"
#include "kits/flat/flat.h"

namespace verbund::directory::finder {

class HolderLists {
 public:
  struct Table {
    flat::Array<std::uint32_t> begin;      // holders + 1
    flat::Array<std::uint32_t> services;   // ascending per holder, each once
    template <typename Each>
    void each(const std::string& name, const Each& part) {
      part(name + ".begin", begin);
      part(name + ".services", services);
    }
  };

  HolderLists() = default;
  explicit HolderLists(Table table) : table_(std::move(table)), known_(table_.begin.empty() ? 0 : table_.begin.size() - 1) {}

  std::span<const std::uint32_t> of(std::uint32_t holder) const {
    if (holder < changed_.size() && changed_[holder] != 0) return *lists_[changed_[holder] - 1];
    if (holder >= known_) return {};
    return {table_.services.data() + table_.begin[holder], table_.services.data() + table_.begin[holder + 1]};
  }
  void set(std::uint32_t holder, std::vector<std::uint32_t> services) {
    if (changed_.empty()) changed_ = SharedArray<std::uint32_t, 10>(std::vector<std::uint32_t>(known_, 0));
    while (changed_.size() <= holder) changed_.push_back(0);
    auto list = std::make_shared<const std::vector<std::uint32_t>>(std::move(services));
    if (const std::uint32_t at = changed_[holder]; at != 0) {
      lists_.edit(at - 1) = std::move(list);
    } else {
      lists_.push_back(std::move(list));
      changed_.edit(holder) = static_cast<std::uint32_t>(lists_.size());
    }
  }
  void seal() {
    changed_.seal();
    lists_.seal();
  }
  std::size_t own_bytes() const { return changed_.own_bytes() + lists_.own_bytes() + lists_.size() * 48; }

 private:
  Table table_;
  std::size_t known_ = 0;
  SharedArray<std::uint32_t, 10> changed_;   // 0, or where in lists_ + 1
  SharedArray<std::shared_ptr<const std::vector<std::uint32_t>>, 6> lists_;
};

}  // namespace verbund::directory::finder
