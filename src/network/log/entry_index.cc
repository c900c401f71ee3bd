// SPDX-License-Identifier: EUPL-1.2
#include "network/log/entry_index.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "kits/file/file.h"
#include "kits/json/json.h"

namespace verbund::network {

// Complete subtrees of 2^16 entries, and behind the last of them of 2^12.
struct EntryIndex::Segment {
  unsigned level;
  std::uint64_t number;
  std::uint64_t entries() const { return std::uint64_t{1} << level; }
  std::uint64_t begin() const { return number << level; }
  std::string file() const { return (level == large ? "/" : "/small-") + std::to_string(number); }
  static constexpr unsigned large = 16, small = 12;
};

namespace {

using tlog::TileId;

constexpr std::string_view magic = "verbund entry index 1\n";
constexpr std::size_t record = 6;                                         // 4 bytes of hash, 2 of position
constexpr std::string_view after_id = ",\"operation\":\"";                // quotes within an id are escaped

// How the entries about an object begin: keys are in order, agency kind local come first.
std::string beginning(std::string_view kind, std::string_view agency, std::string_view local) {
  std::string out = Json::object({{"agency", agency}, {"kind", kind}, {"local", local}}).to_canonical();
  out.back() = ',';
  return out;
}

std::uint64_t hash_of(std::string_view begins) {
  const crypto::Digest digest = crypto::sha256({begins});
  return std::uint64_t{digest[0]} << 24 | std::uint64_t{digest[1]} << 16 | std::uint64_t{digest[2]} << 8 | digest[3];
}

std::uint64_t number_at(std::string_view bytes, std::size_t begin, std::size_t length) {
  std::uint64_t out = 0;
  for (const char c : bytes.substr(begin, length)) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

// Of sorted records: the positions with this hash, newest first.
std::vector<std::uint64_t> positions(std::string_view records, std::uint64_t hash) {
  std::size_t low = 0, high = records.size() / record;   // the first record behind those with this hash
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (number_at(records, middle * record, 4) > hash) high = middle;
    else low = middle + 1;
  }
  std::vector<std::uint64_t> out;
  for (; low > 0 && number_at(records, (low - 1) * record, 4) == hash; --low) {
    out.push_back(number_at(records, (low - 1) * record + 4, 2));
  }
  return out;
}

// The bundle's texts live in `bytes`.
Result<std::vector<std::string_view>> texts_of(LogSource& log, std::uint64_t index, std::uint64_t size,
                                               std::string& bytes) {
  auto read = read_bundle(log, {TileId::entries, index, tlog::width_in(size, TileId::entries, index)});
  if (!read) return pass(read);
  bytes = std::move(*read);
  return tlog::parse_bundle(bytes);
}

Result<EntryPlace> place(std::uint64_t position, std::string_view text) {
  auto entry = Entry::parse(text);
  if (!entry) return pass(entry);
  return EntryPlace{position, std::move(*entry)};
}

}  // namespace

Result<EntryPlace> EntryIndex::newest(std::uint64_t size, std::string_view kind, std::string_view agency,
                                      std::string_view local) const {
  const std::string begins = beginning(kind, agency, local);
  constexpr unsigned more = Segment::large - Segment::small;
  const std::uint64_t large = folder_.empty() ? 0 : size >> Segment::large;
  const std::uint64_t small = folder_.empty() ? 0 : size >> Segment::small;
  std::string bytes;
  const std::uint64_t bundles = (size + tlog::tile_width - 1) / tlog::tile_width;
  for (std::uint64_t bundle = bundles; bundle > (small << Segment::small) / tlog::tile_width; --bundle) {
    const auto texts = texts_of(log_, bundle - 1, size, bytes);
    if (!texts) return std::unexpected(texts.error());
    for (std::size_t i = texts->size(); i > 0; --i) {
      if ((*texts)[i - 1].starts_with(begins)) return place((bundle - 1) * tlog::tile_width + i - 1, (*texts)[i - 1]);
    }
  }
  const std::uint64_t wanted = hash_of(begins);
  tlog::TileReader tiles(size, [&](const TileId& id) { return log_.tile(id); });
  for (std::uint64_t left = large + (small - (large << more)); left > 0; --left) {
    const Segment segment = left > large ? Segment{Segment::small, (large << more) + (left - large) - 1}
                                         : Segment{Segment::large, left - 1};
    const auto root = tiles(segment.level, segment.number);
    if (!root) return std::unexpected(root.error());
    const auto found = candidates(segment, std::string(magic) + std::string(crypto::bytes_of(*root)), wanted);
    if (!found) return std::unexpected(found.error());
    for (const std::uint64_t within : *found) {
      const std::uint64_t position = segment.begin() + within;
      const auto texts = texts_of(log_, position / tlog::tile_width, size, bytes);
      if (!texts) return std::unexpected(texts.error());
      const std::string_view text = (*texts)[position % tlog::tile_width];
      if (text.starts_with(begins)) return place(position, text);
    }
  }
  return fail(ErrorCode::not_found, "the log does not speak of this object");
}

// Positions in the segment, newest first, that an entry with this hash may stand at.
Result<std::vector<std::uint64_t>> EntryIndex::candidates(const Segment& segment, const std::string& head,
                                                          std::uint64_t hash) const {
  const std::string path = folder_ + segment.file();
  // Hashes are spread evenly: where they stand is nearly known beforehand, within six times the usual deviation.
  const std::uint64_t likely = hash >> (32 - segment.level), around = 3ULL << (segment.level / 2);
  const std::uint64_t begin = likely > around ? likely - around : 0;
  const std::uint64_t end = std::min(segment.entries(), likely + around);
  const auto kept = file::read_part(path, 0, head.size());
  if (kept && *kept == head) {
    const std::size_t bytes = (end - begin) * record;
    const auto part = file::read_part(path, head.size() + begin * record, bytes);
    if (part && part->size() == bytes) {
      const bool below = begin == 0 || number_at(*part, 0, 4) < hash;
      const bool above = end == segment.entries() || number_at(*part, bytes - record, 4) > hash;
      if (below && above) return positions(*part, hash);
    }
  }
  const auto whole = read(segment, head);
  if (!whole) return std::unexpected(whole.error());
  return positions(std::string_view(*whole).substr(head.size()), hash);
}

Result<std::string> EntryIndex::read(const Segment& segment, const std::string& head) const {
  const std::string path = folder_ + segment.file();
  const std::size_t bytes = head.size() + segment.entries() * record;
  if (auto kept = file::read(path, bytes); kept && kept->size() == bytes && kept->starts_with(head)) return kept;
  auto made = build(segment, head);
  if (made) (void)file::write(path, *made);   // kept for the next time, if it can be
  if (segment.level != Segment::large) return made;
  std::error_code ignored;                    // what it takes the place of
  const std::uint64_t parts = std::uint64_t{1} << (Segment::large - Segment::small);
  for (std::uint64_t part = 0; part < parts; ++part) {
    std::filesystem::remove(folder_ + Segment{Segment::small, segment.number * parts + part}.file(), ignored);
  }
  return made;
}

Result<std::string> EntryIndex::build(const Segment& segment, const std::string& head) const {
  std::vector<std::uint64_t> rows;
  rows.reserve(segment.entries());
  std::string bytes;
  const std::uint64_t end = segment.begin() + segment.entries();
  for (std::uint64_t first = segment.begin(); first < end; first += tlog::tile_width) {
    const auto texts = texts_of(log_, first / tlog::tile_width, end, bytes);
    if (!texts) return std::unexpected(texts.error());
    for (const std::string_view text : *texts) {
      const std::size_t id = text.find(after_id);
      if (id == std::string_view::npos) return fail(ErrorCode::invalid, "the log holds something that is no entry");
      rows.push_back(hash_of(text.substr(0, id + 1)) << 16 | rows.size());
    }
  }
  std::ranges::sort(rows);
  std::string out = head;
  out.reserve(head.size() + rows.size() * record);
  for (const std::uint64_t row : rows) {
    for (int shift = 40; shift >= 0; shift -= 8) out += static_cast<char>(row >> shift & 255);
  }
  return out;
}

}  // namespace verbund::network
