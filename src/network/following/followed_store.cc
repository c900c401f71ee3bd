// SPDX-License-Identifier: EUPL-1.2
#include "network/following/followed_store.h"

namespace verbund::network {
namespace {

std::int64_t seconds(Instant at) { return static_cast<std::int64_t>(at.time_since_epoch().count()); }
Instant instant(std::int64_t value) { return Instant(std::chrono::seconds(value)); }
std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

store::Statement& bind_object(store::Statement& statement, std::int64_t log, const Entry& entry) {
  return statement.bind(1, log).bind(2, entry.kind).bind(3, entry.agency).bind(4, entry.local);
}

constexpr std::string_view log_columns =
    "SELECT origin, number, position, size, stock, terms, heard_at, said_at, trouble, reason, since,"
    " delay FROM network_followed";

FollowedLog read_log(const store::Statement& row) {
  FollowedLog out;
  out.origin = row.text(0);
  out.number = row.number(1);
  out.position = static_cast<std::uint64_t>(row.number(2));
  out.size = static_cast<std::uint64_t>(row.number(3));
  out.stock = row.number(4) != 0;
  out.terms = row.text(5);
  out.heard_at = instant(row.number(6));
  out.said_at = instant(row.number(7));
  out.trouble = trouble_from_name(row.text(8));
  out.reason = row.text(9);
  out.since = instant(row.number(10));
  out.delay = row.number(11);
  return out;
}

// Entries are noted in the form they have in the log.
Entry read_entry(std::string_view text) {
  auto entry = Entry::parse(text);
  if (!entry) throw store::Failure("a noted entry does not read: " + entry.error().text());
  return std::move(*entry);
}

std::int64_t count_of(store::Statement row, std::int64_t log) {
  row.bind(1, log).step();
  return row.number(0);
}

}  // namespace

std::vector<store::Migration> following_migrations() {
  return {{"following", 1,
           "CREATE TABLE network_followed("
           " origin TEXT NOT NULL PRIMARY KEY,"
           " number BIGINT NOT NULL,"
           " position BIGINT NOT NULL,"
           " size BIGINT NOT NULL,"
           " stock BIGINT NOT NULL,"
           " terms TEXT NOT NULL,"
           " heard_at BIGINT NOT NULL,"
           " said_at BIGINT NOT NULL,"
           " trouble TEXT NOT NULL,"
           " reason TEXT NOT NULL,"
           " since BIGINT NOT NULL);"
           "CREATE TABLE network_position("
           " log BIGINT NOT NULL,"
           " kind TEXT NOT NULL,"
           " agency TEXT NOT NULL,"
           " local TEXT NOT NULL,"
           " position BIGINT NOT NULL,"
           " PRIMARY KEY (log, kind, agency, local));"
           "CREATE TABLE network_missing("
           " log BIGINT NOT NULL,"
           " kind TEXT NOT NULL,"
           " agency TEXT NOT NULL,"
           " local TEXT NOT NULL,"
           " position BIGINT NOT NULL,"
           " entry TEXT NOT NULL,"
           " since BIGINT NOT NULL,"
           " PRIMARY KEY (log, kind, agency, local));"
           "CREATE INDEX network_missing_by_position ON network_missing(log, position);"
           "CREATE TABLE network_refused("
           " log BIGINT NOT NULL,"
           " kind TEXT NOT NULL,"
           " agency TEXT NOT NULL,"
           " local TEXT NOT NULL,"
           " position BIGINT NOT NULL,"
           " entry TEXT NOT NULL,"
           " reason TEXT NOT NULL,"
           " at BIGINT NOT NULL,"
           " PRIMARY KEY (log, kind, agency, local))"},
          {"following", 2, "ALTER TABLE network_followed ADD COLUMN delay BIGINT NOT NULL DEFAULT -1"}};
}

struct FollowedStore::Often {
  explicit Often(store::Connection& connection)
      : place(connection.prepare("INSERT INTO network_position(log, kind, agency, local, position)"
                                 " VALUES ($1, $2, $3, $4, $5)"
                                 " ON CONFLICT (log, kind, agency, local) DO UPDATE SET position = excluded.position")),
        found(connection.prepare(
            "DELETE FROM network_missing WHERE log = $1 AND kind = $2 AND agency = $3 AND local = $4")),
        accepted(connection.prepare(
            "DELETE FROM network_refused WHERE log = $1 AND kind = $2 AND agency = $3 AND local = $4")) {}
  store::Statement place, found, accepted;
};

FollowedStore::FollowedStore(store::Connection& connection) : connection_(connection) {}
FollowedStore::~FollowedStore() = default;

FollowedStore::Often& FollowedStore::often() {
  if (!often_) often_ = std::make_unique<Often>(connection_);
  return *often_;
}

std::optional<FollowedLog> FollowedStore::log(std::string_view origin) const {
  auto row = connection_.prepare(std::string(log_columns) + " WHERE origin = $1");
  if (!row.bind(1, origin).step()) return std::nullopt;
  return read_log(row);
}

std::vector<FollowedLog> FollowedStore::logs() const {
  auto rows = connection_.prepare(std::string(log_columns) + " ORDER BY origin");
  std::vector<FollowedLog> out;
  while (rows.step()) out.push_back(read_log(rows));
  return out;
}

void FollowedStore::note(FollowedLog& log) {
  if (log.number == 0) {
    auto row = connection_.prepare("SELECT COALESCE(MAX(number), 0) + 1 FROM network_followed");
    row.step();
    log.number = row.number(0);
  }
  connection_
      .prepare("INSERT INTO network_followed(origin, number, position, size, stock, terms, heard_at, said_at, trouble,"
               " reason, since, delay) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
               " ON CONFLICT (origin) DO UPDATE SET position = excluded.position, size = excluded.size,"
               " stock = excluded.stock, terms = excluded.terms, heard_at = excluded.heard_at,"
               " said_at = excluded.said_at, trouble = excluded.trouble, reason = excluded.reason,"
               " since = excluded.since, delay = excluded.delay")
      .bind(1, log.origin).bind(2, log.number).bind(3, number(log.position)).bind(4, number(log.size))
      .bind(5, std::int64_t{log.stock}).bind(6, log.terms).bind(7, seconds(log.heard_at)).bind(8, seconds(log.said_at))
      .bind(9, name(log.trouble)).bind(10, log.reason).bind(11, seconds(log.since))
      .bind(12, log.delay).run();
}

void FollowedStore::forget(std::string_view origin) {
  const auto known = log(origin);
  if (!known) return;
  clear(known->number);
  connection_.prepare("DELETE FROM network_position WHERE log = $1").bind(1, known->number).run();
  connection_.prepare("DELETE FROM network_followed WHERE origin = $1").bind(1, origin).run();
}

std::optional<std::uint64_t> FollowedStore::position(std::int64_t log, const Entry& entry) const {
  auto row = connection_.prepare(
      "SELECT position FROM network_position WHERE log = $1 AND kind = $2 AND agency = $3 AND local = $4");
  if (!bind_object(row, log, entry).step()) return std::nullopt;
  return static_cast<std::uint64_t>(row.number(0));
}

void FollowedStore::set_position(std::int64_t log, const Entry& entry, std::uint64_t position) {
  bind_object(often().place, log, entry).bind(5, number(position)).run();
}

void FollowedStore::miss(std::int64_t log, std::uint64_t position, const Entry& entry, Instant now) {
  auto row = connection_.prepare(
      "INSERT INTO network_missing(log, kind, agency, local, position, entry, since)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (log, kind, agency, local)"
      " DO UPDATE SET position = excluded.position, entry = excluded.entry");
  bind_object(row, log, entry).bind(5, number(position)).bind(6, entry.to_text()).bind(7, seconds(now)).run();
}

void FollowedStore::found(std::int64_t log, const Entry& entry) { bind_object(often().found, log, entry).run(); }

std::int64_t FollowedStore::missing_count(std::int64_t log) const {
  return count_of(connection_.prepare("SELECT COUNT(*) FROM network_missing WHERE log = $1"), log);
}

std::optional<Instant> FollowedStore::missing_since(std::int64_t log) const {
  auto row = connection_.prepare("SELECT MIN(since) FROM network_missing WHERE log = $1");
  if (!row.bind(1, log).step() || row.is_null(0)) return std::nullopt;
  return instant(row.number(0));
}

std::vector<MissingBody> FollowedStore::missing(std::int64_t log, std::int64_t after, std::size_t most) const {
  auto rows = connection_.prepare("SELECT position, entry, since FROM network_missing WHERE log = $1 AND position > $2"
                                  " ORDER BY position LIMIT $3");
  rows.bind(1, log).bind(2, after).bind(3, static_cast<std::int64_t>(most));
  std::vector<MissingBody> out;
  while (rows.step()) {
    out.push_back({static_cast<std::uint64_t>(rows.number(0)), read_entry(rows.text(1)), instant(rows.number(2))});
  }
  return out;
}

void FollowedStore::refuse(std::int64_t log, std::uint64_t position, const Entry& entry, std::string_view reason,
                           Instant now, std::int64_t most) {
  accepted(log, entry);
  if (refused_count(log) >= most) return;
  auto row = connection_.prepare(
      "INSERT INTO network_refused(log, kind, agency, local, position, entry, reason, at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
  bind_object(row, log, entry).bind(5, number(position)).bind(6, entry.to_text()).bind(7, reason);
  row.bind(8, seconds(now)).run();
}

void FollowedStore::accepted(std::int64_t log, const Entry& entry) { bind_object(often().accepted, log, entry).run(); }

std::int64_t FollowedStore::refused_count(std::int64_t log) const {
  return count_of(connection_.prepare("SELECT COUNT(*) FROM network_refused WHERE log = $1"), log);
}

std::vector<RefusedEntry> FollowedStore::refused(std::size_t most) const {
  auto rows = connection_.prepare(
      "SELECT f.origin, r.position, r.entry, r.reason, r.at FROM network_refused r"
      " JOIN network_followed f ON f.number = r.log ORDER BY r.at DESC, f.origin, r.position DESC LIMIT $1");
  rows.bind(1, static_cast<std::int64_t>(most));
  std::vector<RefusedEntry> out;
  while (rows.step()) {
    out.push_back({std::string(rows.text(0)), static_cast<std::uint64_t>(rows.number(1)), read_entry(rows.text(2)),
                   std::string(rows.text(3)), instant(rows.number(4))});
  }
  return out;
}

void FollowedStore::clear(std::int64_t log) {
  connection_.prepare("DELETE FROM network_missing WHERE log = $1").bind(1, log).run();
  connection_.prepare("DELETE FROM network_refused WHERE log = $1").bind(1, log).run();
}

}  // namespace verbund::network
