// SPDX-License-Identifier: EUPL-1.2
#include "network/keeping/backup.h"

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "network/keeping/files.h"
#include "network/log/own_log.h"
#include "network/log/rotation.h"
#include "network/log/verify.h"
#include "network/witness/witness.h"

namespace verbund::network {
namespace {

namespace fs = std::filesystem;
using tlog::TileId;

constexpr int most_tries = 5;  // to take a log while its key is being changed
constexpr std::size_t small_file = 1u << 20;
constexpr std::size_t key_limit = 4096;
constexpr std::uint64_t heard_of_every = 4'096;  // entries

std::vector<TileId> tiles_of(std::uint64_t size) {
  std::vector<TileId> out;
  for (std::uint64_t i = 0; i * tlog::tile_width < size; ++i) {
    out.push_back({TileId::entries, i, tlog::width_in(size, TileId::entries, i)});
  }
  for (int level = 0; level < static_cast<int>(tlog::tile_levels); ++level) {
    for (std::uint64_t i = 0; tlog::width_in(size, level, i) > 0; ++i) {
      out.push_back({level, i, tlog::width_in(size, level, i)});
    }
  }
  return out;
}

// "" where there is none.
Result<std::string> content(const std::string& path, std::size_t limit = small_file) {
  auto bytes = file::read(path, limit);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return std::string();
  return bytes;
}

class Backup {
 public:
  Backup(const BackupSource& source, FolderInTheMaking& out, const KeepingProgress& progress)
      : source_(source), out_(out), progress_(progress) {}

  Result<void> all(Manifest& manifest) {
    if (auto done = own_log("network/log", LogPlace(source_.data_folder), manifest); !done) return done;
    if (auto done = own_log("network/members", members_place(source_.data_folder), manifest); !done) return done;
    if (auto done = store(); !done) return done;
    if (auto done = heard(); !done) return done;
    if (auto done = witnessed(); !done) return done;
    if (source_.settings_file.empty()) return {};
    return small(source_.settings_file, std::string(settings_name));
  }

  Result<void> add(const std::string& path, std::string_view text) {
    if (auto added = out_.add(path, text); !added) return added;
    note(path, crypto::sha256({text}), text.size());
    return {};
  }

  std::vector<FileSum> sums;
  std::uint64_t bytes = 0;

 private:
  void take_back(const std::string& path, std::size_t sums_before, std::uint64_t bytes_before) {
    sums.resize(sums_before);
    bytes = bytes_before;
    std::error_code ignored;
    fs::remove_all(out_.path(path), ignored);
  }
  void note(const std::string& path, const crypto::Digest& digest, std::uint64_t size) {
    sums.push_back({path, digest});
    bytes += size;
  }

  // A small file, if it is there.
  Result<void> small(const std::string& from, const std::string& path) {
    auto text = file::read(from, small_file);
    if (!text) return text.error().code == ErrorCode::not_found ? Result<void>() : std::unexpected(text.error());
    return add(path, *text);
  }

  // The tiles of a log or a copy at one size, cut where the log has grown meanwhile.
  Result<void> tiles(const std::string& from, const std::string& path, std::uint64_t size, std::string_view what) {
    FolderLogSource files(from);
    for (const TileId& id : tiles_of(size)) {
      auto text = files.tile(id);
      if (!text) return pass(text);
      if (auto added = add(path + "/" + tlog::tile_path(id), *text); !added) return added;
      const std::uint64_t done = id.level == TileId::entries ? id.index * tlog::tile_width + id.width : size;
      if (id.level != TileId::entries || done % heard_of_every == 0 || done == size) {
        if (auto heard_of = progress_(what, done, size); !heard_of) return heard_of;
      }
    }
    return {};
  }

  // Log and key belong together: where the key has been changed meanwhile, the log is taken again.
  Result<void> own_log(const std::string& path, const LogPlace& place, Manifest& manifest) {
    for (int tries = 0; tries < most_tries; ++tries) {
      const auto before = content(place.key_file, key_limit);
      if (!before) return std::unexpected(before.error());
      const std::size_t sums_before = sums.size();
      const std::uint64_t bytes_before = bytes;
      auto log = log_as_it_is(path, place);
      const auto after = content(place.key_file, key_limit);
      if (!after) return std::unexpected(after.error());
      if (*before == *after) {
        if (!log) return pass(log);
        if (*log) manifest.logs.push_back(std::move(**log));
        const std::string key = "network/" + fs::path(place.key_file).filename().string();
        if (path == "network/log") manifest.secret_key = !after->empty();
        if (!after->empty()) {
          if (auto added = add(key, *after); !added) return added;
        }
        return small(place.key_file + ".next", key + ".next");
      }
      take_back(path, sums_before, bytes_before);
    }
    return fail(ErrorCode::unavailable, "the key of the log is changed again and again", place.folder, "try again");
  }

