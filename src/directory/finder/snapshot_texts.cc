// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/snapshot_texts.h"

#include <algorithm>
#include <map>

#include "directory/objects/object_store.h"

namespace verbund::directory {

std::uint32_t TextPass::number(const ObjectId& service) const {
  const auto at = std::lower_bound(ids_.begin(), ids_.end(), service);
  return at != ids_.end() && *at == service ? static_cast<std::uint32_t>(at - ids_.begin()) : IdTable::none;
}

void TextPass::read(store::Connection& connection) {
  const ObjectStore objects(connection);
  std::map<ObjectId, std::string> slugs;
  objects.each_slug(ObjectKind::service, [&](const ObjectId& id, std::string_view slug) { slugs.emplace(id, slug); });
  objects.each<Service>([&](const Service& service) {
    ServiceFound found{number(service.id), finder::facts_of(service, now_), {}, {}};
    if (found.number == IdTable::none) return;
    if (found.facts.standing.valid) {
      valid_[found.number] = true;
      if (const auto slug = slugs.find(service.id); slug != slugs.end()) found.slug = slug->second;
      for (const AreaKey& area : service.valid_areas) found.areas.push_back(areas_.of(area.digits()));
      draft_.clear();
      text_.add_service(service);
      for (const auto& [slug, name] : found.facts.life_events) text_.add_life_event(name);
      index_.add(found.number, draft_);
      index_.set_title(found.number, found.facts.folded_title);
    }
    services.push_back(std::move(found));
  });
  objects.each<Specialisation>([&](const Specialisation& text) {
    SpecialisationFound found{text.id, text.service, finder::standing(text.validity, now_), {}};
    const std::uint32_t service = number(text.service);
    if (found.standing.valid) {
      for (const AreaKey& area : text.areas) found.areas.push_back(areas_.of(area.digits()));
      if (service != IdTable::none && valid_[service]) {
        draft_.clear();
        text_.add_specialisation(text.modules, local_[service]);
        index_.add(service, draft_);
      }
    }
    specialisations.push_back(std::move(found));
  });
}

void TextPass::add_unit_names(const Snapshot::State& state) {
  for (const ServiceFound& found : services) {
    if (!found.facts.standing.valid) continue;
    draft_.clear();
    const auto units = state.responsibilities.units_of(found.number, most_unit_names);
    for (const std::uint32_t unit : units) text_.add_unit(state.pool.at(state.units[unit].name));
    if (!units.empty()) index_.add(found.number, draft_);
  }
}

}  // namespace verbund::directory
