// SPDX-License-Identifier: EUPL-1.2
// The embedded driver. Source: SQLite 3.40 (C interface, WAL, pragmas).
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "kits/store/driver.h"
#include "kits/store/sqlite_file.h"
#include "kits/store/unavailable.h"
#include "kits/store/write_trouble.h"

namespace verbund::store {
namespace {

constexpr std::size_t cached_statements = 256;          // per connection
constexpr int checkpoint_pages = 2000;                  // 8 MiB of log before a commit copies it into the file
constexpr std::int64_t log_bytes_kept = 64 << 20;       // a larger log file is cut after its checkpoint
constexpr int findings_at_most = 100;
constexpr std::int64_t many_changes = 50'000;           // rows of a transaction whose page cache is not kept

// Another process holds a lock.
class Busy : public Unavailable {
 public:
  using Unavailable::Unavailable;
};

// What the machine does not allow now and may allow later.
bool passes(int code) {
  return code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_READONLY || code == SQLITE_CANTOPEN;
}

[[noreturn]] void raise(sqlite3* db, int code, std::string_view doing) {
  std::string text = "store: " + std::string(doing) + ": ";
  text += db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  text += " (SQLite " + std::to_string(db ? sqlite3_extended_errcode(db) : code) + ")";
  if ((code & 0xFF) == SQLITE_BUSY) throw Busy(text);
  if (passes(code & 0xFF)) throw Unavailable(text);
  throw Failure(text);
}

// A compiled statement with the places of its parameters; index_of[n] is SQLite's index of $n, 0 if there is none.
struct Compiled {
  sqlite3_stmt* statement = nullptr;
  std::vector<int> index_of;
};

class SqliteConnection : public Connection {
 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

 public:
  SqliteConnection(const Options& options, bool writes);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Statement prepare(std::string_view sql) override;
  void execute(std::string_view sql) override;
  std::unique_ptr<Bulk> bulk(std::string_view table, std::string_view columns) override;
  sqlite3* handle() const { return db_; }
  // An idle statement with its SQL, taken out of the cache whole.
  using Idle = std::unordered_multimap<std::string, Compiled, Hash, std::equal_to<>>;
  void give_back(Idle::node_type idle);
  std::string pragma(std::string_view text);

 private:
  void use_wal(const Options& options);
  Compiled compile(std::string_view sql);

  sqlite3* db_ = nullptr;
  // Idle statements only: one that is in use is taken out, so that the same text can be used twice at once.
  Idle idle_;
};

class SqliteStatement : public Statement::Driver {
 public:
  SqliteStatement(SqliteConnection& connection, SqliteConnection::Idle::node_type idle)
      : connection_(connection), idle_(std::move(idle)), compiled_(idle_.mapped()),
        bound_(compiled_.index_of.size(), false) {}
  ~SqliteStatement() override {
    sqlite3_reset(compiled_.statement);
    sqlite3_clear_bindings(compiled_.statement);
    connection_.give_back(std::move(idle_));
  }

  void bind(int parameter, std::string_view value) override {
    check_text(value);
    const int index = place(parameter);
    const char* bytes = value.data() ? value.data() : "";
    check(sqlite3_bind_text64(compiled_.statement, index, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8), "bind");
  }
  void bind(int parameter, std::int64_t value) override {
    check(sqlite3_bind_int64(compiled_.statement, place(parameter), value), "bind");
  }
  void bind_null(int parameter) override { check(sqlite3_bind_null(compiled_.statement, place(parameter)), "bind"); }

  bool step() override {
    if (!active_)
      for (std::size_t n = 1; n < bound_.size(); ++n) VERBUND_CHECK(bound_[n]);
    active_ = true;
    const int code = sqlite3_step(compiled_.statement);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) {
      const std::string doing = idle_.key().substr(0, 120);
      try {
        raise(connection_.handle(), code, doing);
      } catch (...) {
        reset();
        throw;
      }
    }
    changes_ = sqlite3_stmt_readonly(compiled_.statement) ? 0 : sqlite3_changes64(connection_.handle());
    reset();
    return false;
  }
  void reset() override {
    sqlite3_reset(compiled_.statement);  // repeats the error of step, which was reported there
    active_ = false;
  }
  std::int64_t changes() const override { return changes_; }

  bool is_null(int column) const override {
    return sqlite3_column_type(compiled_.statement, checked(column)) == SQLITE_NULL;
  }
  std::string_view text(int column) const override {
    const void* bytes = sqlite3_column_text(compiled_.statement, checked(column));
    if (!bytes) return {};
    const int length = sqlite3_column_bytes(compiled_.statement, column);
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(length)};
  }
  std::int64_t number(int column) const override {
    return sqlite3_column_int64(compiled_.statement, checked(column));
  }

