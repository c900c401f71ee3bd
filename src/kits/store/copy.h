// SPDX-License-Identifier: EUPL-1.2
// A whole store into another one, of the same or the other engine: table by table in order of the keys, resumable after
// any interruption, compared at the end. An unfinished copy is no store: Database::open refuses it (conflict).
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/crypto/digest.h"
#include "kits/store/tables.h"

namespace verbund::store {

// What a table holds: equal on two stores of any engine exactly if their rows are the same. SHA-256 over the rows in
// order of the key; each column is its length and bytes, its number, or nothing.
struct TableDigest {
  std::int64_t rows = 0;
  crypto::Digest digest{};
  bool operator==(const TableDigest&) const = default;
};

// Hears of the work: which table, how many rows of it are done. An error ends the work and is passed on.
using CopyProgress = std::function<Result<void>(std::string_view table, std::int64_t rows)>;

// Errors: those of `progress`.
Result<TableDigest> digest_table(Connection& connection, const Table& table, const CopyProgress& progress);

struct CopyReport {
  std::int64_t tables = 0;
  std::int64_t rows = 0;
  bool resumed = false;  // an earlier copy was continued
};

// Copies what `from` sees into the store at `to`, which is made where there is none. One that holds rows is refused,
// but an unfinished copy is continued; where its rows are not those of `from` any more, it is begun anew. When it
// returns, every table has been read again on both sides and is the same. Memory does not grow with the store.
// Requires: `from` sees one state all the time (Database::read or write). Errors: conflict (`to` holds data, or is of a
// newer program), invalid (the copy is not the same), unavailable, those of `progress`; store::Failure. `prove` looks
// at the copy before it counts as one; its error leaves it unfinished.
Result<CopyReport> copy_store(Connection& from, const Options& to, const std::vector<Migration>& migrations,
                              const CopyProgress& progress,
                              const std::function<Result<void>(Database& copy)>& prove = {});

}  // namespace verbund::store
