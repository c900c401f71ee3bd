// SPDX-License-Identifier: EUPL-1.2
#include "network/log/log_source.h"

#include "base/check.h"
#include "base/text.h"
#include "kits/file/file.h"
#include "network/log/entry.h"
#include "network/log/handover.h"

namespace verbund::network {
namespace {

constexpr std::string_view bodies_prefix = "bodies/";
constexpr std::string_view entries_prefix = "tile/entries/";

std::size_t limit_of(const tlog::TileId& id) {
  return id.level == tlog::TileId::entries ? tlog::bundle_limit : tlog::tile_width * sizeof(tlog::Hash);
}

}  // namespace

Result<std::string> FileLogSource::tile(const tlog::TileId& id) {
  auto bytes = get(tlog::tile_path(id), limit_of(id));
  if (bytes || bytes.error().code != ErrorCode::not_found || id.width == tlog::tile_width) return bytes;
  // A partial tile may go when the full one is there.
  auto full = get(tlog::tile_path({id.level, id.index, tlog::tile_width}), limit_of(id));
  if (!full) return bytes;
  return cut_tile(std::move(*full), id);
}

Result<std::string> FileLogSource::handovers() {
  auto notes = get("handover", handovers_limit);
  if (!notes && notes.error().code == ErrorCode::not_found) return std::string();
  return notes;
}

Result<std::string> FileLogSource::bodies(const tlog::TileId& id, unsigned first) {
  return get(bodies_path(id, first), bodies_response_limit);
}

Result<std::string> FolderLogSource::get(const std::string& path, std::size_t limit) {
  return file::read(folder_ + "/" + path, limit);
}

std::string bodies_path(const tlog::TileId& bundle, unsigned first) {
  VERBUND_CHECK(bundle.level == tlog::TileId::entries && first < bundle.width);
  return std::string(bodies_prefix) + tlog::tile_path(bundle).substr(entries_prefix.size()) + "/" +
         std::to_string(first);
}

Result<BodiesId> parse_bodies_path(std::string_view path) {
  const auto bad = [] { return fail(ErrorCode::invalid, "not the path of bodies"); };
  const std::size_t slash = path.rfind('/');
  if (!path.starts_with(bodies_prefix) || slash < bodies_prefix.size()) return bad();
  const std::string_view bundle = path.substr(bodies_prefix.size(), slash - bodies_prefix.size());
  auto id = tlog::parse_tile_path(std::string(entries_prefix) + std::string(bundle));
  const auto first = parse_number(path.substr(slash + 1));
  if (!id || !first || *first < 0 || *first >= id->width) return bad();
  const BodiesId out{*id, static_cast<unsigned>(*first)};
  if (bodies_path(out.bundle, out.first) != path) return bad();   // "007"
  return out;
}

void append_body(std::string& out, const std::optional<std::string>& body) {
  const std::size_t length = body ? body->size() : 0;
  VERBUND_CHECK(length <= body_limit);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(length >> shift & 255);
  if (body) out += *body;
}

Result<std::vector<std::optional<std::string_view>>> parse_bodies(std::string_view bytes) {
  std::vector<std::optional<std::string_view>> out;
  while (!bytes.empty()) {
    if (out.size() == tlog::tile_width) return fail(ErrorCode::invalid, "more bodies than a bundle has entries");
    if (bytes.size() < 4) return fail(ErrorCode::invalid, "the bodies end within a length");
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(bytes[i]);
    bytes.remove_prefix(4);
    if (length > body_limit) return fail(ErrorCode::invalid, "a body is larger than 8 MiB");
    if (length > bytes.size()) return fail(ErrorCode::invalid, "the bodies end within a body");
    out.push_back(length == 0 ? std::nullopt : std::optional(bytes.substr(0, length)));
    bytes.remove_prefix(length);
  }
  return out;
}

Result<std::string> read_bundle(LogSource& source, const tlog::TileId& id) {
  auto bytes = source.tile(id);
  if (!bytes) return bytes;
  auto entries = tlog::parse_bundle(*bytes);
  if (!entries) return pass(entries);
  if (entries->size() != id.width) {
    return fail(ErrorCode::invalid, "the bundle has " + std::to_string(entries->size()) + " entries",
                tlog::tile_path(id));
  }
  return bytes;
}

Result<std::string> cut_tile(std::string bytes, const tlog::TileId& id) {
  std::size_t size = id.width * sizeof(tlog::Hash);
  if (id.level == tlog::TileId::entries) {
    auto entries = tlog::parse_bundle(bytes);
    if (!entries) return pass(entries);
    size = 0;
    for (std::size_t i = 0; i < id.width && i < entries->size(); ++i) size += 2 + (*entries)[i].size();
    if (entries->size() < id.width) return fail(ErrorCode::invalid, "the bundle has fewer entries");
  }
  if (bytes.size() < size) return fail(ErrorCode::invalid, "the tile has fewer hashes");
  bytes.resize(size);
  return bytes;
}

}  // namespace verbund::network