 private:
  int place(int parameter) {
    VERBUND_CHECK(parameter > 0 && static_cast<std::size_t>(parameter) < bound_.size());
    if (active_) reset();
    bound_[static_cast<std::size_t>(parameter)] = true;
    return compiled_.index_of[static_cast<std::size_t>(parameter)];
  }
  int checked(int column) const {
    VERBUND_CHECK(active_ && column >= 0 && column < sqlite3_column_count(compiled_.statement));
    return column;
  }
  void check(int code, std::string_view doing) const {
    if (code != SQLITE_OK) raise(connection_.handle(), code, doing);
  }

  SqliteConnection& connection_;
  SqliteConnection::Idle::node_type idle_;
  Compiled& compiled_;   // in it
  std::vector<bool> bound_;  // by parameter number, [0] unused
  bool active_ = false;
  std::int64_t changes_ = 0;
};

SqliteConnection::SqliteConnection(const Options& options, bool writes) {
  const int code = sqlite3_open_v2(options.path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  try {
    if (code != SQLITE_OK) raise(db_, code, "open " + options.path);
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, options.busy_timeout_ms);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    // "x" is a name only, as in PostgreSQL, never a text.
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    execute("PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA temp_store=FILE;"
            "PRAGMA case_sensitive_like=ON; PRAGMA cache_spill=ON; PRAGMA cache_size=-" +
            std::to_string(writes ? options.writer_cache_kib : options.cache_kib));
    if (!writes) {
      execute("PRAGMA query_only=ON");
      return;
    }
    use_wal(options);
    execute("PRAGMA wal_autocheckpoint=" + std::to_string(checkpoint_pages) +
            "; PRAGMA journal_size_limit=" + std::to_string(log_bytes_kept));
  } catch (...) {
    sqlite3_close(db_);
    throw;
  }
}

SqliteConnection::~SqliteConnection() {
  for (auto& [sql, compiled] : idle_) sqlite3_finalize(compiled.statement);
  VERBUND_CHECK(sqlite3_close(db_) == SQLITE_OK);  // a Statement must not outlive its connection
}

void SqliteConnection::use_wal(const Options& options) {
  // Two programs that make the same file at once: SQLite gives up on a deadlock without waiting, so we wait.
  constexpr std::chrono::milliseconds pause(10);
  for (std::chrono::milliseconds left(options.busy_timeout_ms); true; left -= pause) {
    try {
      if (pragma("journal_mode=WAL") == "wal") return;
      throw Failure("store: the file system of " + options.path + " cannot do WAL");
    } catch (const Busy&) {
      if (left <= std::chrono::milliseconds(0)) throw;
    }
    std::this_thread::sleep_for(pause);
  }
}

std::string SqliteConnection::pragma(std::string_view text) {
  auto statement = prepare("PRAGMA " + std::string(text));
  return statement.step() ? std::string(statement.text(0)) : std::string();
}

Compiled SqliteConnection::compile(std::string_view sql) {
  Compiled out;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &out.statement, &tail);
  if (code != SQLITE_OK) raise(db_, code, sql.substr(0, 400));
  VERBUND_CHECK(out.statement != nullptr && tail == sql.data() + sql.size());  // exactly one statement
  const int parameters = sqlite3_bind_parameter_count(out.statement);
  out.index_of.assign(static_cast<std::size_t>(parameters) + 1, 0);
  for (int n = 1; n <= parameters; ++n) {
    const std::string name = "$" + std::to_string(n);
    const int index = sqlite3_bind_parameter_index(out.statement, name.c_str());
    VERBUND_CHECK(index > 0);  // parameters are $1 ... $n without a gap
    out.index_of[static_cast<std::size_t>(n)] = index;
  }
  return out;
}

Statement SqliteConnection::prepare(std::string_view sql) {
  auto found = idle_.find(sql);
  if (found == idle_.end()) found = idle_.emplace(std::string(sql), compile(sql));
  return Statement(std::make_unique<SqliteStatement>(*this, idle_.extract(found)));
}

void SqliteConnection::give_back(Idle::node_type idle) {
  if (idle_.size() >= cached_statements) {
    sqlite3_finalize(idle.mapped().statement);
  } else {
    idle_.insert(std::move(idle));
  }
}

