// SPDX-License-Identifier: EUPL-1.2
#include "kits/tlog/tile.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace verbund::tlog {
namespace {

constexpr unsigned tile_height = 8;
constexpr std::size_t kept_tiles = 64;
constexpr std::size_t most_index_parts = 7;   // 10^21 is more than 2^63

// A number of `least` to `most` in decimal without a leading zero.
std::optional<unsigned> small_number(std::string_view text, unsigned least, unsigned most) {
  if (text.size() > 3 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  const auto number = parse_number(text);
  if (!number || *number < least || *number > most) return std::nullopt;
  return static_cast<unsigned>(*number);
}

// The root over hashes[first, first + count). Requires: count is a power of two.
Hash folded(const std::vector<Hash>& hashes, std::size_t first, std::size_t count) {
  if (count == 1) return hashes[first];
  const Hash left = folded(hashes, first, count / 2);
  return node_hash(left, folded(hashes, first + count / 2, count / 2));
}

}  // namespace

std::string index_path(std::uint64_t index) {
  std::string out;
  for (bool last = true; last || index > 0; last = false, index /= 1000) {
    std::string part = std::to_string(index % 1000);
    part.insert(0, 3 - part.size(), '0');
    out = last ? part : "x" + part + "/" + out;
  }
  return out;
}

std::string tile_path(const TileId& id) {
  std::string out = "tile/" + (id.level == TileId::entries ? std::string("entries") : std::to_string(id.level)) + "/" +
                    index_path(id.index);
  if (id.width < tile_width) out += ".p/" + std::to_string(id.width);
  return out;
}

Result<TileId> parse_tile_path(std::string_view path) {
  const auto bad = [&] { return fail(ErrorCode::invalid, "not the path of a tile"); };
  std::vector<std::string_view> parts = split(path, '/');
  if (parts.size() < 3 || parts.size() > 3 + most_index_parts || parts[0] != "tile") return bad();
  TileId id;
  if (parts[1] == "entries") {
    id.level = TileId::entries;
  } else if (const auto level = small_number(parts[1], 0, 63)) {
    id.level = static_cast<int>(*level);
  } else {
    return bad();
  }
  if (parts.size() > 3 && parts[parts.size() - 2].ends_with(".p")) {
    const auto width = small_number(parts.back(), 1, tile_width - 1);
    if (!width) return bad();
    id.width = *width;
    parts.pop_back();
    parts.back().remove_suffix(2);
  }
  for (std::size_t i = 2; i < parts.size(); ++i) {
    std::string_view part = parts[i];
    if (i + 1 < parts.size()) {
      if (!part.starts_with('x')) return bad();
      part.remove_prefix(1);
    }
    const auto number = part.size() == 3 ? parse_number(part) : std::nullopt;
    if (!number || !is_digits(part) || id.index > size_limit / 1000 - 1) return bad();
    id.index = id.index * 1000 + static_cast<std::uint64_t>(*number);
  }
  if (tile_path(id) != path) return bad();   // "x000/001"
  return id;
}

unsigned width_in(std::uint64_t size, int level, std::uint64_t index) {
  const unsigned shift = tile_height * static_cast<unsigned>(std::max(level, 0));
  const std::uint64_t hashes = shift >= 64 ? 0 : size >> shift;
  const std::uint64_t full = hashes / tile_width;
  if (index < full) return tile_width;
  return index == full ? static_cast<unsigned>(hashes % tile_width) : 0;
}

Result<std::vector<Hash>> parse_tile(std::string_view bytes) {
  if (bytes.empty() || bytes.size() % sizeof(Hash) != 0 || bytes.size() > tile_width * sizeof(Hash)) {
    return fail(ErrorCode::invalid, "a tile has 1 to 256 hashes of 32 bytes, not " + std::to_string(bytes.size()) +
                                        " bytes");
  }
  std::vector<Hash> out;
  out.reserve(bytes.size() / sizeof(Hash));
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(Hash)) {
    out.push_back(crypto::digest_of_bytes(bytes.substr(i, sizeof(Hash))));
  }
  return out;
}

std::string print_tile(const std::vector<Hash>& hashes) {
  std::string out;
  out.reserve(hashes.size() * sizeof(Hash));
  for (const Hash& hash : hashes) out += crypto::bytes_of(hash);
  return out;
}

