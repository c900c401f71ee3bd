// SPDX-License-Identifier: EUPL-1.2
// Source: SQLite 3.40, online backup. The reading side holds one read transaction all the time: what is written
// meanwhile goes into the write-ahead log behind it, and the copy never has to begin again.
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kits/store/save.h"

namespace verbund::store {
namespace {

constexpr int pages_at_once = 2'000;
constexpr int busy_ms = 30'000;

struct Handle {
  sqlite3* db = nullptr;
  ~Handle() { sqlite3_close(db); }
};

std::unexpected<Error> failed(const Handle& handle, const std::string& path) {
  return fail(ErrorCode::unavailable, std::string("store: ") + sqlite3_errmsg(handle.db), path,
              "look for space, rights and the state of the disk");
}

Result<void> run(Handle& handle, const std::string& path, const char* sql) {
  if (sqlite3_exec(handle.db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failed(handle, path);
  return {};
}

Result<void> save_pages(Handle& from, Handle& to, const std::string& target, const SaveProgress& progress) {
  sqlite3_backup* backup = sqlite3_backup_init(to.db, "main", from.db, "main");
  if (backup == nullptr) return failed(to, target);
  Result<void> heard;
  int code = SQLITE_OK;
  while (heard && (code == SQLITE_OK || code == SQLITE_BUSY)) {
    code = sqlite3_backup_step(backup, pages_at_once);
    const auto pages = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup));
    if (code == SQLITE_OK || code == SQLITE_DONE) heard = progress(pages * 4096);
  }
  const int finished = sqlite3_backup_finish(backup);
  if (!heard) return heard;
  if (code != SQLITE_DONE || finished != SQLITE_OK) return failed(to, target);
  return {};
}

}  // namespace

Result<void> save_sqlite(const std::string& source, const std::string& target, const SaveProgress& progress) {
  const int file = ::open(target.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(errno == EEXIST ? ErrorCode::conflict : ErrorCode::unavailable, std::strerror(errno), target);
  }
  ::close(file);
  Handle from;
  if (sqlite3_open_v2(source.c_str(), &from.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
    return failed(from, source);
  }
  sqlite3_busy_timeout(from.db, busy_ms);
  if (auto begun = run(from, source, "PRAGMA query_only=ON; BEGIN; SELECT 1 FROM sqlite_master LIMIT 1"); !begun) {
    return begun;
  }
  Handle to;
  if (sqlite3_open_v2(target.c_str(), &to.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
    return failed(to, target);
  }
  // What is half written is thrown away: no journal, and synced by whoever asked for it.
  if (auto set = run(to, target, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"); !set) return set;
  if (auto saved = save_pages(from, to, target, progress); !saved) return saved;
  // Readable where nothing can be written beside it.
  return run(to, target, "PRAGMA journal_mode=DELETE");
}

}  // namespace verbund::store
