// SPDX-License-Identifier: EUPL-1.2
// Source: SQLite 3.40, online backup. The reading side holds one read transaction all the time: what is written
// meanwhile goes into the write-ahead log behind it, and the copy never has to begin again.
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kits/store/save.h"
#include "kits/store/text_stock.h"

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

bool shares_texts(const std::string& file) {
  Handle handle;
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(file.c_str(), &handle.db, flags, nullptr) != SQLITE_OK) return false;
  sqlite3_busy_timeout(handle.db, busy_ms);
  sqlite3_stmt* row = nullptr;
  if (sqlite3_prepare_v2(handle.db, "SELECT 1 FROM text_stock", -1, &row, nullptr) != SQLITE_OK) return false;
  const bool there = sqlite3_step(row) == SQLITE_ROW;
  sqlite3_finalize(row);
  return there;
}

}  // namespace verbund::store
