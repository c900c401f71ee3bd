// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/import_store.h"

#include "base/check.h"

namespace verbund::directory {

DeliveredLinks::DeliveredLinks(store::Connection& connection) : connection_(connection) {
  connection_.execute(
      "CREATE TEMPORARY TABLE IF NOT EXISTS delivered_link ("
      "from_kind TEXT NOT NULL, from_agency TEXT NOT NULL, from_local TEXT NOT NULL,"
      "target_kind TEXT NOT NULL, target_agency TEXT NOT NULL, target_local TEXT NOT NULL)");
  clear();
}

void DeliveredLinks::add(ObjectKind kind, const ObjectId& from, ObjectKind target_kind, const ObjectId& target) {
  auto insert = connection_.prepare(
      "INSERT INTO delivered_link (from_kind, from_agency, from_local, target_kind, target_agency, target_local)"
      " VALUES ($1, $2, $3, $4, $5, $6)");
  insert.bind(1, name(kind)).bind(2, from.agency).bind(3, from.local);
  insert.bind(4, name(target_kind)).bind(5, target.agency).bind(6, target.local);
  insert.run();
}

void DeliveredLinks::each_target(const std::function<void(const Target&)>& each) const {
  auto select = connection_.prepare(
      "SELECT from_kind, target_kind, target_agency, target_local, COUNT(*) AS named, MIN(from_agency), MIN(from_local)"
      " FROM delivered_link GROUP BY from_kind, target_kind, target_agency, target_local"
      " ORDER BY named DESC, from_kind, target_kind, target_agency, target_local");
  while (select.step()) {
    auto from_kind = object_kind_from_name(select.text(0));
    auto kind = object_kind_from_name(select.text(1));
    VERBUND_CHECK(from_kind && kind);
    Target target{*from_kind, *kind, {std::string(select.text(2)), std::string(select.text(3))}, select.number(4), {}};
    target.example = external_id(*from_kind, {std::string(select.text(5)), std::string(select.text(6))});
    each(target);
  }
}

void DeliveredLinks::clear() { connection_.execute("DELETE FROM delivered_link"); }

}  // namespace verbund::directory
