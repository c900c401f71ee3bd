// SPDX-License-Identifier: EUPL-1.2
// Statements here are made of names of tables and columns, which tables_of reads out of the migrations of the program.
#include "kits/store/copy.h"

#include <string>
#include <utility>

#include "base/check.h"
#include "kits/store/driver.h"

namespace verbund::store {
namespace {

constexpr std::int64_t rows_read_at_once = 2'000;
constexpr std::int64_t rows_in_a_transaction = 50'000;
constexpr std::size_t bytes_in_a_transaction = 64u << 20;
constexpr std::int64_t rows_in_a_hash = 1'000;

std::string list(const std::vector<std::string>& names, std::string_view behind_each = {}) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name + std::string(behind_each);
  return out;
}

std::vector<std::string> column_names(const Table& table) {
  std::vector<std::string> out;
  for (const Column& column : table.columns) out.push_back(column.name);
  return out;
}

std::string parameters(std::size_t first, std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back("$" + std::to_string(first + i));
  return list(out);
}

// Where a table has been read up to.
struct Key {
  std::vector<std::string> values;  // of the key's columns, numbers in decimal; empty: before the first row
};

std::vector<std::size_t> key_columns(const Table& table) {
  std::vector<std::size_t> out;
  for (const std::string& wanted : table.key) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name == wanted) out.push_back(i);
    }
  }
  VERBUND_CHECK(out.size() == table.key.size());
  return out;
}

Key key_of(const Statement& row, const Table& table, const std::vector<std::size_t>& columns) {
  Key out;
  for (const std::size_t i : columns) {
    const int column = static_cast<int>(i);
    out.values.push_back(table.columns[i].number ? std::to_string(row.number(column)) : std::string(row.text(column)));
  }
  return out;
}

// The rows behind `after` in order of the key, at most rows_read_at_once.
Statement rows_after(Connection& connection, const Table& table, const Key& after) {
  const std::string keys = list(table.key);
  std::string sql = "SELECT " + list(column_names(table)) + " FROM " + table.name;
  if (!after.values.empty()) sql += " WHERE (" + keys + ") > (" + parameters(2, table.key.size()) + ")";
  auto rows = connection.prepare(sql + " ORDER BY " + keys + " LIMIT $1");
  rows.bind(1, rows_read_at_once);
  const auto columns = key_columns(table);
  for (std::size_t i = 0; i < after.values.size(); ++i) {
    const int parameter = static_cast<int>(i + 2);
    if (table.columns[columns[i]].number) rows.bind(parameter, std::int64_t{std::stoll(after.values[i])});
    else rows.bind(parameter, after.values[i]);
  }
  return rows;
}

Key last_key(Connection& connection, const Table& table) {
  auto row = connection.prepare("SELECT " + list(column_names(table)) + " FROM " + table.name + " ORDER BY " +
                                list(table.key, " DESC") + " LIMIT 1");
  return row.step() ? key_of(row, table, key_columns(table)) : Key{};
}

bool has_rows(Connection& connection, const Table& table) {
  return connection.prepare("SELECT 1 FROM " + table.name + " LIMIT 1").step();
}

void append(std::string& out, const Statement& row, const Table& table) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const int column = static_cast<int>(i);
    if (row.is_null(column)) {
      out += 'n';
    } else if (table.columns[i].number) {
      out += 'i' + std::to_string(row.number(column)) + ';';
    } else {
      const std::string_view text = row.text(column);
      out += 't' + std::to_string(text.size()) + ':';
      out += text;
    }
  }
}

class Writer {
 public:
  Writer(Connection& connection, const Table& table)
      : table_(table), rows_(connection.bulk(table.name, list(column_names(table)))) {}
  // Gives the bytes that were written.
  std::size_t add(const Statement& row) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      const int column = static_cast<int>(i);
      if (row.is_null(column)) rows_->add_null();
      else if (table_.columns[i].number) rows_->add(row.number(column));
      else rows_->add(row.text(column)), bytes += row.text(column).size();
    }
    return bytes;
  }
  void finish() { rows_->flush(); }

 private:
  const Table& table_;
  std::unique_ptr<Bulk> rows_;
};

// The next rows of one table, in one transaction. False: there are no more.
Result<bool> copy_part(Connection& from, Database& to, const Table& table, std::int64_t& rows) {
  bool more = true;
  const auto columns = key_columns(table);
  auto written = to.write([&](Connection& target) -> Result<void> {
    Key last = last_key(target, table);
    Writer writer(target, table);
    std::int64_t count = 0;
    std::size_t bytes = 0;
    while (more && count < rows_in_a_transaction && bytes < bytes_in_a_transaction) {
      auto source = rows_after(from, table, last);
      std::int64_t read = 0;
      while (source.step()) {
        bytes += writer.add(source);
        last = key_of(source, table, columns);
        ++read;
      }
      count += read;
      more = read == rows_read_at_once;
    }
    writer.finish();
    rows += count;
    return {};
  });
  if (!written) return std::unexpected(std::move(written.error()));
  return more;
}

