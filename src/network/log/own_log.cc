// SPDX-License-Identifier: EUPL-1.2
#include "network/log/own_log.h"

#include "base/text.h"
#include "kits/file/file.h"
#include "network/log/handover.h"

namespace verbund::network {
namespace {

constexpr std::size_t key_limit = 4096;

}  // namespace

std::string log_folder(const std::string& data_folder) { return data_folder + "/network/log"; }
std::string key_file(const std::string& data_folder) { return data_folder + "/network/log.key"; }

LogPlace members_place(const std::string& data_folder) {
  return {data_folder + "/network/members", data_folder + "/network/members.key"};
}

Result<tlog::SignerKey> load_key(const LogPlace& place) {
  auto text = file::read_secret(place.key_file, key_limit);
  if (!text) return pass(text);
  auto key = tlog::SignerKey::parse(trim(*text));
  if (!key) {
    key.error().where = place.key_file;
    key.error().hint = "restore the file from a backup: without it nobody can continue this log";
  }
  return key;
}

Result<tlog::SignerKey> load_or_create_key(const LogPlace& place, const std::string& name) {
  auto there = load_key(place);
  if (there || there.error().code != ErrorCode::not_found) return there;
  if (!tlog::is_key_name(name)) {
    return fail(ErrorCode::invalid, "\"" + name + "\" is no name for a log", "",
                "1 to 200 characters without spaces and +, best the address: stadt.example/network/log");
  }
  // A log without its key was signed by a key that is lost: a new key would make a second history under the same name.
  if (auto published = file::read(place.folder + "/checkpoint", tlog::note_limit); published) {
    return fail(ErrorCode::conflict, "the log is there, its key is not", place.key_file,
                "restore the file from a backup");
  }
  const auto key = tlog::SignerKey::generate(name);
  auto created = file::create(place.key_file, key.to_text() + "\n", file::for_owner);
  if (!created && created.error().code == ErrorCode::conflict) return load_key(place);   // another was quicker
  if (!created) return pass(created);
  return key;
}

Result<std::string> OwnLog::key() { return file::read(folder_ + "/key", key_limit); }

Result<std::string> OwnLog::handovers() { return FolderLogSource(folder_).handovers(); }

Result<std::string> OwnLog::checkpoint() { return file::read(folder_ + "/checkpoint", tlog::note_limit); }

Result<tlog::Checkpoint> OwnLog::published() {
  auto bytes = checkpoint();
  if (!bytes) return pass(bytes);
  auto note = tlog::parse_note(*bytes);
  if (!note) return pass(note);
  return tlog::Checkpoint::parse(note->text);
}

Result<std::string> OwnLog::tile(const tlog::TileId& id) {
  const auto now = published();
  if (!now) return std::unexpected(now.error());
  if (tlog::width_in(now->size, id.level, id.index) < id.width) return fail(ErrorCode::not_found, "not published");
  return FolderLogSource(folder_).tile(id);
}

Result<std::string> OwnLog::bodies(const tlog::TileId& id, unsigned first) {
  const auto bytes = tile(id);
  if (!bytes) return bytes;
  const auto texts = tlog::parse_bundle(*bytes);
  if (!texts) return std::unexpected(texts.error());
  std::vector<Entry> entries;
  for (std::size_t i = first; i < texts->size(); ++i) {
    auto entry = Entry::parse((*texts)[i]);
    if (!entry) return pass(entry);
    entries.push_back(std::move(*entry));
  }
  if (entries.empty()) return fail(ErrorCode::not_found, "not published");
  std::string out;
  outbox_.bodies(entries, [&](std::optional<std::string> body) {
    if (body && body->size() > body_limit) body.reset();
    if (!out.empty() && out.size() + 4 + (body ? body->size() : 0) > bodies_limit) return false;
    append_body(out, body);
    return true;
  });
  return out;
}

Result<std::string> OwnLog::by_path(std::string_view path) {
  if (path == "checkpoint") return checkpoint();
  if (path == "key") return key();
  if (path == "handover") return file::read(folder_ + "/handover", handovers_limit);
  if (const auto id = tlog::parse_tile_path(path)) return tile(*id);
  if (const auto id = parse_bodies_path(path)) return bodies(id->bundle, id->first);
  return fail(ErrorCode::not_found, "there is no such resource of a log");
}

}  // namespace verbund::network
