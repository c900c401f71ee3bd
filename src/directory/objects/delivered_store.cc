// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/delivered_links.h"

#include <functional>

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
  rows_ = connection_.bulk("delivered_link",
                           "from_kind, from_agency, from_local, target_kind, target_agency, target_local, named");
}

void DeliveredLinks::add(ObjectKind kind, const ObjectId& from, ObjectKind target_kind, const ObjectId& target) {
  if (recent_.empty()) recent_.resize(recent_targets);
  std::size_t hash = std::hash<std::string_view>()(target.local) * 31 + std::hash<std::string_view>()(target.agency);
  hash = hash * 31 + static_cast<std::size_t>(kind) * 8 + static_cast<std::size_t>(target_kind);
  Counted& place = recent_[hash % recent_.size()];
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
  rows_->add(name(counted.from_kind)).add(counted.from.agency).add(counted.from.local);
  rows_->add(name(counted.kind)).add(counted.target.agency).add(counted.target.local).add(counted.named);
  counted.named = 0;
}

void DeliveredLinks::each_missing(const std::function<void(const Target&)>& each) {
  for (Counted& counted : recent_) write(counted);
  auto select = connection_.prepare(
      "SELECT l.from_kind, l.target_kind, l.target_agency, l.target_local, l.named, l.agency, l.local FROM"
      " (SELECT from_kind, target_kind, target_agency, target_local, SUM(named) AS named, MIN(from_agency) AS agency,"
      " MIN(from_local) AS local FROM delivered_link GROUP BY from_kind, target_kind, target_agency, target_local) l"
      " LEFT JOIN directory_object o"
      " ON o.kind = l.target_kind AND o.agency = l.target_agency AND o.local = l.target_local"
      " WHERE o.kind IS NULL ORDER BY l.named DESC, l.from_kind, l.target_kind, l.target_agency, l.target_local");
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