void SqliteConnection::execute(std::string_view sql) {
  const std::string text(sql);
  const int code = sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) raise(db_, code, sql.substr(0, 400));
}

// SQLite needs nothing but a statement that stays prepared.
class SqliteBulk : public Bulk {
 public:
  SqliteBulk(Statement insert, std::size_t columns) : insert_(std::move(insert)), columns_(columns) {}
  Bulk& add(std::string_view value) override { return insert_.bind(place(), value), full(); }
  Bulk& add(std::int64_t value) override { return insert_.bind(place(), value), full(); }
  Bulk& add_null() override { return insert_.bind_null(place()), full(); }
  void flush() override { VERBUND_CHECK(given_ == 0); }

 private:
  int place() { return static_cast<int>(++given_); }
  Bulk& full() {
    if (given_ < columns_) return *this;
    insert_.run();
    given_ = 0;
    return *this;
  }

  Statement insert_;
  const std::size_t columns_;
  std::size_t given_ = 0;
};

std::unique_ptr<Bulk> SqliteConnection::bulk(std::string_view table, std::string_view columns) {
  const std::size_t count = column_names(columns).size();
  std::string sql = "INSERT INTO " + column_names(table).front() + "(" + std::string(columns) + ") VALUES (";
  for (std::size_t n = 1; n <= count; ++n) sql += (n == 1 ? "$" : ", $") + std::to_string(n);
  return std::make_unique<SqliteBulk>(prepare(sql + ")"), count);
}

