// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/answer_objects.h"

#include <algorithm>

namespace verbund::directory {

Result<std::vector<ObjectName>> objects_of_answer(const Snapshot& snapshot, store::Connection& connection,
                                                  SayingIndex& sayings, const ObjectId& service, const AreaKey& area) {
  const ObjectStore objects(connection);
  std::vector<ObjectName> out;
  const auto add = [&](ObjectKind kind, const ObjectId& id) {
    const ObjectName name{kind, id};
    if (std::ranges::find(out, name) == out.end() && objects.body(kind, id)) out.push_back(name);
  };
  const ServiceAtPlace here = snapshot.at_place(service, area);
  add(ObjectKind::service, service);
  for (const ObjectId& id : here.specialisations) add(ObjectKind::specialisation, id);
  const std::size_t before_holders = out.size();
  for (const auto& role : here.roles) {
    for (const auto& unit : role.units) add(ObjectKind::unit, unit.id);
  }
  for (const OnlineBrief& online : here.online) add(ObjectKind::online_service, online.id);
  if (out.size() == before_holders) return out;
  const auto said = sayings.find(connection, service, std::span(out).subspan(before_holders), area);
  if (!said) return std::unexpected(said.error());
  for (const ObjectId& id : *said) out.emplace_back(ObjectKind::responsibility, id);
  return out;
}

}  // namespace verbund::directory
