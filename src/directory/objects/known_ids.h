// SPDX-License-Identifier: EUPL-1.2
// What may be in the store, so that a load of new objects need not ask for each. Internal to directory/objects.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::directory {

// A Bloom filter of 8 MiB over (kind, agency, local): of 4 million objects about one in 400 is taken for known wrongly,
// which costs a look-up. Whole for the ranges (kind, agency) it was asked to learn, within one transaction of the
// connection, as long as each object added meanwhile is told to it.
class KnownIds {
 public:
  explicit KnownIds(store::Connection& connection);

  // Whether objects of this range that are not known are surely not stored. Learns the range by reading it, unless it
  // holds more than `most` objects; asked again when `most` has doubled.
  bool whole(ObjectKind kind, std::string_view agency, std::int64_t most);
  bool may_hold(ObjectKind kind, const ObjectId& id) const;
  void add(ObjectKind kind, std::string_view agency, std::string_view local);

 private:
  struct Range {
    bool whole = false;
    std::int64_t tried = 0;   // with this limit
  };
  struct Place {
    std::size_t block;
    std::uint64_t bits;       // 4 x 9, the places in the block
  };
  static Place place(ObjectKind kind, std::string_view agency, std::string_view local);

  store::Connection& connection_;
  std::vector<std::uint64_t> words_;
  std::map<std::pair<ObjectKind, std::string>, Range, std::less<>> ranges_;
  Range* last_ = nullptr;     // of ranges_: most objects come in runs of one range
  ObjectKind last_kind_{};
  std::string last_agency_;
};

}  // namespace verbund::directory
