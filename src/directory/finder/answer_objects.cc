// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/answer_objects.h"

#include <algorithm>

namespace verbund::directory {

std::vector<ObjectName> objects_of_answer(const Snapshot& snapshot, const ObjectStore& objects, const ObjectId& service,
                                          const AreaKey& area) {
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
  const std::vector<ObjectName> holders(out.begin() + static_cast<std::ptrdiff_t>(before_holders), out.end());
  if (holders.empty()) return out;
  // Most bodies do not name the service at all: looking for its bytes is many times quicker than reading them.
  const std::string needle = "\"" + external_id(ObjectKind::service, service) + "\"";
  objects.each_body(ObjectKind::responsibility, [&](const ObjectId& id, std::string_view body) {
    if (!body.contains(needle)) return;
    const auto one = from_body<Responsibility>(body);
    if (!one || one->service != service) return;
    if (std::ranges::find(holders, ObjectName{one->holder_kind, one->holder}) == holders.end()) return;
    const bool here_too = one->areas.empty() ||
                          std::ranges::any_of(one->areas, [&](const AreaKey& key) { return key.contains(area); });
    if (here_too) out.emplace_back(ObjectKind::responsibility, id);
  });
  return out;
}

}  // namespace verbund::directory
