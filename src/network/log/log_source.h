// SPDX-License-Identifier: EUPL-1.2
// A log to read from: a node's own folder, an export, a server. Nothing it gives is trusted before it is verified.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/tlog/checkpoint.h"
#include "kits/tlog/tile.h"

namespace verbund::network {

class LogSource {
 public:
  virtual ~LogSource() = default;
  virtual Result<std::string> key() = 0;                                // the verifier key the log says it has
  virtual Result<std::string> checkpoint() = 0;                         // the signed note
  virtual Result<std::string> tile(const tlog::TileId& id) = 0;         // a tile or bundle
  virtual Result<std::string> handovers() { return std::string(); }     // see handover.h; "": the key never changed
  // Records of bodies of the bundle `id`, from its entry `first` on: at least one.
  virtual Result<std::string> bodies(const tlog::TileId& id, unsigned first) = 0;
};

// A log as files below one address or folder: everything of a LogSource by its path ("checkpoint", "tile/0/000" ...).
class FileLogSource : public LogSource {
 public:
  Result<std::string> key() override { return get("key", 1024); }
  Result<std::string> checkpoint() override { return get("checkpoint", tlog::note_limit); }
  Result<std::string> tile(const tlog::TileId& id) override;
  Result<std::string> handovers() override;
  Result<std::string> bodies(const tlog::TileId& id, unsigned first) override;

 protected:
  // Errors: not_found, too_large (over `limit` bytes), unavailable.
  virtual Result<std::string> get(const std::string& path, std::size_t limit) = 0;
};

class FolderLogSource : public FileLogSource {
 public:
  explicit FolderLogSource(std::string folder) : folder_(std::move(folder)) {}

 protected:
  Result<std::string> get(const std::string& path, std::size_t limit) override;

 private:
  std::string folder_;
};

// "bodies/x001/067/0", "bodies/000.p/5/3"
std::string bodies_path(const tlog::TileId& bundle, unsigned first);
struct BodiesId {
  tlog::TileId bundle;      // level entries
  unsigned first = 0;       // 0 to 255, below the width of the bundle
};
Result<BodiesId> parse_bodies_path(std::string_view path);   // Errors: invalid

inline constexpr std::size_t bodies_limit = 4u << 20;        // a response ends before a record that would pass it,
inline constexpr std::size_t bodies_response_limit = 9u << 20;   // except that it has at least one record

// Each record: the length as a big-endian uint32, then the body; length 0: not here (any more).
void append_body(std::string& out, const std::optional<std::string>& body);
// Errors: invalid (ends within a record, over 256 records, a body over body_limit).
Result<std::vector<std::optional<std::string_view>>> parse_bodies(std::string_view bytes);   // parts of `bytes`

// The entries of a bundle. Errors: those of the source, invalid (another number of entries than `id` says).
Result<std::string> read_bundle(LogSource& source, const tlog::TileId& id);

// The first `width` hashes of a tile or entries of a bundle. Errors: invalid (it has fewer).
Result<std::string> cut_tile(std::string bytes, const tlog::TileId& id);

}  // namespace verbund::network
