// SPDX-License-Identifier: EUPL-1.2
// What a driver of the store provides. Internal to kits/store: types of an engine stay in its own <engine>_driver.cc.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kits/store/store.h"

namespace verbund::store {

// One prepared statement of an engine. Parameters are numbered as in the SQL: n is $n.
struct Statement::Driver {
  virtual ~Driver() = default;
  virtual void bind(int parameter, std::string_view value) = 0;
  virtual void bind(int parameter, std::int64_t value) = 0;
  virtual void bind_null(int parameter) = 0;
  virtual bool step() = 0;
  virtual void reset() = 0;
  virtual void run_later() {
    while (step()) {
    }
    reset();
  }
  virtual std::int64_t changes() const = 0;
  virtual bool is_null(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual std::int64_t number(int column) const = 0;
};

// A database before its schema is brought up to date.
class DriverDatabase : public Database {
 public:
  // True if the schema has a table of this name.
  virtual bool has_table(Connection& connection, std::string_view name) const = 0;
};

// Errors: unavailable (cannot open or create, no SQLite file).
Result<std::unique_ptr<DriverDatabase>> open_sqlite(const Options& options);

// Errors: unavailable (server away, refuses us, too old), usage (no URL that libpq reads, no schema).
Result<std::unique_ptr<DriverDatabase>> open_postgresql(const Options& options);

// Throws Failure for a text that not every engine can keep: not UTF-8, or with U+0000.
void check_text(std::string_view value);
// Throws Failure unless `name` is one for a lock.
void check_lock_name(std::string_view name);
// "a, b" -> {"a", "b"}. Requires: names of columns.
std::vector<std::string> column_names(std::string_view columns);

// The room of the step that stands in a schema while a copy into it is not finished (copy.h).
inline constexpr std::string_view unfinished_copy = "unfinished copy";

// Database::open, without the texts it may share (text_stock.h).
Result<std::unique_ptr<Database>> open_alone(const Options& options, const std::vector<Migration>& migrations);

// Brings the schema to the state `migrations` describe, see Database::open.
Result<void> migrate(DriverDatabase& database, const std::vector<Migration>& migrations);

}  // namespace verbund::store
