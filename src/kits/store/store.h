// SPDX-License-Identifier: EUPL-1.2
// The relational store behind two faces: Database (connections, transactions) and Statement (SQL with $1, $2 ...).
// SQL is written in the subset that SQLite and PostgreSQL share, in *_store.cc files only:
// types TEXT and BIGINT; INSERT ... ON CONFLICT (...) DO UPDATE SET x = excluded.x; no AUTOINCREMENT, no rowid, no blobs.
// SQLite driver: WAL, synchronous=FULL, foreign keys on. Engine failures (disk full, file damaged, busy over the time
// limit) throw Failure: they end the request or command and are caught once at its edge.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::store {

class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A prepared statement. Rows: while (s.step()) { s.text(0); }. Reusable after reset().
class Statement {
 public:
  struct Driver;
  explicit Statement(std::unique_ptr<Driver> driver);
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  ~Statement();

  Statement& bind(int parameter, std::string_view value);  // parameter n is $n; copied
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind_null(int parameter);
  bool step();               // true: a row is there. Requires: all parameters bound.
  void run();                // step to the end, then reset
  void reset();              // back to before the first row; bindings stay
  std::int64_t changes() const;  // rows the last run() inserted, updated or deleted

  bool is_null(int column) const;          // columns from 0
  std::string_view text(int column) const; // valid until the next step/reset
  std::int64_t number(int column) const;

 private:
  std::unique_ptr<Driver> driver_;
};

// One connection, used by one thread at a time. Statements come from a cache by their SQL text.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Statement prepare(std::string_view sql) = 0;
  virtual void execute(std::string_view sql) = 0;  // one or more statements without parameters or rows
};

// A step of one room's schema: (room, number) is run once, in order of `number`, never changed afterwards.
struct Migration {
  std::string room;
  int number;
  std::string sql;
};

struct Options {
  std::string path;                       // SQLite file; created with its folder if missing, readable by the owner only
  int readers = 4;                        // read connections kept open at most
  int busy_timeout_ms = 30'000;           // how long a writer waits for another process's writer
  std::int64_t cache_kib = 8 * 1024;      // page cache of each connection
};

class Database {
 public:
  // Opens, applies `migrations` (in one transaction; a changed old migration or a newer schema is an error).
  // Errors: unavailable (cannot open, damaged), conflict (schema of a newer program).
  static Result<std::unique_ptr<Database>> open(const Options& options, const std::vector<Migration>& migrations);
  virtual ~Database() = default;

  // Runs `work` in a read transaction on a connection of its own: one consistent state from begin to end.
  virtual void read(const std::function<void(Connection&)>& work) = 0;
  // Runs `work` in the one write transaction; commits durably when it returns a value, rolls back when it returns an
  // error or throws. Writers of all threads and processes take turns.
  virtual Result<void> write(const std::function<Result<void>(Connection&)>& work) = 0;
  // Changes whenever anybody, in this process or another, has committed since the last call; what the number is means
  // nothing. Cheap enough to ask every few milliseconds (2 microseconds with SQLite). Any thread.
  virtual std::int64_t version() = 0;
  // Foreign keys, page structure: empty if sound, else one line per finding.
  virtual std::vector<std::string> integrity_findings() = 0;
};

}  // namespace verbund::store
