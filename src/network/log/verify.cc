// SPDX-License-Identifier: EUPL-1.2
#include "network/log/verify.h"

#include <algorithm>

#include "network/log/handover.h"

namespace verbund::network {
namespace {

using tlog::TileId;

std::unexpected<Error> wrong(std::string what, std::string where) {
  return fail(ErrorCode::invalid, std::move(what), std::move(where));
}

}  // namespace

Result<std::vector<Entry>> parse_entries(std::string_view bundle, const TileId& id) {
  auto texts = tlog::parse_bundle(bundle);
  if (!texts) return pass(texts);
  std::vector<Entry> out;
  for (const std::string_view text : *texts) {
    auto entry = Entry::parse(text);
    if (!entry) return wrong(entry.error().message, tlog::tile_path(id) + ", entry " + std::to_string(out.size()));
    out.push_back(std::move(*entry));
  }
  return out;
}

Result<void> read_bodies(LogSource& source, const TileId& id, std::span<const Entry> entries,
                         const std::function<void(std::size_t, const std::optional<std::string_view>&)>& each) {
  for (std::size_t first = 0; first < entries.size();) {
    const std::string path = bodies_path(id, static_cast<unsigned>(first));
    auto bytes = source.bodies(id, static_cast<unsigned>(first));
    if (!bytes) return pass(bytes);
    const auto records = parse_bodies(*bytes);
    if (!records) return wrong(records.error().message, path);
    if (records->empty() || records->size() > entries.size() - first) return wrong("wrong number of bodies", path);
    for (const auto& body : *records) {
      const Entry& entry = entries[first];
      if (body && (!entry.digest || crypto::sha256({*body}) != *entry.digest)) {
        return wrong("the body of " + entry.agency + " " + entry.local + " is not the one its entry names", path);
      }
      each(first++, body);
    }
  }
  return {};
}

Result<LogReport> verify_log(LogSource& source, const tlog::VerifierKey& key, bool bodies,
                             const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  auto note = source.checkpoint();
  if (!note) return pass(note);
  auto handovers = source.handovers();
  if (!handovers) return pass(handovers);
  const auto notes = split_handovers(*handovers);
  const auto now = notes ? current_key(key, *notes) : std::unexpected(notes.error());
  if (!now) return wrong(now.error().message, "handover");
  auto checkpoint = tlog::open_checkpoint(*note, *now);
  if (!checkpoint) return wrong(checkpoint.error().message, "checkpoint");
  LogReport report;
  report.checkpoint = *checkpoint;
  const std::uint64_t size = checkpoint->size;

  const auto same_tile = [&](const TileId& id, std::string_view bytes) -> Result<void> {
    auto given = source.tile(id);
    if (!given) return pass(given);
    if (*given != bytes) return wrong("the tile is not the one its entries give", tlog::tile_path(id));
    return {};
  };
  tlog::TileBuilder tiles;
  while (tiles.size() < size) {
    const std::uint64_t index = tiles.size() / tlog::tile_width;
    const TileId id{TileId::entries, index, tlog::width_in(size, TileId::entries, index)};
    auto bundle = read_bundle(source, id);
    if (!bundle) return pass(bundle);
    auto entries = parse_entries(*bundle, id);
    if (!entries) return pass(entries);
    for (const Entry& entry : *entries) {
      if (entry.revision <= report.last_revision) return wrong("revisions do not grow", tlog::tile_path(id));
      report.last_revision = entry.revision;
      report.last_at = entry.at;
      ++(entry.digest ? report.put : report.withdrawn);
      if (auto done = tiles.append(tlog::leaf_hash(entry.to_text()), same_tile); !done) return pass(done);
    }
    if (bodies) {
      const auto count = [&](std::size_t position, const std::optional<std::string_view>& body) {
        if ((*entries)[position].digest) ++(body ? report.bodies : report.absent);
      };
      if (auto read = read_bodies(source, id, *entries, count); !read) return pass(read);
    }
    if (progress) progress(tiles.size(), size);
  }
  if (auto done = tiles.flush(same_tile); !done) return pass(done);
  if (tiles.root() != checkpoint->root) return wrong("the entries lead to another root", "checkpoint");
  return report;
}

Result<void> verify_continuation(LogSource& source, const tlog::Checkpoint& earlier, const tlog::Checkpoint& now) {
  if (earlier.origin != now.origin) return wrong("this is another log", "checkpoint");
  if (now.size < earlier.size) return wrong("the log has become shorter (rollback)", "checkpoint");
  tlog::TileReader tiles(now.size, [&](const TileId& id) { return source.tile(id); });
  auto proof = tlog::consistency_proof(earlier.size, now.size, std::ref(tiles));
  if (!proof) return pass(proof);
  const auto proved = tlog::verify_consistency(earlier.size, earlier.root, now.size, now.root, *proof);
  if (!proved) return wrong("another history than before (fork): " + proved.error().message, "checkpoint");
  return {};
}

}  // namespace verbund::network
