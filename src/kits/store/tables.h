// SPDX-License-Identifier: EUPL-1.2
// The tables of a store as its migrations make them: what goes over all tables asks the program, never the database.
#pragma once

#include <string>
#include <vector>

#include "kits/store/store.h"

namespace verbund::store {

struct Column {
  std::string name;
  bool number = false;  // BIGINT; else TEXT
};

struct Table {
  std::string name;
  std::vector<Column> columns;       // as they were made, added ones behind
  std::vector<std::string> key;      // columns of the primary key, in its order; never empty
  std::vector<std::string> parents;  // tables that its foreign keys name
};

// All tables that `migrations` make, each behind the tables it names. Names consist of a-z, 0-9 and '_'.
// Requires: CREATE TABLE with columns TEXT or BIGINT and a primary key, ALTER TABLE ADD COLUMN, CREATE INDEX, INSERT
// INTO and nothing that changes tables otherwise; a step of another form ends the program, as a test would.
std::vector<Table> tables_of(const std::vector<Migration>& migrations);

}  // namespace verbund::store
