// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/origin_store.h"

namespace verbund::directory {

std::string origin_of(store::Connection& connection, ObjectKind kind, const ObjectId& id) {
  auto row = connection.prepare("SELECT origin FROM directory_object WHERE kind = $1 AND agency = $2 AND local = $3");
  row.bind(1, name(kind)).bind(2, id.agency).bind(3, id.local);
  return row.step() ? std::string(row.text(0)) : std::string();
}

}  // namespace verbund::directory
