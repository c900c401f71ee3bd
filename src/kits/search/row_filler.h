// SPDX-License-Identifier: EUPL-1.2
// From what a word may stand for to what it is worth in each document. Inside this kit only.
#pragma once

#include "kits/search/reading.h"
#include "kits/search/scratch.h"

namespace verbund::search {

class RowFiller {
 public:
  explicit RowFiller(const Task& task);
  void fill(Row& row, const Reading& reading);
  // Adds the alternatives from `from` on. Requires: filled with the others.
  void add(Row& row, const Reading& reading, std::size_t from);
  // Leaves it as it was before fill.
  void wipe(Row& row) const;

 private:
  void ready(Row& row) const;
  void add_base(Row& row, std::uint32_t list, std::uint32_t weight) const;
  void drop_changed(Row& row) const;
  void add_changed(Row& row, std::uint32_t list, std::uint32_t weight) const;
  template <typename Of, typename Dense>
  void add_joint(Row& row, const Reading& reading, std::uint8_t place, const Of& of, const Dense& dense);
  void add_parts(Row& row, const Reading& reading);
  void weigh(Row& row) const;

  const Task& task_;
  const std::uint32_t size_;              // documents, to the end of the last block
};

}  // namespace verbund::search
