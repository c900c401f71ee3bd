// SPDX-License-Identifier: EUPL-1.2
#include <functional>

#include "directory/objects/known_ids.h"

namespace verbund::directory {
namespace {

constexpr std::size_t blocks = 1 << 17;         // of 512 bits, a line of the processor's cache: 8 MiB
constexpr std::size_t words_in_block = 8;
constexpr int bits_of_id = 4;

template <typename F>
void each_bit(std::uint64_t bits, F&& each) {
  for (int n = 0; n < bits_of_id; ++n, bits >>= 9) each((bits >> 6) & 7, std::uint64_t{1} << (bits & 63));
}

}  // namespace

KnownIds::KnownIds(store::Connection& connection) : connection_(connection), words_(blocks * words_in_block) {}

KnownIds::Place KnownIds::place(ObjectKind kind, std::string_view agency, std::string_view local) {
  const std::hash<std::string_view> hash;
  std::uint64_t mixed = hash(local) ^ (hash(agency) * 0x9E3779B97F4A7C15U) ^ static_cast<std::uint64_t>(kind);
  mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93U;
  mixed ^= mixed >> 32;
  return {static_cast<std::size_t>(mixed % blocks) * words_in_block, mixed >> 17};
}

bool KnownIds::whole(ObjectKind kind, std::string_view agency, std::int64_t most) {
  if (last_ == nullptr || last_kind_ != kind || last_agency_ != agency) {
    last_ = &ranges_[{kind, std::string(agency)}];
    last_kind_ = kind;
    last_agency_ = agency;
  }
  Range& range = *last_;
  if (range.whole || most < 2 * range.tried) return range.whole;
  range.tried = most;
  auto rows = connection_.prepare("SELECT local FROM directory_object WHERE kind = $1 AND agency = $2 LIMIT $3");
  rows.bind(1, name(kind)).bind(2, agency).bind(3, most + 1);
  std::int64_t count = 0;
  for (; rows.step(); ++count) add(kind, agency, rows.text(0));
  return range.whole = count <= most;
}

bool KnownIds::may_hold(ObjectKind kind, const ObjectId& id) const {
  const Place at = place(kind, id.agency, id.local);
  bool all = true;
  each_bit(at.bits, [&](std::size_t word, std::uint64_t bit) { all = all && (words_[at.block + word] & bit) != 0; });
  return all;
}

void KnownIds::add(ObjectKind kind, std::string_view agency, std::string_view local) {
  const Place at = place(kind, agency, local);
  each_bit(at.bits, [&](std::size_t word, std::uint64_t bit) { words_[at.block + word] |= bit; });
}

}  // namespace verbund::directory
