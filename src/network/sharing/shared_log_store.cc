// SPDX-License-Identifier: EUPL-1.2
#include "network/sharing/shared_log_store.h"

#include "kits/crypto/base64.h"
#include "kits/tlog/tile.h"

namespace verbund::network {
namespace {

std::string body_of(std::string_view text, std::string_view path) {
  auto bytes = crypto::from_base64(text);
  if (!bytes) throw store::Failure("a stored file does not read: " + std::string(path));
  return std::move(*bytes);
}

}  // namespace

std::vector<store::Migration> sharing_migrations() {
  return {{"sharing", 1,
           "CREATE TABLE network_log_head("
           " log TEXT NOT NULL PRIMARY KEY,"
           " leader TEXT NOT NULL,"
           " number BIGINT NOT NULL);"
           "CREATE TABLE network_log_file("
           " log TEXT NOT NULL,"
           " path TEXT NOT NULL,"
           " number BIGINT NOT NULL,"
           " body TEXT NOT NULL,"
           " PRIMARY KEY (log, path));"
           "CREATE INDEX network_log_file_number ON network_log_file(log, number)"},
          {"sharing", 2,
           "CREATE TABLE network_process("
           " name TEXT NOT NULL PRIMARY KEY)"}};
}

void SharedLogStore::lead(std::string_view leader) {
  connection_.prepare("INSERT INTO network_log_head(log, leader, number) VALUES ($1, $2, 0)"
                      " ON CONFLICT (log) DO UPDATE SET leader = excluded.leader")
      .bind(1, log_).bind(2, leader).run();
}

Result<void> SharedLogStore::add(std::string_view leader, const std::vector<LogFile>& files) {
  auto head = connection_.prepare("UPDATE network_log_head SET number = number + 1 WHERE log = $1 AND leader = $2");
  head.bind(1, log_).bind(2, leader).run();
  if (head.changes() == 0)
    return fail(ErrorCode::conflict, "another process of this node continues the log", log_, "it goes on there");
  const std::int64_t number = last();
  // Partial tiles of "tile/0/x001" are "tile/0/x001.p/17": between "tile/0/x001.p/" and "tile/0/x001.p0".
  auto partial = connection_.prepare("DELETE FROM network_log_file WHERE log = $1 AND path > $2 AND path < $3");
  for (const LogFile& file : files) {
    put(number, file.path, file.bytes);
    const auto tile = tlog::parse_tile_path(file.path);
    if (tile && tile->width == tlog::tile_width)
      partial.bind(1, log_).bind(2, file.path + ".p/").bind(3, file.path + ".p0").run();
  }
  return {};
}

void SharedLogStore::put(std::int64_t number, std::string_view path, std::string_view bytes) {
  connection_.prepare("INSERT INTO network_log_file(log, path, number, body) VALUES ($1, $2, $3, $4)"
                      " ON CONFLICT (log, path) DO UPDATE SET number = excluded.number, body = excluded.body")
      .bind(1, log_).bind(2, path).bind(3, number).bind(4, crypto::to_base64(bytes)).run();
}

bool SharedLogStore::leads(std::string_view leader) const {
  auto row = connection_.prepare("SELECT 1 FROM network_log_head WHERE log = $1 AND leader = $2");
  return row.bind(1, log_).bind(2, leader).step();
}

std::optional<std::string> SharedLogStore::body(std::string_view path) const {
  auto row = connection_.prepare("SELECT body FROM network_log_file WHERE log = $1 AND path = $2");
  if (!row.bind(1, log_).bind(2, path).step() || row.text(0).empty()) return std::nullopt;
  return body_of(row.text(0), path);
}

bool SharedLogStore::replace(std::string_view path, const std::optional<std::string>& before, std::string_view after) {
  if (body(path) != before) return false;
  connection_.prepare("INSERT INTO network_log_head(log, leader, number) VALUES ($1, '', 1)"
                      " ON CONFLICT (log) DO UPDATE SET number = network_log_head.number + 1")
      .bind(1, log_).run();
  put(last(), path, after);
  return true;
}

std::int64_t SharedLogStore::last() const {
  auto row = connection_.prepare("SELECT number FROM network_log_head WHERE log = $1");
  return row.bind(1, log_).step() ? row.number(0) : 0;
}

void SharedLogStore::each_after(std::int64_t number, const Each& each) const {
  auto rows = connection_.prepare(
      "SELECT path, body FROM network_log_file WHERE log = $1 AND number > $2 ORDER BY number, path");
  rows.bind(1, log_).bind(2, number);
  while (rows.step()) each(rows.text(0), body_of(rows.text(1), rows.text(0)));
}

void SharedLogStore::each_but_tiles(const Each& each) const {
  auto rows = connection_.prepare(
      "SELECT path, body FROM network_log_file WHERE log = $1 AND (path < 'tile/' OR path > 'tile0') ORDER BY path");
  rows.bind(1, log_);
  while (rows.step()) each(rows.text(0), body_of(rows.text(1), rows.text(0)));
}

std::map<std::string, std::int64_t> SharedLogStore::heads(store::Connection& connection) {
  std::map<std::string, std::int64_t> out;
  auto rows = connection.prepare("SELECT log, number FROM network_log_head");
  while (rows.step()) out.emplace(rows.text(0), rows.number(1));
  return out;
}

Result<std::int64_t> begin_to_lead(store::Database& database, const std::string& log, std::string_view leader) {
  std::int64_t last = 0;
  auto led = database.write([&](store::Connection& connection) -> Result<void> {
    SharedLogStore shared(connection, log);
    shared.lead(leader);
    last = shared.last();
    return {};
  }, store::Again::yes);
  if (!led) return pass(led);
  return last;
}

void forget_shared(store::Connection& connection) {
  connection.prepare("DELETE FROM network_log_file").run();
  connection.prepare("DELETE FROM network_log_head").run();
  connection.prepare("DELETE FROM network_process").run();
}

void ProcessStore::enter(std::string_view name) {
  connection_.prepare("INSERT INTO network_process(name) VALUES ($1)").bind(1, name).run();
}

void ProcessStore::remove(std::string_view name) {
  connection_.prepare("DELETE FROM network_process WHERE name = $1").bind(1, name).run();
}

std::vector<std::string> ProcessStore::names() const {
  std::vector<std::string> out;
  auto rows = connection_.prepare("SELECT name FROM network_process ORDER BY name");
  while (rows.step()) out.emplace_back(rows.text(0));
  return out;
}

}  // namespace verbund::network
