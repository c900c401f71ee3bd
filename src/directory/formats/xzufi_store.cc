// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/xzufi_store.h"

#include "directory/formats/xzufi_read.h"
#include "directory/objects/object_store.h"

namespace verbund::directory::xzufi {

EmbeddedStore::EmbeddedStore(store::Connection& connection) : connection_(connection) {
  connection_.execute(
      "CREATE TEMPORARY TABLE IF NOT EXISTS xzufi_holder ("
      "kind TEXT NOT NULL, agency TEXT NOT NULL, local TEXT NOT NULL, PRIMARY KEY (kind, agency, local))");
  connection_.execute(
      "CREATE TEMPORARY TABLE IF NOT EXISTS xzufi_embedded ("
      "agency TEXT NOT NULL, local TEXT NOT NULL,"
      "holder_kind TEXT NOT NULL, holder_agency TEXT NOT NULL, holder_local TEXT NOT NULL,"
      "PRIMARY KEY (agency, local, holder_kind, holder_agency, holder_local))");
  connection_.execute("DELETE FROM xzufi_holder");
  connection_.execute("DELETE FROM xzufi_embedded");
}

void EmbeddedStore::delivered(ObjectKind holder_kind, const ObjectId& holder,
                              const std::vector<Responsibility>& embedded) {
  any_ = true;
  if (holder_delivered(holder_kind, holder)) {  // twice in one delivery: the later one counts
    auto forget = connection_.prepare(
        "DELETE FROM xzufi_embedded WHERE holder_kind = $1 AND holder_agency = $2 AND holder_local = $3");
    forget.bind(1, name(holder_kind)).bind(2, holder.agency).bind(3, holder.local).run();
  } else {
    auto insert = connection_.prepare("INSERT INTO xzufi_holder (kind, agency, local) VALUES ($1, $2, $3)");
    insert.bind(1, name(holder_kind)).bind(2, holder.agency).bind(3, holder.local).run();
  }
  for (const auto& responsibility : embedded) bring(name(holder_kind), holder, responsibility.id);
}

void EmbeddedStore::keep(const ObjectId& responsibility) { bring("", {}, responsibility); }

void EmbeddedStore::bring(std::string_view holder_kind, const ObjectId& holder, const ObjectId& responsibility) {
  auto insert = connection_.prepare(
      "INSERT INTO xzufi_embedded (agency, local, holder_kind, holder_agency, holder_local) VALUES ($1, $2, $3, $4, $5)"
      " ON CONFLICT (agency, local, holder_kind, holder_agency, holder_local) DO NOTHING");
  insert.bind(1, responsibility.agency).bind(2, responsibility.local);
  insert.bind(3, holder_kind).bind(4, holder.agency).bind(5, holder.local).run();
}

bool EmbeddedStore::holder_delivered(ObjectKind kind, const ObjectId& holder) const {
  auto select = connection_.prepare("SELECT 1 FROM xzufi_holder WHERE kind = $1 AND agency = $2 AND local = $3");
  return select.bind(1, name(kind)).bind(2, holder.agency).bind(3, holder.local).step();
}

bool EmbeddedStore::brought(const ObjectId& responsibility) const {
  auto select = connection_.prepare("SELECT 1 FROM xzufi_embedded WHERE agency = $1 AND local = $2 LIMIT 1");
  return select.bind(1, responsibility.agency).bind(2, responsibility.local).step();
}

std::vector<ObjectId> EmbeddedStore::left_out() const {
  std::vector<ObjectId> found;
  if (!any_) return found;
  ObjectStore(connection_).each_body(ObjectKind::responsibility, [&](const ObjectId& id, std::string_view body) {
    // Most responsibilities stand for themselves: only those that carry the mark are worth reading.
    if (body.find(embedded_scheme) == std::string_view::npos) return;
    auto responsibility = from_body<Responsibility>(body);
    if (!responsibility || !is_embedded(*responsibility)) return;
    if (holder_delivered(responsibility->holder_kind, responsibility->holder) && !brought(id)) found.push_back(id);
  });
  return found;
}

}  // namespace verbund::directory::xzufi
