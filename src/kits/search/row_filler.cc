// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/row_filler.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "kits/search/rows.h"

namespace verbund::search {
namespace {

constexpr std::uint32_t many = 256;       // touched documents: all blocks at once cost less than one by one

void put(Row& row, std::uint32_t document, std::uint32_t impact, std::uint32_t weight) {
  const auto value = static_cast<std::uint8_t>(impact * weight >> 8);
  std::uint8_t& now = row.values[document];
  std::uint64_t& word = row.touched[document / 64];
  const std::uint64_t bit = std::uint64_t{1} << (document % 64);
  row.count += (word & bit) == 0 ? 1 : 0;
  word |= bit;
  if (value <= now) return;
  row.sum.sum += static_cast<std::uint32_t>(value - now);
  row.sum.most = std::max<std::uint32_t>(row.sum.most, value);
  now = value;
}

void put(Row& row, Posting posting, std::uint32_t weight) { put(row, document_of(posting), impact_of(posting), weight); }

// From `at` on, the first at or behind the document. `far`: many will be passed over.
const Posting* forward(const Posting* at, const Posting* end, std::uint32_t document, bool far) {
  if (!far) {
    while (at != end && document_of(*at) < document) ++at;
    return at;
  }
  std::ptrdiff_t step = 1;
  while (end - at > step && document_of(at[step]) < document) {
    at += step;
    step *= 2;
  }
  return std::lower_bound(at, end - at > step ? at + step + 1 : end, document << 8);
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
  row.sum = {};
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

// All parts of a compound in one document, wherever they stand: the rarest is gone through, the others are looked up.
// `place`: where the lists are from; `dense`: a part as one byte per document, or nullptr.
template <typename Of, typename Dense>
void RowFiller::add_joint(Row& row, const Reading& reading, std::uint8_t place, const Of& of, const Dense& dense) {
  constexpr std::size_t far_apart = 16;   // times as long: leaps cost less than steps
  struct Part {
    std::span<const Posting> list;
    const std::uint8_t* bytes;
    const Posting* at;
    bool far;
  };
  std::array<Part, Dictionary::most_parts> parts;
  for (std::size_t i = 0; i < reading.part_count; ++i) {
    const std::span<const Posting> list = of(reading.parts[i]);
    if (list.empty()) return;
    parts[i] = {list, dense(reading.parts[i]), list.data(), false};
    if (list.size() < parts[0].list.size()) std::swap(parts[0], parts[i]);
  }
  const std::size_t rarest = parts[0].list.size();
  for (Part& part : parts) part.far = part.list.size() > far_apart * rarest;
  for (const Posting posting : parts[0].list) {
    const std::uint32_t document = document_of(posting);
    std::uint32_t least = impact_of(posting);
    if ((least * reading.part_weight >> 8) <= row.values[document]) continue;   // it is worth as much already
    for (std::size_t i = 1; i < reading.part_count && least > 0; ++i) {
      Part& part = parts[i];
      if (part.bytes != nullptr) {
        least = std::min<std::uint32_t>(least, part.bytes[document]);
        continue;
      }
      const Posting* const end = part.list.data() + part.list.size();
      part.at = forward(part.at, end, document, part.far);
      if (part.at == end) return;
      least = document_of(*part.at) == document ? std::min(least, impact_of(*part.at)) : 0;
    }
    if (least == 0 || (task_.overlay != nullptr && task_.overlay->place_of(document) != place)) continue;
    put(row, document, least, reading.part_weight);
  }
}

void RowFiller::add_parts(Row& row, const Reading& reading) {
  const auto dense = [&](std::uint32_t list) {
    return list < task_.index.lists() ? task_.index.dense(list) : nullptr;
  };
  const std::span<const std::uint32_t> parts(reading.parts.data(), reading.part_count);
  if (task_.overlay == nullptr && std::all_of(parts.begin(), parts.end(), dense)) {
    std::array<std::uint8_t, block_size> joint;
    for (std::size_t at = 0; at < task_.index.stride(); at += block_size) {
      std::memcpy(joint.data(), dense(parts[0]) + at, block_size);
      for (const std::uint32_t part : parts.subspan(1)) rows::take_smallest(joint.data(), dense(part) + at);
      rows::take_largest(row.values.data() + at, joint.data(), reading.part_weight);
    }
    row.whole = true;
    return;
  }
  add_joint(row, reading, TextOverlay::in_base, [&](std::uint32_t list) {
    return list < task_.index.lists() ? task_.index.postings(list) : std::span<const Posting>();
  }, dense);
  if (task_.overlay == nullptr) return;
  for (std::size_t i = 0; i < task_.overlay->segments(); ++i) {
    const TextOverlay::Segment& segment = task_.overlay->segment(i);
    add_joint(row, reading, static_cast<std::uint8_t>(i), [&](std::uint32_t list) { return segment.of(list); },
              [](std::uint32_t) -> const std::uint8_t* { return nullptr; });
  }
}

// What was put in is counted already, unless it came in blocks or was dropped again.
void RowFiller::weigh(Row& row) const {
  if (!row.whole && task_.overlay == nullptr) return;
  row.sum = {};
  if (row.whole || row.count > many) {
    if (row.whole) row.count = task_.documents;
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
