// SPDX-License-Identifier: EUPL-1.2
// The driver for a database server. One writer at a time, by an advisory lock that ends with its transaction: what
// writes by "the largest number and one" is right as it stands, and no transaction fails for another one's sake.
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "kits/crypto/digest.h"
#include "kits/store/driver.h"
#include "kits/store/postgresql_readers.h"
#include "kits/store/write_trouble.h"
#include "kits/store/write_turns.h"

namespace verbund::store {
namespace {

using namespace postgresql;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds pause_between_tries(50);
constexpr int findings_at_most = 100;
constexpr const char* lock_wait_over = "55P03";
constexpr const char* reads_only = "25006";      // the server has become a standby
constexpr std::int64_t commit_kept = 24 * 3600;  // seconds; whether a commit was kept is asked within minutes

// The table of the last commit of each process. A transaction id would do on one server; after a failover another
// transaction may get the same one, a row cannot lie.
constexpr const char* commit_table = "store_commit";
constexpr const char* commit_table_text =
    "CREATE TABLE IF NOT EXISTS store_commit(writer TEXT NOT NULL PRIMARY KEY, token BIGINT NOT NULL,"
    " at BIGINT NOT NULL)";
// Says what was committed, counts the states, and tells the others; nothing of it when the transaction changed nothing.
constexpr const char* note_commit =
    "INSERT INTO store_commit(writer, token, at) SELECT noted.writer, noted.token, CAST($3 AS BIGINT)"
    " FROM (VALUES (CAST($1 AS TEXT), CAST($2 AS BIGINT)), ('state', 1)) AS noted(writer, token)"
    " WHERE pg_current_xact_id_if_assigned() IS NOT NULL ON CONFLICT (writer) DO UPDATE SET at = excluded.at,"
    " token = CASE WHEN excluded.writer = 'state' THEN store_commit.token + 1 ELSE excluded.token END"
    " RETURNING writer, token, CASE WHEN writer <> 'state' THEN pg_notify($4, writer) END";
constexpr std::string_view noted_nothing = "INSERT 0 0";

// While writing fails: whether it works again. Needs no turn among the writers.
constexpr const char* try_writing =
    "INSERT INTO store_commit(writer, token, at) VALUES ('trying', 0, CAST(extract(epoch FROM now()) AS BIGINT))"
    " ON CONFLICT (writer) DO UPDATE SET token = store_commit.token + 1, at = excluded.at";
// A small row may find its place in a page that is there on a full disk: some room is asked for, and given back.
constexpr const char* try_room =
    "BEGIN; CREATE TABLE store_room(filler TEXT); INSERT INTO store_room(filler)"
    " SELECT repeat('room', 400) FROM generate_series(1, 64); ROLLBACK";

std::int64_t seconds_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

// A number of 60 bits for an advisory lock.
std::string lock_number(std::string_view what) {
  return std::to_string(std::stoll(crypto::sha256_hex(what).substr(0, 15), nullptr, 16));
}

// Whether a commit was kept cannot be found out.
class Unknown : public Failure {
 public:
  using Failure::Failure;
};

class PgDatabase : public DriverDatabase {
 public:
  using Work = std::function<Result<void>(Connection&)>;
  explicit PgDatabase(const Options& options);
  ~PgDatabase() override {
    if (shared_ && hears_) shared_->listener.forget(channel_);
  }

  void read(const std::function<void(Connection&)>& work) override { readers_.read(work); }
  void read_anywhere(const std::function<void(Connection&)>& work) override { readers_.read_anywhere(work); }
  Result<void> write(const Work& work, Again again) override;
  std::int64_t version() override;
  std::unique_ptr<NamedLock> try_lock(std::string_view name) override;
  std::string trouble() override {
    std::string out = server_.trouble();
    return out.empty() ? trouble_.reason() : out;
  }
  bool readable() override { return readers_.readable(); }
  std::vector<std::string> integrity_findings() override;
  bool has_table(Connection& connection, std::string_view name) const override {
    auto row = connection.prepare(
        "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = $1");
    return row.bind(1, name).step();
  }

 private:
  void begin_writing();
  void note(PgConnection& writer);
  struct Tries {
    bool share;                  // a transaction with others
    bool begun = false;          // the work, in the last one
    Clock::time_point until{};   // may be tried again; from the first turn on, as those before may have taken long
  };
  std::optional<Result<void>> write_once(const Work& work, Tries& tries);
  Result<void> work_in_turn(const Work& work);
  void commit();
  bool was_committed();
  void roll_back() noexcept;
  void prune(PgConnection& connection);
  void look_at_writing();

  std::unique_ptr<PgConnection> take_writer();
  void give_writer();                                     // where it is shared, the next one may have it
  std::unique_ptr<PgConnection> connect();                // in our schema

