// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/row_filler.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "kits/search/rows.h"

namespace verbund::search {
namespace {

constexpr std::uint32_t many = 256;       // touched documents: all blocks at once cost less than one by one

void put(Row& row, Posting posting, std::uint32_t weight) {
  const std::uint32_t document = document_of(posting);
  const auto value = static_cast<std::uint8_t>(impact_of(posting) * weight >> 8);
  std::uint8_t& now = row.values[document];
  if (value > now) now = value;
  set_bit(row.touched, document);
}

std::uint32_t count_of(const std::vector<std::uint64_t>& bits) {
  std::uint32_t out = 0;
  for (const std::uint64_t word : bits) out += static_cast<std::uint32_t>(std::popcount(word));
  return out;
}

}  // namespace

RowFiller::RowFiller(const Task& task)
    : task_(task), size_((task.documents + block_size - 1) / block_size * block_size) {}

void RowFiller::ready(Row& row) const {
  if (row.values.size() < size_) row.values.resize(size_, 0);
  if (row.touched.size() != size_ / 64) row.touched.resize(size_ / 64, 0);
  row.data = row.values.data();
}

void RowFiller::wipe(Row& row) const {
  if (row.data == row.values.data()) {
    if (row.whole || row.count > many) {
      std::memset(row.values.data(), 0, row.values.size());
    } else {
      each_bit(row.touched, [&](std::uint32_t document) { row.values[document] = 0; });
    }
  }
  std::fill(row.touched.begin(), row.touched.end(), 0);
  row.whole = false;
  row.count = 0;
}

void RowFiller::add_base(Row& row, std::uint32_t list, std::uint32_t weight) const {
  if (list >= task_.index.lists()) return;
  if (const std::uint8_t* const dense = task_.index.dense(list)) {
    for (std::size_t at = 0; at < task_.index.stride(); at += block_size) {
      rows::take_largest(row.values.data() + at, dense + at, weight);
    }
    row.whole = true;
    return;
  }
  for (const Posting posting : task_.index.postings(list)) put(row, posting, weight);
}

void RowFiller::drop_changed(Row& row) const {
  if (task_.overlay == nullptr) return;
  for (const std::uint32_t document : task_.overlay->changed_documents()) row.values[document] = 0;
}

void RowFiller::add_changed(Row& row, std::uint32_t list, std::uint32_t weight) const {
  if (task_.overlay == nullptr) return;
  for (std::size_t i = 0; i < task_.overlay->segments(); ++i) {
    for (const Posting posting : task_.overlay->segment(i).of(list)) {
      if (task_.overlay->place_of(document_of(posting)) == i) put(row, posting, weight);
    }
  }
}

// What the documents have of one part.
const std::uint8_t* RowFiller::part(std::uint32_t list) {
  if (task_.overlay == nullptr && list < task_.index.lists()) {
    if (const std::uint8_t* const dense = task_.index.dense(list)) return dense;
  }
  Row& row = task_.memory.part;
  ready(row);
  add_base(row, list, 256);
  drop_changed(row);
  add_changed(row, list, 256);
  return row.data;
}

// All parts of a compound in one document, wherever they stand.
void RowFiller::add_parts(Row& row, const Reading& reading) {
  // The rarest first: then the others are looked up where it stands.
  std::array<std::uint32_t, Dictionary::most_parts> parts;
  const auto length = [&](std::uint32_t list) {
    return list < task_.index.lists() ? task_.index.postings(list).size() : 0;
  };
  std::copy_n(reading.parts.begin(), reading.part_count, parts.begin());
  for (std::size_t i = 1; i < reading.part_count; ++i) {
    if (length(parts[i]) < length(parts[0])) std::swap(parts[0], parts[i]);
  }
  Row& joint = task_.memory.joint;
  ready(joint);
  add_base(joint, parts[0], 256);
  drop_changed(joint);
  add_changed(joint, parts[0], 256);
  for (std::size_t i = 1; i < reading.part_count; ++i) {
    const std::uint8_t* const other = part(parts[i]);
    if (joint.whole) {
      for (std::size_t at = 0; at < size_; at += block_size) {
        rows::take_smallest(joint.values.data() + at, other + at);
      }
    } else {
      each_bit(joint.touched, [&](std::uint32_t document) {
        joint.values[document] = std::min(joint.values[document], other[document]);
      });
    }
    Row& used = task_.memory.part;
    if (other != used.data) continue;
    used.count = used.whole ? 0 : count_of(used.touched);
    wipe(used);
  }
  if (joint.whole) {
    for (std::size_t at = 0; at < size_; at += block_size) {
      rows::take_largest(row.values.data() + at, joint.values.data() + at, reading.part_weight);
    }
    row.whole = true;
  } else {
    each_bit(joint.touched, [&](std::uint32_t document) {
      if (joint.values[document] > 0) put(row, document << 8 | joint.values[document], reading.part_weight);
    });
    joint.count = count_of(joint.touched);
  }
  wipe(joint);
}

void RowFiller::weigh(Row& row) const {
  row.count = row.whole ? task_.documents : count_of(row.touched);
  row.sum = {};
  if (row.whole || row.count > many) {
    for (std::size_t at = 0; at < size_; at += block_size) {
      const Sum here = rows::sum(row.values.data() + at);
      row.sum.sum += here.sum;
      row.sum.most = std::max(row.sum.most, here.most);
    }
    return;
  }
  each_bit(row.touched, [&](std::uint32_t document) {
    const std::uint32_t value = row.values[document];
    row.sum.sum += value;
    row.sum.most = std::max(row.sum.most, value);
  });
}

void RowFiller::fill(Row& row, const Reading& reading) {
  ready(row);
  // A dense list alone is the row.
  if (reading.count == 1 && reading.part_count == 0 && reading.alternatives[0].weight == 256 &&
      task_.overlay == nullptr && reading.alternatives[0].list < task_.index.lists()) {
    if (const std::uint8_t* const dense = task_.index.dense(reading.alternatives[0].list)) {
      row.data = dense;
      row.whole = true;
      row.count = task_.documents;
      row.sum = task_.index.dense_sum(reading.alternatives[0].list);
      return;
    }
  }
  for (const Alternative& way : reading.span()) add_base(row, way.list, way.weight);
  drop_changed(row);
  for (const Alternative& way : reading.span()) add_changed(row, way.list, way.weight);
  if (reading.part_count >= 2) add_parts(row, reading);
  weigh(row);
}

void RowFiller::add(Row& row, const Reading& reading, std::size_t from) {
  for (std::size_t i = from; i < reading.count; ++i) {
    add_base(row, reading.alternatives[i].list, reading.alternatives[i].weight);
  }
  drop_changed(row);
  for (const Alternative& way : reading.span()) add_changed(row, way.list, way.weight);
  weigh(row);
}

}  // namespace verbund::search
