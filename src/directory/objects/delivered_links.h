// SPDX-License-Identifier: EUPL-1.2
// Which objects a delivery names, so that links to what is not there can be told at its end.
// A temporary table of the connection: gone with it, no room's data, not part of the schema.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::directory {

class DeliveredLinks {
 public:
  // Empties what an earlier delivery left. Requires: inside Database::write.
  explicit DeliveredLinks(store::Connection& connection);

  // `from` (of `kind`) names `target`.
  void add(ObjectKind kind, const ObjectId& from, ObjectKind target_kind, const ObjectId& target);

  struct Target {
    ObjectKind from_kind;
    ObjectKind kind;
    ObjectId id;
    std::int64_t named;      // by how many objects of from_kind
    std::string example;     // external id of one of them
  };
  // Every named object that is not stored, once per kind that names it, the most named first. Memory does not grow with
  // the links.
  void each_missing(const std::function<void(const Target&)>& each);
  void clear();

 private:
  // Links are counted here first: deliveries name the same objects again and again.
  struct Counted {
    ObjectKind from_kind{}, kind{};
    ObjectId from, target;
    std::int64_t named = 0;      // 0: empty
  };
  void write(Counted& counted);

  store::Connection& connection_;
  std::unique_ptr<store::Bulk> rows_;
  std::vector<Counted> recent_;
};

}  // namespace verbund::directory
