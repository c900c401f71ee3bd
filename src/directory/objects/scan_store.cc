// SPDX-License-Identifier: EUPL-1.2
// Passes over everything there is, for what is built from it.
#include "directory/objects/object_store.h"

namespace verbund::directory {

void ObjectStore::each_id(ObjectKind kind, const std::function<void(const ObjectId&)>& each) const {
  auto rows = connection_.prepare("SELECT agency, local FROM directory_object WHERE kind = $1 ORDER BY agency, local");
  rows.bind(1, name(kind));
  while (rows.step()) each({std::string(rows.text(0)), std::string(rows.text(1))});
}

void ObjectStore::each_stored(const std::function<void(const Stored&)>& each) const {
  // Without an order the table is read from its first page to its last, not row by row through the primary key.
  auto rows = connection_.prepare("SELECT kind, agency, local, body FROM directory_body");
  std::string last;
  ObjectKind kind = ObjectKind::service;
  while (rows.step()) {
    if (rows.text(0) != last) {
      last = rows.text(0);
      const auto known = object_kind_from_name(last);
      if (!known) throw store::Failure("stored object does not read: " + known.error().text());
      kind = *known;
    }
    each({kind, rows.text(1), rows.text(2), &rows});
  }
}

}  // namespace verbund::directory
