// SPDX-License-Identifier: EUPL-1.2
#include "network/log/entry_index.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "kits/file/file.h"
#include "kits/json/json.h"

namespace verbund::network {
namespace {

using tlog::TileId;

constexpr unsigned segment_level = 16;                                    // a complete subtree of 2^16 entries
constexpr std::uint64_t segment_entries = std::uint64_t{1} << segment_level;
constexpr std::uint64_t segment_bundles = segment_entries / tlog::tile_width;
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
  const std::uint64_t segments = folder_.empty() ? 0 : size / segment_entries;
  std::string bytes;
  const std::uint64_t bundles = (size + tlog::tile_width - 1) / tlog::tile_width;
  for (std::uint64_t bundle = bundles; bundle > segments * segment_bundles; --bundle) {
    const auto texts = texts_of(log_, bundle - 1, size, bytes);
    if (!texts) return std::unexpected(texts.error());
    for (std::size_t i = texts->size(); i > 0; --i) {
      if ((*texts)[i - 1].starts_with(begins)) return place((bundle - 1) * tlog::tile_width + i - 1, (*texts)[i - 1]);
    }
  }
  const std::uint64_t wanted = hash_of(begins);
  for (std::uint64_t number = segments; number > 0; --number) {
    const auto file = segment(number - 1, size);
    if (!file) return std::unexpected(file.error());
    const std::string_view records = std::string_view(*file).substr(magic.size() + sizeof(tlog::Hash));
    // The first record behind those with this hash; theirs stand before it, the newest last.
    std::size_t low = 0, high = records.size() / record;
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (number_at(records, middle * record, 4) > wanted) high = middle;
      else low = middle + 1;
    }
    for (; low > 0 && number_at(records, (low - 1) * record, 4) == wanted; --low) {
      const std::uint64_t position =
          (number - 1) * segment_entries + number_at(records, (low - 1) * record + 4, 2);
      const auto texts = texts_of(log_, position / tlog::tile_width, size, bytes);
      if (!texts) return std::unexpected(texts.error());
      const std::string_view text = (*texts)[position % tlog::tile_width];
      if (text.starts_with(begins)) return place(position, text);
    }
  }
  return fail(ErrorCode::not_found, "the log does not speak of this object");
}

Result<std::string> EntryIndex::segment(std::uint64_t number, std::uint64_t size) const {
  tlog::TileReader tiles(size, [&](const TileId& id) { return log_.tile(id); });
  const auto root = tiles(segment_level, number);
  if (!root) return std::unexpected(root.error());
  const std::string head = std::string(magic) + std::string(crypto::bytes_of(*root));
  const std::string path = folder_ + "/" + std::to_string(number);
  const std::size_t bytes = head.size() + segment_entries * record;
  if (auto kept = file::read(path, bytes); kept && kept->size() == bytes && kept->starts_with(head)) return kept;
  auto made = build(number, head);
  if (made) (void)file::write(path, *made);   // kept for the next time, if it can be
  return made;
}

Result<std::string> EntryIndex::build(std::uint64_t number, const std::string& head) const {
  std::vector<std::uint64_t> rows;
  rows.reserve(segment_entries);
  std::string bytes;
  const std::uint64_t end = (number + 1) * segment_entries;
  for (std::uint64_t bundle = number * segment_bundles; bundle < (number + 1) * segment_bundles; ++bundle) {
    const auto texts = texts_of(log_, bundle, end, bytes);
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
