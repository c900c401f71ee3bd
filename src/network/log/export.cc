// SPDX-License-Identifier: EUPL-1.2
#include "network/log/export.h"

#include <filesystem>
#include <set>
#include <utility>
#include <vector>

#include "base/text.h"
#include "kits/file/file.h"
#include "network/log/handover.h"

namespace verbund::network {
namespace {

namespace fs = std::filesystem;
using tlog::TileId;

Result<tlog::Checkpoint> read_checkpoint(const std::string& bytes) {
  auto note = tlog::parse_note(bytes);
  if (!note) return pass(note);
  return tlog::Checkpoint::parse(note->text);
}

// Whether the key is the same or has been handed over to.
bool continues(std::string_view there, std::string_view key, std::string_view handovers) {
  if (there == key) return true;
  const auto known = tlog::VerifierKey::parse(trim(there));
  const auto notes = split_handovers(handovers);
  if (!known || !notes) return false;
  const auto now = current_key(*known, *notes);
  return now && now->to_text() == trim(key);
}

// What is in the folder must be an earlier state of the same log.
Result<void> same_log(const std::string& folder, const std::string& key, const std::string& handovers,
                      const tlog::Checkpoint& now) {
  FolderLogSource files(folder);
  const auto other = [&](const char* what) {
    return fail(ErrorCode::conflict, what, folder, "export into an empty folder");
  };
  const auto there = files.key();
  if (there && !continues(*there, key, handovers)) return other("the folder holds another log");
  const auto bytes = files.checkpoint();
  if (!bytes) return {};
  const auto before = read_checkpoint(*bytes);
  if (!before || before->origin != now.origin) return other("the folder holds another log");
  if (before->size > now.size) return other("the folder holds a longer log");
  return {};
}

class Exporter {
 public:
  Exporter(LogSource& log, std::string folder) : log_(log), folder_(std::move(folder)) {}

  Result<void> tile(const TileId& id) {
    const std::string path = folder_ + "/" + tlog::tile_path(id);
    std::error_code error;
    if (fs::is_regular_file(path, error)) return {};   // written whole and never changed
    auto bytes = log_.tile(id);
    if (!bytes) return pass(bytes);
    return add(path, *bytes);
  }

  // All records of a bundle, in as many files as the log gives responses.
  Result<void> bodies(const TileId& id) {
    std::set<std::string> names;
    for (unsigned first = 0; first < id.width;) {
      auto bytes = log_.bodies(id, first);
      if (!bytes) return pass(bytes);
      const auto records = parse_bodies(*bytes);
      if (!records) return std::unexpected(records.error());
      if (records->empty()) return fail(ErrorCode::invalid, "no bodies", bodies_path(id, first));
      const std::string path = folder_ + "/" + bodies_path(id, first);
      names.insert(fs::path(path).filename().string());
      if (const auto there = file::read(path, bodies_response_limit); !there || *there != *bytes) {
        if (auto added = add(path, *bytes); !added) return added;
      }
      first += static_cast<unsigned>(records->size());
    }
    only(fs::path(folder_ + "/" + bodies_path(id, 0)).parent_path(), std::move(names));
    const fs::path partials = folder_ + "/" + bodies_path({id.level, id.index, tlog::tile_width}, 0);
    const fs::path widths = partials.parent_path().string() + ".p";
    if (id.width == tlog::tile_width) only(widths, {});
    else only(widths, {std::to_string(id.width)});
    return {};
  }

  Result<void> add(const std::string& path, std::string_view bytes) {
    ++written_;
    return files_.add(path, bytes);
  }
  // What is gone is removed when what replaces it is there.
  Result<void> commit() {
    if (auto durable = files_.commit(); !durable) return durable;
    for (const auto& [folder, names] : stays_) remove_others(folder, names);
    return {};
  }
  std::uint64_t written() const { return written_; }

 private:
  // Of what is in the folder, these stay.
  void only(const fs::path& folder, std::set<std::string> names) {
    std::error_code error;
    if (fs::is_directory(folder, error)) stays_.emplace_back(folder, std::move(names));
  }
  static void remove_others(const fs::path& folder, const std::set<std::string>& names) {
    std::error_code ignored;
    if (names.empty()) fs::remove_all(folder, ignored);
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      if (!names.contains(entry.path().filename().string())) fs::remove_all(entry.path(), ignored);
    }
  }

  LogSource& log_;
  const std::string folder_;
  file::Batch files_;
  std::vector<std::pair<fs::path, std::set<std::string>>> stays_;
  std::uint64_t written_ = 0;
};

}  // namespace

Result<ExportReport> export_log(LogSource& log, const std::string& folder,
                                const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  auto key = log.key();
  if (!key) return pass(key);
  auto note = log.checkpoint();
  if (!note) return pass(note);
  auto checkpoint = read_checkpoint(*note);
  if (!checkpoint) return pass(checkpoint);
  const std::uint64_t size = checkpoint->size;
  auto handovers = log.handovers();
  if (!handovers) return pass(handovers);
  if (auto same = same_log(folder, *key, *handovers, *checkpoint); !same) return pass(same);

  Exporter out(log, folder);
  for (std::uint64_t index = 0; index * tlog::tile_width < size; ++index) {
    const TileId id{TileId::entries, index, tlog::width_in(size, TileId::entries, index)};
    if (auto done = out.tile(id); !done) return pass(done);
    if (auto done = out.bodies(id); !done) return pass(done);
    if (progress) progress(index * tlog::tile_width + id.width, size);
  }
  for (int level = 0; level < static_cast<int>(tlog::tile_levels); ++level) {
    for (std::uint64_t index = 0; tlog::width_in(size, level, index) > 0; ++index) {
      if (auto done = out.tile({level, index, tlog::width_in(size, level, index)}); !done) return pass(done);
    }
  }
  if (auto done = out.add(folder + "/key", *key); !done) return pass(done);
  if (!handovers->empty()) {
    if (auto done = out.add(folder + "/handover", *handovers); !done) return pass(done);
  }
  if (auto durable = out.commit(); !durable) return pass(durable);
  if (auto done = file::write(folder + "/checkpoint", *note); !done) return pass(done);
  return ExportReport{size, out.written() + 1};
}

}  // namespace verbund::network
