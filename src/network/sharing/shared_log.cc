// SPDX-License-Identifier: EUPL-1.2
#include "network/sharing/shared_log.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/text.h"
#include "kits/crypto/digest.h"
#include "kits/file/file.h"
#include "kits/tlog/note.h"
#include "kits/tlog/tile.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::network {
namespace {

namespace fs = std::filesystem;


}  // namespace

SharedLog::SharedLog(store::Database& database, LogPlace place, std::string name)
    : database_(database), place_(std::move(place)), name_(std::move(name)), mark_(place_.folder + ".shared") {}

// 0 where the folder was lost: then everything is taken again.
std::int64_t SharedLog::taken() const {
  std::error_code error;
  if (!fs::exists(place_.folder + "/checkpoint", error)) return 0;
  const auto text = file::read(mark_, 64);
  return text ? parse_number(trim(*text)).value_or(0) : 0;
}

Result<void> SharedLog::note_taken(std::int64_t number) const {
  return file::write(mark_, std::to_string(number) + "\n", file::for_owner);
}

bool SharedLog::leads() const {
  std::shared_ptr<store::NamedLock> lock;
  {
    const std::lock_guard guard(mutex_);
    lock = lock_;
  }
  return lock && lock->held();
}

void SharedLog::step_down() {
  std::shared_ptr<store::NamedLock> lock;
  {
    const std::lock_guard guard(mutex_);
    lock.swap(lock_);
  }
  lock.reset();   // given back without the mutex
}

Result<bool> SharedLog::pull() {
  std::int64_t last = 0;
  database_.read([&](store::Connection& connection) { last = SharedLogStore(connection, name_).last(); });
  if (last <= taken()) return false;
  // A command and a server have one folder: no checkpoint is followed there by an older one.
  const auto turn = file::Lock::take_within(mark_ + ".lock", turn_patience);
  if (!turn) return std::unexpected(turn.error());
  const std::int64_t before = taken();
  Result<void> done;
  std::optional<std::string> checkpoint;
  std::vector<std::string> full;
  file::Batch files;
  database_.read([&](store::Connection& connection) {
    const SharedLogStore shared(connection, name_);
    last = shared.last();
    if (last <= before) return;
    shared.each_after(before, [&](std::string_view path, std::string bytes) {
      if (!done) return;
      if (path == "key" && before == 0) {
        const auto here = file::read(place_.folder + "/key", 4096);
        if (here && *here != bytes) {
          done = fail(ErrorCode::conflict, "the database has another log than this folder", place_.folder,
                      "move the folder away, or name another schema in the setting `store`");
          return;
        }
      }
      if (path == "checkpoint") {   // the last one in its place: what it stands on is there then
        checkpoint = std::move(bytes);
        return;
      }
      const auto tile = tlog::parse_tile_path(path);
      if (!tile && path != "key" && path != "handover") return;   // nothing of ours
      if (tile && tile->width == tlog::tile_width) full.push_back(place_.folder + "/" + std::string(path) + ".p");
      done = files.add(place_.folder + "/" + std::string(path), bytes);
    });
  });
  if (!done) return std::unexpected(done.error());
  if (last <= before) return false;
  if (auto durable = files.commit(); !durable) return pass(durable);
  if (checkpoint) {
    if (auto written = file::write(place_.folder + "/checkpoint", *checkpoint); !written) return pass(written);
  }
  if (auto noted = note_taken(last); !noted) return pass(noted);
  std::error_code ignored;
  for (const std::string& partial : full) fs::remove_all(partial, ignored);
  return true;
}

Result<std::vector<LogFile>> SharedLog::files_here() const {
  std::vector<LogFile> out;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(place_.folder, error)) {
    if (!entry.is_regular_file(error)) continue;
    const std::string path = entry.path().lexically_relative(place_.folder).string();
    if (path != "key" && path != "handover" && path != "checkpoint" && !tlog::parse_tile_path(path)) continue;
    auto bytes = file::read(entry.path().string(), file_limit);
    if (!bytes) return pass(bytes);
    out.push_back({path, std::move(*bytes)});
  }
  return out;
}

Result<bool> SharedLog::lead() {
  if (leads()) {   // what was added is perhaps not published here
    if (auto pulled = pull(); !pulled) return pulled;
    return true;
  }
  added_ = 0;
  step_down();
  std::shared_ptr<store::NamedLock> lock = database_.try_lock("log-" + name_);
  if (!lock) return false;
  {
    const std::lock_guard guard(mutex_);
    lock_ = std::move(lock);
  }
  leader_ = crypto::random_hex(12);
  auto last = begin_to_lead(database_, name_, leader_);
  if (!last) return pass(last);
  if (*last > 0) {
    auto pulled = pull();
    if (!pulled) {
      step_down();
      return pass(pulled);
    }
    return true;
  }
  // A node that had its log to itself until now.
  std::error_code error;
  if (!fs::exists(place_.folder + "/checkpoint", error)) return true;
  auto here = files_here();
  if (!here) return pass(here);
  if (auto added = add(*here); !added) return pass(added);
  return true;
}

Result<void> SharedLog::add(const std::vector<LogFile>& files) {
  if (!leads()) return fail(ErrorCode::conflict, "this process does not lead any more", name_, "another one goes on");
  // Who adds has published here what it added before.
  if (added_ > 0) {
    if (auto noted = note_taken(added_); !noted) return noted;
  }
  std::int64_t number = 0;
  auto added = database_.write([&](store::Connection& connection) -> Result<void> {
    SharedLogStore shared(connection, name_);
    if (auto put = shared.add(leader_, files); !put) return put;
    number = shared.last();
    return {};
  }, store::Again::yes);
  if (!added) {
    step_down();
    return added;
  }
  added_ = number;
  return {};
}

}  // namespace verbund::network