// While it is there, Database::open takes the store for one of another program.
Migration unfinished() {
  return {std::string(unfinished_copy), 1, "SELECT 1"};
}

struct Target {
  std::unique_ptr<Database> database;
  bool resumed = false;
};

Result<Target> open_target(const Options& to, const std::vector<Migration>& migrations,
                           const std::vector<Table>& tables) {
  auto marked = migrations;
  marked.push_back(unfinished());
  auto plain = Database::open(to, migrations);
  if (!plain && plain.error().code != ErrorCode::conflict) return pass(plain);
  const bool resumed = !plain;
  if (plain) {
    bool empty = true;
    (*plain)->read([&](Connection& connection) {
      for (const Table& table : tables) empty = empty && !has_rows(connection, table);
    });
    if (!empty) {
      return fail(ErrorCode::conflict, "there is data already where the copy shall go", shown(to.path),
                  "name an empty database or a folder without a store");
    }
    plain->reset();
  }
  auto database = Database::open(to, marked);
  if (!database) return pass(database);
  return Target{std::move(*database), resumed};
}

Result<void> clear(Database& database, const std::vector<Table>& tables) {
  return database.write([&](Connection& connection) -> Result<void> {
    for (auto table = tables.rbegin(); table != tables.rend(); ++table)
      connection.execute("DELETE FROM " + table->name);
    return {};
  });
}

// The name of a table whose copy is another one; "" if there is none.
Result<std::string> difference(Connection& from, Database& to, const std::vector<Table>& tables,
                               const CopyProgress& progress, std::int64_t& rows) {
  std::string found;
  Result<void> done;
  to.read([&](Connection& target) {
    rows = 0;
    for (const Table& table : tables) {
      auto here = digest_table(from, table, progress);
      auto there = here ? digest_table(target, table, progress) : std::unexpected(here.error());
      if (!there) {
        done = std::unexpected(there.error());
        return;
      }
      rows += here->rows;
      if (*here == *there) continue;
      found = table.name;
      return;
    }
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return found;
}

}  // namespace

Result<TableDigest> digest_table(Connection& connection, const Table& table, const CopyProgress& progress) {
  TableDigest out;
  out.digest = crypto::sha256({});
  std::string pending;
  const auto columns = key_columns(table);
  Key last;
  for (std::int64_t read = rows_read_at_once; read == rows_read_at_once;) {
    auto rows = rows_after(connection, table, last);
    for (read = 0; rows.step(); ++read) {
      append(pending, rows, table);
      last = key_of(rows, table, columns);
      if (++out.rows % rows_in_a_hash != 0) continue;
      out.digest = crypto::sha256({crypto::bytes_of(out.digest), pending});
      pending.clear();
    }
    if (auto heard = progress(table.name, out.rows); !heard) return pass(heard);
  }
  out.digest = crypto::sha256({crypto::bytes_of(out.digest), pending});
  return out;
}

Result<CopyReport> copy_store(Connection& from, const Options& to, const std::vector<Migration>& migrations,
                              const CopyProgress& progress, const std::function<Result<void>(Database& copy)>& prove) {
  const auto tables = tables_of(migrations);
  auto target = open_target(to, migrations, tables);
  if (!target) return pass(target);
  CopyReport report{static_cast<std::int64_t>(tables.size()), 0, target->resumed};
  Database& database = *target->database;
  for (bool again = target->resumed; true; again = false) {
    for (const Table& table : tables) {
      std::int64_t rows = 0;
      for (bool more = true; more;) {
        auto part = copy_part(from, database, table, rows);
        if (!part) return pass(part);
        more = *part;
        if (auto heard = progress(table.name, rows); !heard) return pass(heard);
      }
    }
    auto other = difference(from, database, tables, progress, report.rows);
    if (!other) return pass(other);
    if (other->empty()) break;
    if (!again) {
      return fail(ErrorCode::invalid, "the copy of table " + *other + " is not the same", shown(to.path),
                  "look at the disks of both sides; copy into an empty place again");
    }
    // What an earlier copy had written is not what is there now.
    if (auto cleared = clear(database, tables); !cleared) return pass(cleared);
  }
  if (prove) {
    if (auto proven = prove(database); !proven) return pass(proven);
  }
  auto finished = database.write([&](Connection& connection) -> Result<void> {
    connection.prepare("DELETE FROM schema_migration WHERE room = $1").bind(1, unfinished_copy).run();
    return {};
  });
  if (!finished) return pass(finished);
  return report;
}

}  // namespace verbund::store