  Result<std::optional<BackedUpLog>> log_as_it_is(const std::string& path, const LogPlace& place) {
    FolderLogSource files(place.folder);
    auto note = files.checkpoint();
    if (!note && note.error().code == ErrorCode::not_found) return std::optional<BackedUpLog>();
    if (!note) return pass(note);
    auto key = files.key();
    if (!key) return pass(key);
    auto handovers = files.handovers();
    if (!handovers) return pass(handovers);
    auto verifier = tlog::VerifierKey::parse(trim(*key));
    if (!verifier) return pass(verifier);
    // Signed by the key or by one that has handed over to it: what is damaged is not backed up as if it were whole.
    auto checkpoint = open_own_checkpoint(files, *note, *verifier);
    if (!checkpoint) return pass(checkpoint);
    BackedUpLog out{path, checkpoint->origin, verifier->to_text(), checkpoint->size, checkpoint->root, 0};
    if (out.size > 0) {
      const std::uint64_t index = (out.size - 1) / tlog::tile_width;
      const TileId last{TileId::entries, index, tlog::width_in(out.size, TileId::entries, index)};
      auto bundle = read_bundle(files, last);
      auto entries = bundle ? parse_entries(*bundle, last) : std::unexpected(bundle.error());
      if (!entries) return pass(entries);
      out.last_revision = entries->back().revision;
    }
    if (auto done = tiles(place.folder, path, out.size, "Log"); !done) return pass(done);
    if (auto done = add(path + "/key", *key); !done) return pass(done);
    if (!handovers->empty()) {
      if (auto done = add(path + "/handover", *handovers); !done) return pass(done);
    }
    if (auto done = add(path + "/checkpoint", *note); !done) return pass(done);
    return out;
  }

  Result<void> store() {
    const std::string path = out_.path(store_name);
    if (auto saved = source_.save_store(path, progress_); !saved) return saved;
    std::error_code error;
    const auto size = fs::file_size(path, error);
    auto digest = digest_file(path, [&](std::uint64_t done) { return progress_("Prüfsumme", done, size); });
    if (!digest) return pass(digest);
    note(std::string(store_name), *digest, size);
    return {};
  }

  // What was seen last goes last: it may be ahead of the copy, never behind it.
  Result<void> heard() {
    const std::string top = source_.data_folder + "/network/heard";
    std::error_code error;
    for (fs::directory_iterator at(top, error), end; !error && at != end; at.increment(error)) {
      if (!at->is_directory(error)) continue;
      const std::string folder = at->path().string();
      const std::string path = "network/heard/" + at->path().filename().string();
      const auto progress = content(folder + "/progress");
      const auto checkpoint = content(folder + "/checkpoint");
      if (!progress) return std::unexpected(progress.error());
      if (!checkpoint) return std::unexpected(checkpoint.error());
      const auto size = parse_number(std::string_view(*progress).substr(0, progress->find(' ')));
      if (source_.copies && size) {
        const std::size_t sums_before = sums.size();
        const std::uint64_t bytes_before = bytes;
        auto copied = tiles(folder, path, static_cast<std::uint64_t>(*size), "Kopien");
        if (copied) copied = add(path + "/progress", *progress);
        if (copied && !checkpoint->empty()) copied = add(path + "/checkpoint", *checkpoint);
        // A copy with a hole is fetched anew by who restores it, as it is by the node itself.
        const bool holed =
            !copied && (copied.error().code == ErrorCode::not_found || copied.error().code == ErrorCode::invalid);
        if (!copied && !holed) return copied;
        if (holed) take_back(path, sums_before, bytes_before);
      }
      if (auto done = small(folder + "/key", path + "/key"); !done) return done;
      if (auto done = small(folder + "/handover", path + "/handover"); !done) return done;
      if (auto done = below(folder + "/evidence", path + "/evidence"); !done) return done;
      if (auto done = small(folder + "/seen", path + "/seen"); !done) return done;
    }
    return {};
  }

  Result<void> witnessed() { return below(witness_folder(source_.data_folder), "network/witness"); }

  Result<void> below(const std::string& from, const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(from, error)) return {};
    auto files = files_below(from);
    if (!files) return pass(files);
    for (const std::string& one : *files) {
      if (auto done = small(from + "/" + one, path + "/" + one); !done) return done;
    }
    return {};
  }

  const BackupSource& source_;
  FolderInTheMaking& out_;
  const KeepingProgress& progress_;
};

}  // namespace

Result<BackupReport> back_up(const BackupSource& source, const std::string& folder, Instant now,
                             const KeepingProgress& progress) {
  auto out = FolderInTheMaking::begin(folder);
  if (!out) return pass(out);
  BackupReport report;
  report.manifest.program = source.program;
  report.manifest.engine = source.engine;
  report.manifest.made_at = now;
  Backup backup(source, *out, progress);
  if (auto done = backup.all(report.manifest); !done) return pass(done);
  if (auto done = backup.add(std::string(manifest_name), report.manifest.to_text()); !done) return pass(done);
  if (auto done = out->add(sums_name, print_sums(backup.sums)); !done) return pass(done);
  if (auto heard = progress("Auf die Platte", 0, 0); !heard) return pass(heard);
  if (auto done = out->finish(); !done) return pass(done);
  report.files = backup.sums.size() + 1;
  report.bytes = backup.bytes;
  return report;
}

}  // namespace verbund::network
