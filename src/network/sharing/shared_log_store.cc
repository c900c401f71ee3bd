// SPDX-License-Identifier: EUPL-1.2
#include "network/sharing/shared_log_store.h"

#include "kits/crypto/base64.h"
#include "kits/tlog/tile.h"

namespace verbund::network {

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
           "CREATE INDEX network_log_file_number ON network_log_file(log, number)"}};
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
  auto put = connection_.prepare(
      "INSERT INTO network_log_file(log, path, number, body) VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (log, path) DO UPDATE SET number = excluded.number, body = excluded.body");
  // Partial tiles of "tile/0/x001" are "tile/0/x001.p/17": between "tile/0/x001.p/" and "tile/0/x001.p0".
  auto partial = connection_.prepare("DELETE FROM network_log_file WHERE log = $1 AND path > $2 AND path < $3");
  for (const LogFile& file : files) {
    put.bind(1, log_).bind(2, file.path).bind(3, number).bind(4, crypto::to_base64(file.bytes)).run();
    const auto tile = tlog::parse_tile_path(file.path);
    if (tile && tile->width == tlog::tile_width)
      partial.bind(1, log_).bind(2, file.path + ".p/").bind(3, file.path + ".p0").run();
  }
  return {};
}

std::int64_t SharedLogStore::last() const {
  auto row = connection_.prepare("SELECT number FROM network_log_head WHERE log = $1");
  return row.bind(1, log_).step() ? row.number(0) : 0;
}

void SharedLogStore::each_after(std::int64_t number,
                                const std::function<void(std::string_view, std::string)>& each) const {
  auto rows = connection_.prepare(
      "SELECT path, body FROM network_log_file WHERE log = $1 AND number > $2 ORDER BY number, path");
  rows.bind(1, log_).bind(2, number);
  while (rows.step()) {
    auto bytes = crypto::from_base64(rows.text(1));
    if (!bytes) throw store::Failure("a stored file of the log does not read: " + std::string(rows.text(0)));
    each(rows.text(0), std::move(*bytes));
  }
}

}  // namespace verbund::network
