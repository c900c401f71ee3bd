// SPDX-License-Identifier: EUPL-1.2
// Sets of services, one per area, as bitmaps that versions share.
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

class ServiceBits {
 public:
  using Words = std::span<const std::uint64_t>;

  struct Table {
    flat::Array<std::uint32_t> row_of;    // per area: row, or none for an empty set
    flat::Array<std::uint64_t> words;     // rows of equal length
    flat::Array<std::uint32_t> width;     // one number: words in a row
    template <typename Each>
    void each(const std::string& name, const Each& part) {
      part(name + ".row_of", row_of);
      part(name + ".words", words);
      part(name + ".width", width);
    }
  };
  // Makes a table; bits may be set in any order.
  class Builder {
   public:
    Builder(std::size_t areas, std::size_t services) : width_((services + 63) / 64), row_of_(areas, none) {}
    void set(std::uint32_t area, std::uint32_t service) {
      std::uint32_t& row = row_of_[area];
      if (row == none) {
        row = static_cast<std::uint32_t>(words_.size() / width_);
        words_.resize(words_.size() + width_, 0);
      }
      words_[row * width_ + service / 64] |= std::uint64_t{1} << (service % 64);
    }
    Table take() {
      words_.shrink_to_fit();
      return {std::move(row_of_), std::move(words_), std::vector{static_cast<std::uint32_t>(width_)}};
    }

   private:
    std::size_t width_;
    std::vector<std::uint32_t> row_of_;
    std::vector<std::uint64_t> words_;
  };

  ServiceBits() = default;
  explicit ServiceBits(const Table& table);

  static bool test(Words words, std::uint32_t service) {
    return service / 64 < words.size() && (words[service / 64] >> (service % 64) & 1) != 0;
  }
  static void put(std::vector<std::uint64_t>& words, std::uint32_t service, bool value) {
    if (service / 64 >= words.size()) words.resize(service / 64 + 1, 0);
    const std::uint64_t bit = std::uint64_t{1} << (service % 64);
    words[service / 64] = value ? words[service / 64] | bit : words[service / 64] & ~bit;
  }

  Words row(std::uint32_t area) const {
    if (area >= rows_.size()) return {};
    return {rows_[area].words, rows_[area].count};
  }
  bool any(std::span<const std::uint32_t> areas, std::uint32_t service) const {
    for (const std::uint32_t area : areas) {
      if (test(row(area), service)) return true;
    }
    return false;
  }
  // The union over the areas; in `out` unless one row is all there is.
  Words all_of(std::span<const std::uint32_t> areas, std::vector<std::uint64_t>& out) const;

  void set(std::uint32_t area, std::uint32_t service, bool value);
  void seal() {
    rows_.seal();
    ++draft_;
  }
  std::size_t own_bytes() const { return rows_.own_bytes() + row_bytes_; }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Row {
    const std::uint64_t* words = nullptr;
    std::uint32_t count = 0;
    std::shared_ptr<std::vector<std::uint64_t>> owned;   // null: in the table
    std::uint32_t draft = 0;                             // in which it was copied
  };
  SharedArray<Row, 6> rows_;
  std::size_t row_bytes_ = 0;
  std::uint32_t draft_ = 1;                              // goes up with each seal
  flat::Array<std::uint64_t> keep_;
};

}  // namespace verbund::directory::finder
