// SPDX-License-Identifier: EUPL-1.2
// The schema's own table: which step of which room was run, and the digest of its text at that time.
#include <map>
#include <string>
#include <utility>

#include "base/check.h"
#include "kits/crypto/digest.h"
#include "kits/store/driver.h"

namespace verbund::store {
namespace {

constexpr std::string_view table = "schema_migration";
using Applied = std::map<std::pair<std::string, std::int64_t>, std::string>;  // (room, number) -> digest

Applied read_applied(const DriverDatabase& database, Connection& connection) {
  Applied out;
  if (!database.has_table(connection, table)) return out;
  auto rows = connection.prepare("SELECT room, number, digest FROM schema_migration");
  while (rows.step()) out.emplace(std::pair(std::string(rows.text(0)), rows.number(1)), std::string(rows.text(2)));
  return out;
}

// How many steps are missing; an error if the schema is not an earlier state of `migrations`.
Result<std::size_t> compare(const Applied& applied, const std::vector<Migration>& migrations) {
  std::size_t missing = 0;
  std::size_t known = 0;
  for (const Migration& step : migrations) {
    const auto found = applied.find({step.room, step.number});
    if (found == applied.end()) {
      ++missing;
      continue;
    }
    ++known;
    if (found->second != crypto::sha256_hex(step.sql))
      return fail(ErrorCode::conflict, "step " + std::to_string(step.number) + " of the schema of \"" + step.room +
                                           "\" was another one when this store was made",
                  {}, "use the program version that made the store");
  }
  if (known < applied.size() && applied.contains({std::string(unfinished_copy), 1}))
    return fail(ErrorCode::conflict, "the store is an unfinished copy", {}, "`verbund store copy` goes on with it");
  if (known < applied.size())
    return fail(ErrorCode::conflict, "the store was made by a newer version of this program", {},
                "use the newer version");
  return missing;
}

void check_order(const std::vector<Migration>& migrations) {
  std::map<std::string, int> last;
  for (const Migration& step : migrations) {
    VERBUND_CHECK(step.number == last[step.room] + 1);
    last[step.room] = step.number;
  }
}

}  // namespace

Result<void> migrate(DriverDatabase& database, const std::vector<Migration>& migrations) {
  check_order(migrations);
  // Looked at without the write lock first: opening must not wait for another process that imports for minutes.
  Applied applied;
  database.read([&](Connection& connection) { applied = read_applied(database, connection); });
  const auto missing = compare(applied, migrations);
  if (!missing) return std::unexpected(missing.error());
  if (*missing == 0) return {};
  return database.write([&](Connection& connection) -> Result<void> {
    applied = read_applied(database, connection);
    if (const auto again = compare(applied, migrations); !again) return std::unexpected(again.error());
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migration(room TEXT NOT NULL, number BIGINT NOT NULL, digest TEXT NOT NULL,"
        " PRIMARY KEY (room, number))");
    for (const Migration& step : migrations) {
      if (applied.contains({step.room, step.number})) continue;
      connection.execute(step.sql);
      auto note = connection.prepare("INSERT INTO schema_migration(room, number, digest) VALUES ($1, $2, $3)");
      note.bind(1, step.room).bind(2, std::int64_t{step.number}).bind(3, crypto::sha256_hex(step.sql)).run();
    }
    return {};
  });
}

}  // namespace verbund::store