// A lock of the operating system on a file beside the database: it ends with its process, however that ends.
class FileLock : public NamedLock {
 public:
  explicit FileLock(int file) : file_(file) {}
  ~FileLock() override { ::close(file_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  bool held() override { return true; }

 private:
  const int file_;
};

class SqliteDatabase : public DriverDatabase {
 public:
  explicit SqliteDatabase(Options options) : options_(std::move(options)) {
    VERBUND_CHECK(options_.readers > 0);
    writer_ = std::make_unique<SqliteConnection>(options_, true);
  }

  void read(const std::function<void(Connection&)>& work) override;
  Result<void> write(const std::function<Result<void>(Connection&)>& work, Again again) override;
  std::int64_t version() override;
  std::unique_ptr<NamedLock> try_lock(std::string_view name) override;
  std::string trouble() override { return trouble_.reason(); }
  std::vector<std::string> integrity_findings() override;
  bool has_table(Connection& connection, std::string_view name) const override {
    auto rows = connection.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1");
    return rows.bind(1, name).step();
  }

 private:
  std::unique_ptr<SqliteConnection> take_reader();
  void give_reader(std::unique_ptr<SqliteConnection> reader);  // null: it was closed
  void roll_back();
  void try_writing() noexcept;

  const Options options_;
  WriteTrouble trouble_;
  std::mutex readers_mutex_;
  std::condition_variable reader_free_;
  std::vector<std::unique_ptr<SqliteConnection>> idle_readers_;
  int open_readers_ = 0;

  std::mutex watcher_mutex_;
  std::unique_ptr<SqliteConnection> watcher_;  // reads only data_version: that tells of all other connections

  std::mutex writer_mutex_;
  std::atomic<std::thread::id> writing_thread_;
  std::unique_ptr<SqliteConnection> writer_;  // null after a failed rollback, then opened anew
};

std::unique_ptr<SqliteConnection> SqliteDatabase::take_reader() {
  {
    std::unique_lock lock(readers_mutex_);
    reader_free_.wait(lock, [&] { return !idle_readers_.empty() || open_readers_ < options_.readers; });
    if (!idle_readers_.empty()) {
      auto reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return reader;
    }
    ++open_readers_;
  }
  try {
    return std::make_unique<SqliteConnection>(options_, false);
  } catch (...) {
    give_reader(nullptr);
    throw;
  }
}

void SqliteDatabase::give_reader(std::unique_ptr<SqliteConnection> reader) {
  {
    const std::lock_guard lock(readers_mutex_);
    if (reader) {
      idle_readers_.push_back(std::move(reader));
    } else {
      --open_readers_;
    }
  }
  reader_free_.notify_one();
}

void SqliteDatabase::read(const std::function<void(Connection&)>& work) {
  auto reader = take_reader();
  try {
    reader->execute("BEGIN");
    reader->execute("SELECT 1 FROM sqlite_master LIMIT 1");  // BEGIN alone does not fix the state that is seen
    work(*reader);
    reader->execute("COMMIT");
  } catch (...) {
    // A connection that cannot end its transaction is closed, which ends it too.
    if (sqlite3_get_autocommit(reader->handle()) == 0)
      sqlite3_exec(reader->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    if (sqlite3_get_autocommit(reader->handle()) == 0) reader.reset();
    give_reader(std::move(reader));
    throw;
  }
  give_reader(std::move(reader));
}

void SqliteDatabase::roll_back() {
  if (!writer_) return;
  // SQLite may have rolled back itself (disk full, I/O error).
  if (sqlite3_get_autocommit(writer_->handle()) == 0)
    sqlite3_exec(writer_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  if (sqlite3_get_autocommit(writer_->handle()) == 0) writer_.reset();
}

Result<void> SqliteDatabase::write(const std::function<Result<void>(Connection&)>& work, Again) {
  VERBUND_CHECK(writing_thread_.load() != std::this_thread::get_id());  // a write inside a write would wait for itself
  const std::lock_guard lock(writer_mutex_);
  struct Over {
    std::atomic<std::thread::id>& thread;
    ~Over() { thread = std::thread::id(); }
  } over{writing_thread_};
  Result<void> outcome;
  try {
    if (!writer_) writer_ = std::make_unique<SqliteConnection>(options_, true);
    writer_->execute("BEGIN IMMEDIATE");
    writing_thread_ = std::this_thread::get_id();
    const std::int64_t before = sqlite3_total_changes64(writer_->handle());
    outcome = work(*writer_);
    if (outcome) writer_->execute("COMMIT");
    if (sqlite3_total_changes64(writer_->handle()) - before > many_changes) sqlite3_db_release_memory(writer_->handle());
  } catch (const Busy&) {
    roll_back();
    throw;
  } catch (const Unavailable& failure) {
    trouble_.failed(failure.what());
    roll_back();
    throw;
  } catch (...) {
    roll_back();
    throw;
  }
  if (outcome) trouble_.worked();
  else roll_back();
  return outcome;
}

// While writing fails: whether it works again. Writes a page of the file anew, with what stands in it.
void SqliteDatabase::try_writing() noexcept {
  try {
    Options options = options_;
    options.busy_timeout_ms = 0;
    SqliteConnection connection(options, true);
    connection.execute("BEGIN IMMEDIATE; PRAGMA user_version=" + connection.pragma("user_version") + "; COMMIT");
    trouble_.worked();
  } catch (const Busy&) {
    // Somebody writes: the next look tells.
  } catch (const Failure& failure) {
    trouble_.failed(failure.what());
  }
}

std::int64_t SqliteDatabase::version() {
  if (trouble_.look_now()) try_writing();
  const std::lock_guard lock(watcher_mutex_);
  if (!watcher_) watcher_ = std::make_unique<SqliteConnection>(options_, false);
  auto statement = watcher_->prepare("PRAGMA data_version");
  return statement.step() ? statement.number(0) : 0;
}

std::unique_ptr<NamedLock> SqliteDatabase::try_lock(std::string_view name) {
  check_lock_name(name);
  const std::string path = options_.path + "-" + std::string(name) + ".lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) throw Failure("store: " + path + ": " + std::strerror(errno));
  auto lock = std::make_unique<FileLock>(file);
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) throw Failure("store: " + path + ": " + std::strerror(errno));
  return nullptr;
}

std::vector<std::string> SqliteDatabase::integrity_findings() {
  std::vector<std::string> out;
  try {
    read([&](Connection& connection) {
      auto pages = connection.prepare("PRAGMA integrity_check(" + std::to_string(findings_at_most) + ")");
      while (pages.step())
        if (pages.text(0) != "ok") out.emplace_back(pages.text(0));
      auto keys = connection.prepare("PRAGMA foreign_key_check");
      while (keys.step() && out.size() < 2 * findings_at_most)
        out.push_back("a row of " + std::string(keys.text(0)) + " names a row of " + std::string(keys.text(2)) +
                      " that is not there");
    });
  } catch (const Failure& failure) {
    out.emplace_back(failure.what());
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<DriverDatabase>> open_sqlite(const Options& options) {
  if (const int error = make_file(options.path); error != 0)
    return fail(ErrorCode::unavailable, "the store cannot be made: " + std::string(std::strerror(error)), options.path,
                "choose a data directory this user may write");
  try {
    return std::make_unique<SqliteDatabase>(options);
  } catch (const Failure& failure) {
    return fail(ErrorCode::unavailable, failure.what(), options.path,
                "restore the file from a backup if it is damaged, or name another data directory");
  }
}

}  // namespace verbund::store