Result<std::vector<std::string_view>> parse_bundle(std::string_view bytes) {
  std::vector<std::string_view> out;
  while (!bytes.empty()) {
    if (out.size() == tile_width) return fail(ErrorCode::invalid, "a bundle has at most 256 entries");
    if (bytes.size() < 2) return fail(ErrorCode::invalid, "the bundle ends within a length");
    const std::size_t length = static_cast<unsigned char>(bytes[0]) * 256u + static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(2);
    if (bytes.size() < length) return fail(ErrorCode::invalid, "the bundle ends within an entry");
    out.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return out;
}

void append_entry(std::string& bundle, std::string_view entry) {
  VERBUND_CHECK(entry.size() <= entry_limit);
  bundle += static_cast<char>(entry.size() >> 8);
  bundle += static_cast<char>(entry.size() & 255);
  bundle += entry;
}

Result<const std::vector<Hash>*> TileReader::tile(int level, std::uint64_t index) {
  const Key key{level, index};
  const auto found = std::ranges::find(kept_, key, &std::pair<Key, std::vector<Hash>>::first);
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
    return &kept_.front().second;
  }
  const TileId id{level, index, width_in(size_, level, index)};
  if (id.width == 0) return fail(ErrorCode::invalid, "the tree has no such tile");
  auto bytes = source_(id);
  if (!bytes) return pass(bytes);
  auto hashes = parse_tile(*bytes);
  if (!hashes) return pass(hashes);
  if (hashes->size() != id.width) return fail(ErrorCode::invalid, "the tile has another width", tile_path(id));
  kept_.emplace_front(key, std::move(*hashes));
  if (kept_.size() > kept_tiles) kept_.pop_back();
  return &kept_.front().second;
}

Result<Hash> TileReader::operator()(unsigned level, std::uint64_t index) {
  const unsigned inside = level % tile_height;   // the tile has the hashes `inside` levels below
  const std::uint64_t first = index << inside;
  auto hashes = tile(static_cast<int>(level / tile_height), first / tile_width);
  if (!hashes) return pass(hashes);
  const std::size_t count = std::size_t{1} << inside;
  const std::size_t begin = first % tile_width;
  if (begin + count > (*hashes)->size()) return fail(ErrorCode::invalid, "the tree has no such subtree");
  return folded(**hashes, begin, count);
}

Result<TileBuilder> TileBuilder::at(std::uint64_t size, const TileSource& source) {
  TileBuilder out;
  out.size_ = size;
  for (int level = 0; size >> (tile_height * static_cast<unsigned>(level)) > 0; ++level) {
    const std::uint64_t hashes = size >> (tile_height * static_cast<unsigned>(level));
    out.edge_.emplace_back();
    out.changed_.push_back(false);
    const TileId id{level, hashes / tile_width, static_cast<unsigned>(hashes % tile_width)};
    if (id.width == 0) continue;
    auto bytes = source(id);
    if (!bytes) return pass(bytes);
    auto tile = parse_tile(*bytes);
    if (!tile) return pass(tile);
    if (tile->size() != id.width) return fail(ErrorCode::invalid, "the tile has another width", tile_path(id));
    out.edge_.back() = std::move(*tile);
    if (level + 1 == static_cast<int>(tile_levels)) break;
  }
  return out;
}

Result<void> TileBuilder::append(const Hash& leaf, const TileSink& sink) {
  Hash hash = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == edge_.size()) {
      edge_.emplace_back();
      changed_.push_back(false);
    }
    std::vector<Hash>& tile = edge_[level];
    tile.push_back(hash);
    changed_[level] = true;
    if (tile.size() < tile_width) break;
    const TileId id{static_cast<int>(level), (size_ >> (tile_height * level)) / tile_width, tile_width};
    if (auto done = sink(id, print_tile(tile)); !done) return done;
    hash = folded(tile, 0, tile_width);
    tile.clear();
    changed_[level] = false;
  }
  ++size_;
  return {};
}

Result<void> TileBuilder::flush(const TileSink& sink) {
  for (std::size_t level = 0; level < edge_.size(); ++level) {
    if (!changed_[level]) continue;
    changed_[level] = false;
    const TileId id{static_cast<int>(level), (size_ >> (tile_height * level)) / tile_width,
                    static_cast<unsigned>(edge_[level].size())};
    if (auto done = sink(id, print_tile(edge_[level])); !done) return done;
  }
  return {};
}

Hash TileBuilder::root() const {
  // Every complete subtree at the right edge lies within a partial tile.
  const auto root = tree_root(size_, [this](unsigned level, std::uint64_t index) -> Result<Hash> {
    const unsigned inside = level % tile_height;
    const std::vector<Hash>& tile = edge_[level / tile_height];
    return folded(tile, (index << inside) % tile_width, std::size_t{1} << inside);
  });
  VERBUND_CHECK(root.has_value());
  return *root;
}

}  // namespace verbund::tlog
