// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/import_store.h"

#include "base/check.h"

namespace verbund::directory {
namespace {

constexpr std::size_t recent_targets = 1 << 16;   // about 10 MiB

}  // namespace

DeliveredLinks::DeliveredLinks(store::Connection& connection) : connection_(connection) {
  connection_.execute(
      "CREATE TEMPORARY TABLE IF NOT EXISTS delivered_link ("
      "from_kind TEXT NOT NULL, from_agency TEXT NOT NULL, from_local TEXT NOT NULL,"
      "target_kind TEXT NOT NULL, target_agency TEXT NOT NULL, target_local TEXT NOT NULL, named BIGINT NOT NULL)");
  clear();
}

void DeliveredLinks::add(ObjectKind kind, const ObjectId& from, ObjectKind target_kind, const ObjectId& target) {
  if (recent_.empty()) recent_.resize(recent_targets);
  const std::size_t hash = std::hash<std::string_view>()(target.local) * 31 + std::hash<std::string_view>()(target.agency);
  Counted& place = recent_[(hash * 16 + static_cast<std::size_t>(kind) * 4 + static_cast<std::size_t>(target_kind)) %
                           recent_.size()];
  if (place.named > 0 && place.from_kind == kind && place.kind == target_kind && place.target == target) {
    ++place.named;
    if (from < place.from) place.from = from;
    return;
  }
  write(place);
  place = {kind, target_kind, from, target, 1};
}

void DeliveredLinks::write(Counted& counted) {
  if (counted.named == 0) return;
  auto insert = connection_.prepare(
      "INSERT INTO delivered_link (from_kind, from_agency, from_local, target_kind, target_agency, target_local, named)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7)");
  insert.bind(1, name(counted.from_kind)).bind(2, counted.from.agency).bind(3, counted.from.local);
  insert.bind(4, name(counted.kind)).bind(5, counted.target.agency).bind(6, counted.target.local);
  insert.bind(7, counted.named).run();
  counted.named = 0;
}

void DeliveredLinks::each_target(const std::function<void(const Target&)>& each) {
  for (Counted& counted : recent_) write(counted);
  auto select = connection_.prepare(
      "SELECT from_kind, target_kind, target_agency, target_local, SUM(named) AS named, MIN(from_agency),"
      " MIN(from_local) FROM delivered_link GROUP BY from_kind, target_kind, target_agency, target_local"
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

void DeliveredLinks::clear() {
  for (Counted& counted : recent_) counted.named = 0;
  connection_.execute("DELETE FROM delivered_link");
}

}  // namespace verbund::directory
