// SPDX-License-Identifier: EUPL-1.2
// The relational store behind two faces: Database (connections, transactions) and Statement (SQL with $1, $2 ...).
// SQL is written in the subset that SQLite and PostgreSQL share, in *_store.cc files only:
// types TEXT and BIGINT; INSERT ... ON CONFLICT (...) DO UPDATE SET x = excluded.x; no AUTOINCREMENT, no rowid, no blobs.
// On both engines text is UTF-8 without U+0000 (anything else is refused), compared and ordered by its bytes; LIKE
// knows case; a Failure ends the transaction: nothing more is asked on its connection.
// SQLite driver: WAL, synchronous=FULL, foreign keys on. PostgreSQL driver: 15 and later, a database that is there, the
// first schema of its search path, made if it is missing; docs/decisions/0015-two-engines.md. Engine failures (full
// disk, damaged file, server away, busy too long) throw Failure, caught once at the edge of what it ends.
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
  // As run(), for who need not know what it did: on a server its answer is awaited with the next statement's or the
  // commit's, and a Failure comes with that. changes() is not known.
  void run_later();
  void reset();              // back to before the first row; bindings stay
  std::int64_t changes() const;  // rows the last run() inserted, updated or deleted

  bool is_null(int column) const;          // columns from 0
  std::string_view text(int column) const; // valid until the next step/reset
  std::int64_t number(int column) const;

 private:
  std::unique_ptr<Driver> driver_;
};

// Rows for a table, faster than by statements (PostgreSQL: COPY). The last column ends a row. Kept back at most until
// flush(), a statement of the connection that names the table, or the commit (a rollback drops them); a row that breaks
// a key is a Failure of one of these. With the object goes only a row that is half given.
class Bulk {
 public:
  virtual ~Bulk() = default;
  virtual Bulk& add(std::string_view value) = 0;
  virtual Bulk& add(std::int64_t value) = 0;
  virtual Bulk& add_null() = 0;
  virtual void flush() = 0;  // Requires: no row is half given
};

// One connection, used by one thread at a time. Statements come from a cache by their SQL text.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Statement prepare(std::string_view sql) = 0;
  virtual void execute(std::string_view sql) = 0;  // one or more statements without parameters or rows
  // `table` and `columns` ("kind, agency, local") are names in the program, never data.
  virtual std::unique_ptr<Bulk> bulk(std::string_view table, std::string_view columns) = 0;
  // Of a server that only reads (Database::read_anywhere): what it says may be taken back, nothing of it is kept.
  virtual bool secondary() const { return false; }
};

// A step of one room's schema: (room, number) is run once, in order of `number`, never changed afterwards.
struct Migration {
  std::string room;
  int number;
  std::string sql;
};

// Connections to a server that several databases of one process take turns on, each in a schema of its own.
class Connections;
struct ConnectionLimits {
  int readers = 8;                        // read connections at most, of all of them together
  int writers = 4;                        // writing ones; one more listens, one more holds all locks
};
std::shared_ptr<Connections> shared_connections(ConnectionLimits limits);

struct Options {
  // A SQLite file, created with its folder if missing, readable by the owner only; or the URL of a PostgreSQL database
  // as libpq reads it ("postgresql://user@host1,host2:5432/name?sslmode=verify-full").
  std::string path;
  int readers = 4;                        // read connections kept open at most
  int busy_timeout_ms = 30'000;           // how long a writer waits for another process's writer
  std::int64_t cache_kib = 8 * 1024;      // SQLite: page cache of each reading connection
  std::int64_t writer_cache_kib = 64 * 1024;   // SQLite: of the writing one; given back after a large transaction
  // PostgreSQL only.
  std::string schema = {};                // to work in, made if missing ([a-z0-9_], at most 63); "": as the URL says
  std::shared_ptr<Connections> connections = {};   // with other databases, whose `path` is the same; needs `schema`
  int reader_wait_ms = 5'000;             // how long a read waits for one of the connections
  int connect_timeout_ms = 3'000;         // for each host; whoever asks while the server is away fails at once
  int answer_timeout_ms = 120'000;        // a server that says nothing for so long is away
  int patience_ms = 2'000;                // how long a write tries to begin, or to begin again, on a lost server
  int outcome_timeout_ms = 60'000;        // how long it asks whether a commit was kept whose answer was lost
};

// Whether a location names a server (PostgreSQL) and not a file.
bool is_server(std::string_view location);
// A location as it may be shown: without its password.
std::string shown(std::string_view location);

// May the work of a write be run again: after a lost server, or alone after a transaction with others failed (PostgreSQL)?
// Only short work that gives the same when run twice: what it changes outside the database it begins anew each time.
enum class Again { no, yes };

// A lock with a name, held by one process at most; free again within seconds after its holder has died or hangs.
class NamedLock {
 public:
  virtual ~NamedLock() = default;  // gives it back
  // False as soon as somebody else may have it; never true again. Costs no round trip. Any thread.
  virtual bool held() = 0;
};

class Database {
 public:
  // Opens, applies `migrations` (in one transaction; a changed old migration or a newer schema is an error). Any number
  // of processes may do so at once.
  // Errors: unavailable (cannot open, damaged, server away), conflict (schema of a newer program).
  static Result<std::unique_ptr<Database>> open(const Options& options, const std::vector<Migration>& migrations);
  virtual ~Database() = default;

  // Runs `work` in a read transaction on a connection of its own: one consistent state from begin to end.
  // On a server, of the state that the one that writes has; never one before what this process has read or written.
  virtual void read(const std::function<void(Connection&)>& work) = 0;
  // The same for who shows what is there and keeps nothing of it (Connection::secondary): while no server that writes
  // can be reached, any of the URL's serves it that has all that this process has read or written. Not to be built
  // upon: a server that was cut off may have what is taken back later.
  virtual void read_anywhere(const std::function<void(Connection&)>& work) { read(work); }
  // Runs `work` in the one write transaction; commits durably when it returns a value, rolls back when it returns an
  // error or throws. Writers of all threads and processes take turns. Never applied twice: where the answer to a commit
  // was lost, the driver finds out; the Failure says so in the one case where it cannot (outcome_timeout_ms).
  virtual Result<void> write(const std::function<Result<void>(Connection&)>& work, Again again = Again::no) = 0;
  // Changes whenever anybody, in this process or another, has committed since the last call; what the number is means
  // nothing. Cheap enough to ask every few milliseconds (SQLite 2 microseconds; PostgreSQL tells us, nothing is asked).
  // Own commits show at once, those of other processes within milliseconds. Any thread.
  virtual std::int64_t version() = 0;
  // The lock `name` ([a-z0-9-]), or null while somebody else, in this process or another, has it.
  virtual std::unique_ptr<NamedLock> try_lock(std::string_view name) = 0;
  // Why the database cannot be used now, in one line; empty while it can. Costs no round trip. Any thread.
  virtual std::string trouble() = 0;
  // Whether read_anywhere is served, as far as is known: with trouble(), the database only reads. As cheap.
  virtual bool readable() { return true; }
  // Foreign keys, page structure: empty if sound, else one line per finding.
  virtual std::vector<std::string> integrity_findings() = 0;
};

}  // namespace verbund::store
