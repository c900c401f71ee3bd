// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>

#include "directory/finder/snapshot_tables.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"

namespace verbund::directory {
namespace {

constexpr std::string_view format = "finder 2";   // raise when a table of this room changes

std::string file_key() { return std::string(format) + " / " + finder::ServiceIndex::version(); }

Error none(std::string message, const std::string& path) { return {ErrorCode::not_found, std::move(message), path, {}}; }

}  // namespace

std::string index_path(const std::string& folder) {
  return folder.empty() ? std::string() : (std::filesystem::path(folder) / "finder.index").string();
}

std::optional<KeptIndex> kept_index(const std::string& folder) {
  if (folder.empty()) return std::nullopt;
  const auto file = flat::File::map(index_path(folder), file_key());
  if (!file) return std::nullopt;
  const auto numbers = file->array<std::int64_t>("numbers");
  const auto stems = file->array<std::uint32_t>("form.stem");   // one for each word
  if (!numbers || numbers->size() < 4 || !stems) return std::nullopt;
  return KeptIndex{(*numbers)[0], file->bytes(), static_cast<std::size_t>((*numbers)[3]), stems->size(),
                   Instant(std::chrono::seconds((*numbers)[2]))};
}

Result<void> save_snapshot(BuiltSnapshot& built, const std::string& path) {
  flat::Writer writer(file_key());
  built.tables.each([&](const std::string& name, const auto& array) { writer.add(name, array); });
  built.snapshot->state().text.save(writer);
  return writer.write(path);
}

Result<BuiltSnapshot> map_snapshot(store::Connection& connection, const std::string& path, Instant now) {
  const auto file = flat::File::map(path, file_key());
  if (!file) return std::unexpected(none(file.error().message, path));
  BuiltSnapshot out;
  Result<void> read;
  out.tables.each([&](const std::string& name, auto& array) {
    if (read) read = file->read(name, array);
  });
  if (!read) return std::unexpected(none(read.error().message, path));
  auto state = state_of(out.tables);
  if (!state) return std::unexpected(none(state.error().message, path));
  const AreaStore areas(connection);
  if ((*state)->area_state != areas.state() || (*state)->as_of > now) return std::unexpected(none("out of date", path));
  const std::string mark(out.tables.mark.begin(), out.tables.mark.end());
  if ((*state)->sequence > ObjectStore(connection).last_sequence() ||
      mark != change_mark(connection, (*state)->sequence)) {
    return std::unexpected(none("made from another store", path));
  }
  auto text = finder::ServiceIndex::load(*file);
  if (!text) return std::unexpected(none(text.error().message, path));
  (*state)->text = std::move(*text);
  (*state)->places = read_places(connection);
  (*state)->area_list_day = areas.list_day();
  // Looked up by the writer only, a page here and there: out of memory until then.
  flat::rest(out.tables.links.hashes.span());
  flat::rest(out.tables.links.rows.span());
  out.snapshot = Snapshot::of(std::move(*state));
  return out;
}

}  // namespace verbund::directory