  const std::shared_ptr<Connections::Shared> shared_;     // with other databases; null: all are our own
  Readers readers_;
  Server& server_;
  WriteTrouble trouble_;
  std::string schema_, channel_, writer_lock_, lock_prefix_;

  WriteTurns turns_;             // who has it may use what follows
  std::atomic<std::thread::id> writing_thread_;
  std::unique_ptr<PgConnection> writer_;      // null: to be opened
  bool has_turn_ = false;                     // among those who share the writing connections
  const std::string writer_name_ = crypto::random_hex(12);
  std::int64_t token_ = 0;

  std::atomic<std::int64_t> version_{1};
  std::mutex candidate_mutex_;
  std::unique_ptr<PgConnection> candidate_;   // for a lock that somebody else had the last time
  std::mutex listener_mutex_;
  std::unique_ptr<Listener> listener_;        // made when somebody asks for the version; null where it is shared
  std::atomic<bool> hears_{false};
};

PgDatabase::PgDatabase(const Options& options)
    : shared_(options.connections ? options.connections->to(options) : nullptr),
      readers_(options, shared_.get()), server_(readers_.server()), schema_(options.schema) {
  VERBUND_CHECK(options.readers > 0);
  VERBUND_CHECK(!shared_ || !schema_.empty());
  struct Turn {
    PgDatabase& database;
    ~Turn() { database.give_writer(); }
  } turn{*this};
  writer_ = take_writer();
  PgConnection* const connection = writer_.get();
  const std::string schema = schema_ = connection->link().schema();
  readers_.belong_to(schema);
  channel_ = "verbund_" + crypto::sha256_hex(schema).substr(0, 16);
  lock_prefix_ = "verbund lock " + schema + " ";
  writer_lock_ = lock_number("verbund writer " + schema);
  if (!has_table(*connection, commit_table)) {
    connection->execute("BEGIN; SELECT pg_advisory_xact_lock(" + writer_lock_ + ")");
    connection->execute(commit_table_text);
    connection->execute("COMMIT");
  }
  prune(*connection);
}

std::unique_ptr<PgConnection> PgDatabase::connect() {
  auto out = server_.connect();
  if (!schema_.empty()) out->link().enter(schema_);
  return out;
}

std::unique_ptr<PgConnection> PgDatabase::take_writer() {
  if (!shared_) return connect();
  std::unique_ptr<PgConnection> out;
  if (!has_turn_) {
    out = shared_->writers.take(server_.options().busy_timeout_ms, schema_);
    has_turn_ = true;
  } else {
    out = server_.connect();   // in place of one that was lost
  }
  out->link().enter(schema_);
  return out;
}

void PgDatabase::give_writer() {
  if (!shared_ || !std::exchange(has_turn_, false)) return;
  shared_->writers.give(std::move(writer_));
}

// Each process leaves a row: those of processes that are long over go.
void PgDatabase::prune(PgConnection& connection) {
  try {
    auto gone = connection.prepare("DELETE FROM store_commit WHERE at < $1 AND writer <> 'state'");
    gone.bind(1, seconds_now() - commit_kept).run();
  } catch (const Refused&) {
    // Nothing depends on it; a server that only reads, or has no room, is still of use.
  }
}

void PgDatabase::roll_back() noexcept {
  try {
    if (!writer_) return;
    writer_->drop_kept();
    writer_->execute("ROLLBACK");
  } catch (const Failure&) {
    writer_.reset();
  }
}

void PgDatabase::begin_writing() {
  if (!writer_) writer_ = take_writer();
  try {
    // READ COMMITTED: each statement sees what the writer before us has left, also when we waited for it.
    auto lock = writer_->prepare("SELECT pg_advisory_xact_lock(" + writer_lock_ + ")");
    writer_->link().later({}, "BEGIN ISOLATION LEVEL READ COMMITTED", {});
    lock.run();
  } catch (const Refused& refused) {
    roll_back();
    if (refused.code() == lock_wait_over)
      throw Unavailable("store: another process writes for longer than " +
                    std::to_string(server_.options().busy_timeout_ms) + " ms (PostgreSQL " + refused.code() + ")");
    throw;
  }
}

void PgDatabase::note(PgConnection& writer) {
  auto statement = writer.prepare(note_commit);
  statement.bind(1, writer_name_).bind(2, ++token_).bind(3, seconds_now()).bind(4, channel_).run_later();
}

// What the transaction did becomes durable. Requires: the turn. Throws Unknown; after anything else nothing was kept.
void PgDatabase::commit() {
  // What a server says without being asked is mostly that it ends the session: then no commit need be in doubt.
  if (writer_->link().stirs(0, -1)) writer_->execute("SELECT 1");
  note(*writer_);
  std::vector<Did> did;
  const auto noted = [&did] { return did.size() < 2 ? Did{} : did[did.size() - 2]; };
  const auto wrote = [&noted] { return noted().tag != noted_nothing; };
  try {
    // Goes with the note and what the work left for later: if any of it fails, the server skips the COMMIT.
    writer_->link().later({}, "COMMIT", {});
    writer_->link().settle(did);
    if (did.back().tag != "COMMIT") throw Failure("store: nothing was kept: a statement of this transaction had failed");
    if (writer_->link().warned()) throw Lost("store: the server committed and did not wait for its replica");
  } catch (const Lost&) {
    writer_.reset();
    if (wrote() && !was_committed()) throw;   // a transaction that changed nothing was kept in any case
  }
  if (wrote()) {
    for (const Values& row : noted().rows)   // the number of the state that the commit made
      if (row.at(0) == "state") readers_.knows(parse_number(row.at(1).value_or("")).value_or(0));
    ++version_;
  }
}

// After the answer to a COMMIT was lost, or was a warning. Waits until the old transaction has ended, on whatever server
// writes now: as long as it lives it has the lock. What is found there may be on that machine alone; it counts as kept
// when a later commit, which waits for the synchronous replica, is.
bool PgDatabase::was_committed() {
  const auto until = Clock::now() + milliseconds(server_.options().outcome_timeout_ms);
  for (;;) {
    try {
      auto connection = connect();
      connection->execute("BEGIN; SELECT pg_advisory_xact_lock(" + writer_lock_ + ")");
      bool found = false;
      {
        auto row = connection->prepare("SELECT 1 FROM store_commit WHERE writer = $1 AND token = $2");
        found = row.bind(1, writer_name_).bind(2, token_).step();
      }
      if (found) connection->execute(something_to_commit);
      connection->execute("COMMIT");
      if (found && connection->link().warned()) throw Lost("store: no replica confirms what was committed");
      writer_ = std::move(connection);
      return found;
    } catch (const Failure& failure) {
      if (Clock::now() >= until)
        throw Unknown("store: the server was lost while it committed; whether the change was kept is not known: " +
                      std::string(failure.what()));
    }
    std::this_thread::sleep_for(pause_between_tries);
  }
}

// Requires: the turn.
Result<void> PgDatabase::work_in_turn(const Work& work) {
  writing_thread_ = std::this_thread::get_id();
  struct Over {
    std::atomic<std::thread::id>& thread;
    ~Over() { thread = std::thread::id(); }
  } over{writing_thread_};
  Result<void> outcome = work(*writer_);
  if (outcome) writer_->send_kept();
  else roll_back();
  return outcome;
}

// One try, in its turn. Nothing: it shared a transaction with others and nothing of that was kept; whose fault it was is
// not told apart, each tries alone. Throws Lost with `begun` false when nothing of `work` was run.
std::optional<Result<void>> PgDatabase::write_once(const Work& work, Tries& tries) {
  tries.begun = false;
  turns_.take(tries.share);
  if (tries.until == Clock::time_point()) tries.until = Clock::now() + milliseconds(server_.options().patience_ms);
  struct Turn {
    PgDatabase& database;
    WriteTurns::Fate fate = WriteTurns::Fate::undone;
    std::exception_ptr reason = {};
    bool ours = true;
    ~Turn() {
      if (!ours) return;
      database.give_writer();
      database.turns_.end(fate, std::move(reason));
    }
  } turn{*this};
  const bool alone = turns_.others() == 0;
  try {
    if (alone) begin_writing();
    tries.begun = true;
    Result<void> outcome = work_in_turn(work);
    if (!outcome) return alone ? std::optional(std::move(outcome)) : std::nullopt;
    turn.ours = false;
    if (const auto fate = turns_.hand_on())
      return fate == WriteTurns::Fate::kept ? std::optional(std::move(outcome)) : std::nullopt;
    turn.ours = true;
    commit();
    turn.fate = WriteTurns::Fate::kept;
    return outcome;
  } catch (const Unknown&) {
    turn.fate = WriteTurns::Fate::failed;
    turn.reason = std::current_exception();
    throw;
  } catch (const Lost&) {
    writer_.reset();
    if (alone) throw;
  } catch (const Refused& refused) {
    roll_back();
    if (refused.code() == reads_only) writer_.reset();
    if (alone) throw;
  } catch (...) {
    roll_back();
    if (alone) throw;
  }
  return std::nullopt;
}

Result<void> PgDatabase::write(const Work& work, Again again) {
  VERBUND_CHECK(writing_thread_.load() != std::this_thread::get_id());  // a write inside a write would wait for itself
  if (readers_.several()) static_cast<void>(version());   // somebody must notice that a server hangs and another one writes
  Tries tries{.share = again == Again::yes};
  const auto may_try_again = [&] { return (!tries.begun || again == Again::yes) && Clock::now() < tries.until; };
  for (;;) {
    try {
      if (auto outcome = write_once(work, tries)) {
        if (*outcome) trouble_.worked();
        return std::move(*outcome);
      }
      tries.share = false;
      continue;
    } catch (const Lost& lost) {
      if (!may_try_again()) {
        server_.is_away(lost.what());
        throw;
      }
    } catch (const Refused& refused) {
      if ((!refused.transient() && refused.code() != reads_only) || !may_try_again()) {
        if (!refused.passes()) throw;
        trouble_.failed(refused.what());
        throw Unavailable(refused.what());
      }
    }
    std::this_thread::sleep_for(pause_between_tries);
  }
}

void PgDatabase::look_at_writing() {
  try {
    const auto connection = connect();
    connection->execute(try_writing);
    connection->execute(try_room);
    trouble_.worked();
  } catch (const Failure& failure) {
    trouble_.failed(failure.what());
  }
}

std::int64_t PgDatabase::version() {
  if (trouble_.look_now()) look_at_writing();
  if (!hears_) {
    const std::lock_guard lock(listener_mutex_);
    if (!hears_) {
      if (!shared_) listener_ = std::make_unique<Listener>(server_, [this] { readers_.look(); });
      (shared_ ? shared_->listener : *listener_).listen(channel_, [this](const std::string& who) {
        if (who != writer_name_) ++version_;
      });
      hears_ = true;
    }
  }
  return version_;
}

std::unique_ptr<NamedLock> PgDatabase::try_lock(std::string_view name) {
  check_lock_name(name);
  if (shared_) return shared_->try_lock(lock_number(lock_prefix_ + std::string(name)));
  const std::lock_guard lock(candidate_mutex_);
  auto connection = candidate_ ? std::move(candidate_) : server_.connect();
  const Values got =
      connection->link().execute("SELECT pg_try_advisory_lock(" + lock_number(lock_prefix_ + std::string(name)) + ")");
  if (got.at(0) == "t") return std::make_unique<SessionLock>(std::move(connection));
  candidate_ = std::move(connection);
  return nullptr;
}

std::vector<std::string> PgDatabase::integrity_findings() {
  std::vector<std::string> out;
  const auto each = [&](Connection& connection, std::string_view sql, std::string_view text) {
    auto rows = connection.prepare(sql);
    while (rows.step() && out.size() < findings_at_most) out.push_back(std::string(rows.text(0)) + std::string(text));
  };
  try {
    read([&](Connection& connection) {
      each(connection,
           "SELECT CAST(indexrelid AS regclass) FROM pg_index WHERE NOT indisvalid AND indexrelid IN"
           " (SELECT oid FROM pg_class WHERE relnamespace = CAST(current_schema() AS regnamespace))",
           ": the index is not valid");
      each(connection,
           "SELECT conname FROM pg_constraint WHERE NOT convalidated"
           " AND connamespace = CAST(current_schema() AS regnamespace)",
           ": the constraint was never checked");
      // For each foreign key of one column a question, written by the server from its own catalogue.
      std::vector<std::string> questions;
      auto keys = connection.prepare(
          "SELECT format('SELECT ''a row of %s names a row of %s that is not there'' FROM %s c LEFT JOIN %s p"
          " ON p.%I = c.%I WHERE c.%I IS NOT NULL AND p.%I IS NULL', CAST(k.conrelid AS regclass),"
          " CAST(k.confrelid AS regclass), CAST(k.conrelid AS regclass), CAST(k.confrelid AS regclass),"
          " t.attname, f.attname, f.attname, t.attname) FROM pg_constraint k"
          " JOIN pg_attribute f ON f.attrelid = k.conrelid AND f.attnum = k.conkey[1]"
          " JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attnum = k.confkey[1]"
          " WHERE k.contype = 'f' AND cardinality(k.conkey) = 1"
          " AND k.connamespace = CAST(current_schema() AS regnamespace)");
      while (keys.step()) questions.emplace_back(keys.text(0));
      for (const std::string& question : questions) each(connection, question, "");
    });
  } catch (const Failure& failure) {
    out.emplace_back(failure.what());
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<DriverDatabase>> open_postgresql(const Options& options) {
  constexpr const char* of_a_schema = "abcdefghijklmnopqrstuvwxyz0123456789_";
  if (options.schema.find_first_not_of(of_a_schema) != std::string::npos || options.schema.size() > 63) {
    return fail(ErrorCode::usage, "no name of a schema: " + options.schema, shown(options.path), "a to z, 0 to 9 and _");
  }
  try {
    return std::make_unique<PgDatabase>(options);
  } catch (const Failure& failure) {
    return fail(ErrorCode::unavailable, failure.what(), shown(options.path),
                "start the database server, or look at the address, the user and its rights");
  }
}

}  // namespace verbund::store
