// SPDX-License-Identifier: EUPL-1.2
#include "directory/evaluation/evaluate.h"

#include <algorithm>
#include <set>

#include "directory/objects/object_store.h"

namespace verbund::directory {

ServiceNames::ServiceNames(store::Connection& connection) {
  ObjectStore(connection).each<Service>([&](const Service& service) {
    const auto add = [&](std::string name) {
      std::vector<ObjectId>& ids = ids_[std::move(name)];
      if (ids.empty() || ids.back() != service.id) ids.push_back(service.id);
    };
    add(external_id(ObjectKind::service, service.id));
    add(service.id.local);
    for (const Code& code : service.service_keys) add(code.code);
  });
}

const std::vector<ObjectId>& ServiceNames::find(const std::string& name) const {
  static const std::vector<ObjectId> none;
  const auto at = ids_.find(name);
  return at == ids_.end() ? none : at->second;
}

Result<Evaluation> evaluate(const Snapshot& snapshot, const ServiceNames& names,
                            const std::vector<JudgedQuery>& queries, const AreaKey& area) {
  Evaluation out;
  std::vector<Ranking> rankings;
  std::map<std::string, std::vector<Ranking>> of_kind;
  std::map<std::string, AreaKey> areas{{"", area}};
  for (const JudgedQuery& query : queries) {
    auto place = areas.find(query.area);
    if (place == areas.end()) {
      const auto known = snapshot.place(query.area);
      if (!known) {
        return fail(ErrorCode::invalid, "\"" + query.area + "\" is no place, or several",
                    "line " + std::to_string(query.line), "give a regional key");
      }
      place = areas.emplace(query.area, known->key).first;
    }
    if (query.relevant.empty()) {
      out.without_service.push_back(query);
      continue;
    }
    std::set<ObjectId> relevant;
    bool all_here = true;
    for (const std::string& name : query.relevant) {
      bool here = false;
      for (const ObjectId& id : names.find(name)) {
        if (!snapshot.service(id)) continue;
        relevant.insert(id);
        here = true;
      }
      all_here = all_here && here;
    }
    if (relevant.empty()) {
      out.not_in_node.push_back(query);
      continue;
    }
    if (!all_here) ++out.partly_in_node;
    QueryOutcome outcome{query, {{}, relevant.size()}, {}, {}};
    SearchAnswer answer = snapshot.search({query.query, place->second, evaluated_depth, 0});
    for (std::size_t i = 0; i < answer.hits.size(); ++i) {
      outcome.answer.push_back(snapshot.service_of(answer.hits[i]).brief());
      if (relevant.contains(outcome.answer.back().id)) outcome.ranking.ranks.push_back(i + 1);
    }
    outcome.corrected = std::move(answer.corrected);
    rankings.push_back(outcome.ranking);
    if (!query.kind.empty()) of_kind[query.kind].push_back(outcome.ranking);
    out.outcomes.push_back(std::move(outcome));
  }
  out.all = measure(rankings);
  for (const auto& [kind, list] : of_kind) out.kinds.emplace(kind, measure(list));
  return out;
}

}  // namespace verbund::directory
