// SPDX-License-Identifier: EUPL-1.2
// Long texts that several databases of an installation have in common: each is kept once, in a database of its own (the
// stock); where it was stands a reference. Who reads or writes through such a database notices nothing of it, nor does
// who copies it: a copy holds the texts themselves. docs/decisions/0017-tenants.md
//
// A text is durable in the stock, and noted for the database, before the transaction that names it is: a crash in
// between leaves a text that nobody names. A database reads what is noted for it and nothing else, whatever stands in
// its rows: no reference leads to a text that another one alone has.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "kits/store/store.h"

namespace verbund::store {

class TextStock;   // of this process

// The stocks that databases of one process use together. Thread-safe.
class TextStocks {
 public:
  // The one there is, or another one. Errors: unavailable (it cannot be opened).
  Result<std::shared_ptr<TextStock>> at(const Options& options);

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<TextStock>> open_;
};

// Which texts are shared: names in the program, never data.
struct SharedColumn {
  std::string_view table;    // "directory_body"
  std::string_view insert;   // how each statement begins that writes it: "INSERT INTO directory_body("
  int column = 0;            // the text in these statements and bulks, from 0: its parameter is one more
  std::string_view select;   // gives them all, in its first column
};

struct Sharing {
  std::string place;         // SQLite: the file, seen from the folder of the database; a server: the schema
  std::string name;          // of the database: another one's on the same stock is another
  SharedColumn texts;
};

// Shorter ones stay where they are: a reference and its note would take as much.
inline constexpr std::size_t shortest_shared = 512;   // bytes

// Database::open, for one that shares from now on. `stocks`: null: for itself.
Result<std::unique_ptr<Database>> open_sharing(const Options& options, const std::vector<Migration>& migrations,
                                               const Sharing& sharing, TextStocks* stocks = nullptr);

// Notes and texts that the database has not named for longer than any write takes (a day). `now`: seconds since 1970.
// Nothing where it does not share. Throws Failure.
struct Swept {
  std::int64_t notes = 0, texts = 0;
};
Swept sweep_texts(Database& database, std::int64_t now);

// Whether the store of a SQLite file shares texts: its pages alone are not all of it. False where there is none.
bool shares_texts(const std::string& file);

// For Database::open: `database` as it is, or, where it says that it shares, so that its texts are read.
Result<std::unique_ptr<Database>> with_texts(std::unique_ptr<Database> database, const Options& options);

}  // namespace verbund::store
