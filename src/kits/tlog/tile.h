// SPDX-License-Identifier: EUPL-1.2
// A log as static files: tiles of hashes, bundles of entries, and their paths.
// Source: C2SP tlog-tiles (tile height 8).
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "kits/tlog/tree.h"

namespace verbund::tlog {

inline constexpr unsigned tile_width = 256;              // hashes of a full tile, entries of a full bundle
inline constexpr unsigned tile_levels = 8;               // enough for 2^63 entries
inline constexpr std::size_t entry_limit = 65'535;       // bytes of an entry
inline constexpr std::size_t bundle_limit = tile_width * (entry_limit + 2);
inline constexpr std::uint64_t size_limit = (std::uint64_t{1} << 63) - 1;

// A tile of hashes (level 0 to 63) or, with level -1, a bundle of entries.
struct TileId {
  static constexpr int entries = -1;
  int level = 0;
  std::uint64_t index = 0;
  unsigned width = tile_width;     // 1 to 256; less than 256: partial
  bool operator==(const TileId&) const = default;
};

// "x001/x234/067"
std::string index_path(std::uint64_t index);
// "tile/0/x001/067", "tile/1/000.p/17", "tile/entries/000"
std::string tile_path(const TileId& id);
// Errors: invalid unless `path` is exactly what tile_path gives.
Result<TileId> parse_tile_path(std::string_view path);

// How many hashes the tile (entries of the bundle) `index` has in a tree of `size`, 0 to 256: 0 = not there.
unsigned width_in(std::uint64_t size, int level, std::uint64_t index);

// The hashes of a tile. Errors: invalid (not 32 bytes for each of 1 to 256 hashes).
Result<std::vector<Hash>> parse_tile(std::string_view bytes);
std::string print_tile(const std::vector<Hash>& hashes);

// Entries, each behind its length as a big-endian uint16. Errors: invalid (ends within an entry, over 256 entries).
Result<std::vector<std::string_view>> parse_bundle(std::string_view bytes);   // parts of `bytes`
void append_entry(std::string& bundle, std::string_view entry);               // Requires: at most entry_limit bytes

// Where tiles come from: a folder, a server. Gives the bytes of the tile as asked.
using TileSource = std::function<Result<std::string>(const TileId&)>;

// Subtree hashes out of tiles, of a tree of one size. What an untrusted source gives is as good as the proof that is
// made of it: verify it. Keeps the newest 64 tiles (0.5 MiB). Used by one thread at a time.
class TileReader {
 public:
  TileReader(std::uint64_t size, TileSource source) : size_(size), source_(std::move(source)) {}
  // Errors: those of the source; invalid (a tile of another size, a subtree outside the tree).
  Result<Hash> operator()(unsigned level, std::uint64_t index);

 private:
  using Key = std::pair<int, std::uint64_t>;
  Result<const std::vector<Hash>*> tile(int level, std::uint64_t index);
  std::uint64_t size_;
  TileSource source_;
  std::list<std::pair<Key, std::vector<Hash>>> kept_;   // newest first
};

// The tiles of a growing log. Memory: the partial tiles at the right edge, at most 8 x 8 KiB.
class TileBuilder {
 public:
  // Continues a log of `size` with the partial tiles of `source`. Errors: those of the source, invalid.
  static Result<TileBuilder> at(std::uint64_t size, const TileSource& source);

  using TileSink = std::function<Result<void>(const TileId&, std::string_view bytes)>;
  // Appends; each tile that becomes full goes to `sink`. Errors: those of the sink; the builder is of no use then.
  Result<void> append(const Hash& leaf, const TileSink& sink);
  // Gives the partial tiles that changed since the last flush.
  Result<void> flush(const TileSink& sink);

  std::uint64_t size() const { return size_; }
  Hash root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<std::vector<Hash>> edge_;   // by level: the hashes of the partial tile
  std::vector<bool> changed_;
};

}  // namespace verbund::tlog
