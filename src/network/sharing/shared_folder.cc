// SPDX-License-Identifier: EUPL-1.2
#include "network/sharing/shared_folder.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "kits/crypto/digest.h"
#include "kits/file/file.h"
#include "kits/tlog/tile.h"
#include "network/log/own_log.h"
#include "network/sharing/shared_log.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::network {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t note_every = 64;      // additions of ours; who is started again takes a few once more

// Files of ours have no point in their names: a lock, a mark and what a crash has left are none.
bool is_ours(std::string_view path) {
  if (path.empty() || path.size() > 200 || path.front() == '/' || path.find("..") != path.npos) return false;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return !name.empty() && name.find('.') == name.npos && name != "lock";
}

}  // namespace

SharedFolder::SharedFolder(store::Database& database, std::string folder, std::string name)
    : database_(database), folder_(std::move(folder)), name_(std::move(name)), mark_(folder_ + ".shared") {}

SharedFolder::~SharedFolder() {
  const std::lock_guard lock(mutex_);
  if (taken_ > noted_) (void)note_taken();
}

Result<void> SharedFolder::note_taken() {
  noted_ = taken_;
  return file::write(mark_, std::to_string(noted_) + "\n", file::for_owner);
}

Result<bool> SharedFolder::pull() {
  const std::lock_guard lock(mutex_);
  return take(false);
}

// `small_anew`: everything but tiles is as the store has it, also what was written here and never added.
Result<bool> SharedFolder::take(bool small_anew) {
  std::error_code error;
  if (taken_ < 0) {
    const auto text = file::read(mark_, 64);
    taken_ = noted_ = text ? parse_number(trim(*text)).value_or(0) : 0;
  }
  if (!fs::exists(folder_, error)) taken_ = 0;   // it was lost: everything is taken again
  std::int64_t last = 0;
  database_.read([&](store::Connection& connection) { last = SharedLogStore(connection, name_).last(); });
  if (last == taken_ && !small_anew) return false;
  // A command and a server have one folder: the second one finds what the first one has put there whole.
  const auto turn = file::Lock::take_within(mark_ + ".lock", turn_patience);
  if (!turn) return std::unexpected(turn.error());
  Result<void> done;
  std::vector<LogFile> small;
  std::vector<std::string> gone, full;
  file::Batch tiles;
  database_.read([&](store::Connection& connection) {
    const SharedLogStore shared(connection, name_);
    last = shared.last();
    if (last < taken_) taken_ = 0;               // another store than the one before
    if (last == taken_ && !small_anew) return;
    const auto other = [&](std::string_view path, std::string bytes) {
      if (bytes.empty()) gone.emplace_back(path);
      else small.push_back({std::string(path), std::move(bytes)});
    };
    shared.each_after(taken_, [&](std::string_view path, std::string bytes) {
      if (!done || !is_ours(path)) return;
      const auto tile = tlog::parse_tile_path(path);
      if (!tile && !small_anew) other(path, std::move(bytes));
      if (!tile) return;
      const std::string file = folder_ + "/" + std::string(path);
      if (tile->width == tlog::tile_width) full.push_back(file + ".p");
      done = tiles.add(file, bytes);
    });
    if (small_anew) {
      shared.each_but_tiles([&](std::string_view path, std::string bytes) {
        if (is_ours(path)) other(path, std::move(bytes));
      });
    }
  });
  if (!done) return std::unexpected(done.error());
  if (last == taken_ && !small_anew) return false;
  if (auto durable = tiles.commit(); !durable) return pass(durable);
  // The checkpoint as the last one: what it stands on is there then.
  std::ranges::stable_partition(small, [](const LogFile& file) { return file.path != "checkpoint"; });
  for (const LogFile& file : small) {
    if (auto written = file::write(folder_ + "/" + file.path, file.bytes); !written) return pass(written);
  }
  for (const std::string& path : gone) fs::remove(folder_ + "/" + path, error);
  for (const std::string& partial : full) fs::remove_all(partial, error);
  const bool more = last != taken_;
  taken_ = last;
  if (auto noted = note_taken(); !noted) return pass(noted);
  return more;
}

