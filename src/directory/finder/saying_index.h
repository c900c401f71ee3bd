// SPDX-License-Identifier: EUPL-1.2
// Which responsibilities say that somebody does a service at a place: the way back from an answer to the objects it
// stands on. Derived from the store and kept in a file; it can be thrown away.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "directory/objects/object_store.h"
#include "kits/flat/flat.h"

namespace verbund::directory {

using ObjectName = std::pair<ObjectKind, ObjectId>;

// Responsibilities lie in blocks of 128, in the order of their ids. For each (service, holder, area) a sorted table of 8
// bytes names the block; the block is read from the store. 4 million: 32 MB on disk, of which a question touches a few
// pages. What changed since the table was made is kept in memory; after 50,000 changes it is made anew (about 0.6 s for a
// million). Thread-safe.
class SayingIndex {
 public:
  // `folder`: for the file; "": none is kept. Nothing is read or made before the first question.
  explicit SayingIndex(std::string folder = {}) : folder_(std::move(folder)) {}

  // As the store is in this transaction: responsibilities of one of `holders` for `service` whose areas contain `area`,
  // by (agency, local), each once. Errors: unavailable (another thread is making the table just now).
  Result<std::vector<ObjectId>> find(store::Connection& connection, const ObjectId& service,
                                     std::span<const ObjectName> holders, const AreaKey& area);
  // Makes or maps the table, so that the first question does not wait for it.
  void prepare(store::Connection& connection);

 private:
  struct Table {
    std::int64_t sequence = 0;             // the change up to which it holds
    flat::Array<std::uint64_t> places;     // hash << 24 | block, ascending
    flat::Array<char> ids;                 // of the last responsibility of each block: "agency local\n"
    flat::Array<std::uint32_t> ends;       // where each stands in ids
  };
  std::shared_ptr<const Table> table(store::Connection& connection);
  std::shared_ptr<const Table> kept(store::Connection& connection) const;
  Table make(store::Connection& connection) const;
  void catch_up(store::Connection& connection, std::int64_t until);

  const std::string folder_;
  std::mutex making_;
  std::mutex mutex_;                       // of what follows
  std::shared_ptr<const Table> table_;
  std::int64_t caught_up_ = 0;
  std::unordered_map<std::uint64_t, std::vector<ObjectId>> later_;   // by hash: what changed since
};

}  // namespace verbund::directory