Result<std::vector<LogFile>> SharedFolder::files_here() const {
  std::vector<LogFile> out;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder_, error)) {
    const std::string path = entry.path().lexically_relative(folder_).string();
    if (!entry.is_regular_file(error) || !is_ours(path)) continue;
    auto bytes = file::read(entry.path().string(), file_limit);
    if (!bytes) return pass(bytes);
    if (!bytes->empty()) out.push_back({path, std::move(*bytes)});
  }
  return out;
}

Result<void> SharedFolder::lead() {
  const std::lock_guard lock(mutex_);
  leads_ = false;
  leader_ = crypto::random_hex(12);
  auto last = begin_to_lead(database_, name_, leader_);
  if (!last) return pass(last);
  if (*last == 0) {   // a node that had it to itself until now, or nothing at all
    const auto here = files_here();
    if (!here) return std::unexpected(here.error());
    taken_ = 0;
    leads_ = true;
    return here->empty() ? Result<void>() : add(*here);
  }
  // What was written here and not added any more is nothing that anybody knows.
  std::error_code ignored;
  for (const char* file : {"checkpoint", "progress", "seen", "handover"}) fs::remove(folder_ + "/" + file, ignored);
  if (auto taken = take(true); !taken) return pass(taken);
  leads_ = true;
  return {};
}

Result<void> SharedFolder::add(const std::vector<LogFile>& files) {
  const auto lost = [&] {
    leads_ = false;
    return fail(ErrorCode::conflict, "another process of this node does this now", name_, "it goes on there");
  };
  if (!leads_) return lost();
  std::int64_t number = 0;
  auto added = database_.write([&](store::Connection& connection) -> Result<void> {
    SharedLogStore shared(connection, name_);
    if (auto put = shared.add(leader_, files); !put) return put;
    number = shared.last();
    return {};
  }, store::Again::yes);
  if (!added) return lost();
  taken_ = number;
  return number - noted_ < note_every ? Result<void>() : note_taken();
}

Result<void> SharedFolder::check(store::Connection& connection) {
  if (leads_ && SharedLogStore(connection, name_).leads(leader_)) return {};
  leads_ = false;
  return fail(ErrorCode::conflict, "another process of this node does this now", name_, "it goes on there");
}

std::optional<std::string> SharedFolder::body(std::string_view path) {
  std::optional<std::string> out;
  database_.read([&](store::Connection& connection) { out = SharedLogStore(connection, name_).body(path); });
  return out;
}

Result<void> SharedFolder::adopt() {
  const std::lock_guard lock(mutex_);
  const auto here = files_here();
  if (!here) return std::unexpected(here.error());
  if (here->empty()) return {};
  return database_.write([&](store::Connection& connection) -> Result<void> {
    SharedLogStore shared(connection, name_);
    if (shared.last() > 0) return {};
    for (const LogFile& file : *here) {
      if (file.path != "key") shared.replace(file.path, std::nullopt, file.bytes);
    }
    return {};
  }, store::Again::yes);
}

Result<bool> SharedFolder::replace(std::string_view path, const std::optional<std::string>& before,
                                   std::string_view after) {
  bool replaced = false;
  auto done = database_.write([&](store::Connection& connection) -> Result<void> {
    replaced = SharedLogStore(connection, name_).replace(path, before, after);
    return {};
  }, store::Again::yes);
  if (!done) return pass(done);
  // Never written here directly: another process may have gone on already.
  if (auto pulled = pull(); !pulled) return pulled;
  return replaced;
}

Result<void> pull_all(store::Database& database, const std::string& data_folder) {
  std::map<std::string, std::int64_t> heads;
  database.read([&](store::Connection& connection) { heads = SharedLogStore::heads(connection); });
  for (const auto& [name, number] : heads) {
    if (!is_ours(name) && !name.starts_with("heard/")) continue;
    if (name.find("..") != name.npos) continue;
    const std::string folder = data_folder + "/network/" + name;
    std::error_code error;
    std::optional<file::Lock> lock;
    if (fs::exists(folder + "/lock", error)) {
      auto taken = file::Lock::take(folder + "/lock");
      if (!taken) continue;
      lock.emplace(std::move(*taken));
    }
    const bool own = name == "log" || name == "members";
    const LogPlace place = name == "members" ? members_place(data_folder) : LogPlace(data_folder);
    auto pulled = own ? SharedLog(database, place, name).pull() : SharedFolder(database, folder, name).pull();
    if (!pulled) return pass(pulled);
  }
  return {};
}

}  // namespace verbund::network
