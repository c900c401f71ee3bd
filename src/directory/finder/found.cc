// SPDX-License-Identifier: EUPL-1.2
// Hits: what they say.
#include "directory/finder/found.h"

#include <algorithm>

#include "directory/finder/finder.h"
#include "directory/finder/snapshot_state.h"
#include "kits/text/text.h"

namespace verbund::directory {

using finder::ResponsibilityIndex;

namespace {

ResponsibilityIndex::Scratch& scratch_of_thread() {
  thread_local ResponsibilityIndex::Scratch scratch;
  return scratch;
}

}  // namespace

std::string external_id(ObjectKind kind, IdView id) {
  std::string out;
  out.reserve(id.agency.size() + id.local.size() + 4);
  out += id.agency;
  out += '.';
  out += letters(kind);
  out += '.';
  out += id.local;
  return out;
}

ServiceView Snapshot::service_of(const Hit& hit) const { return state_->view(hit.service); }

std::optional<AuthorityView> Snapshot::authority_of(const Hit& hit, const PlaceAreas& place) const {
  const State& state = *state_;
  const auto units = state.responsibilities.responsible(hit.service, place, scratch_of_thread());
  if (units.empty()) return std::nullopt;
  const auto name = [&](const ResponsibilityIndex::Unit& unit) { return state.pool.at(state.units[unit.unit].name); };
  const ResponsibilityIndex::Unit* first = &units.front();
  std::string first_key;
  for (const ResponsibilityIndex::Unit& unit : units.subspan(1)) {
    if (unit.role != first->role) break;
    if (first_key.empty()) first_key = text::sort_key(name(*first));   // two offices for one place are rare
    std::string key = text::sort_key(name(unit));
    const bool before = key != first_key ? key < first_key
                                         : state.unit_ids.view(unit.unit, state.pool) < state.unit_ids.view(first->unit, state.pool);
    if (!before) continue;
    first = &unit;
    first_key = std::move(key);
  }
  return AuthorityView{state.unit_ids.view(first->unit, state.pool), name(*first),
                       finder::area_of_code(state.responsibilities.code(first->area)), state.roles[first->role]};
}

void Snapshot::online_of(const Hit& hit, const PlaceAreas& place, std::vector<OnlineView>& out) const {
  const State& state = *state_;
  std::vector<ResponsibilityIndex::Unit>& found = scratch_of_thread().units;
  found.clear();
  out.clear();
  state.responsibilities.online(hit.service, place, found);
  const auto area = [&](const ResponsibilityIndex::Unit& one) { return state.responsibilities.code(one.area); };
  if (found.size() > 1) {
    std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
      const int a_digits = finder::area_digits(area(a)), b_digits = finder::area_digits(area(b));
      if (a_digits != b_digits) return a_digits > b_digits;
      const std::string_view a_title = state.pool.at(state.online[a.unit].sort_key);
      const std::string_view b_title = state.pool.at(state.online[b.unit].sort_key);
      return a_title != b_title ? a_title < b_title
                                : state.online_ids.view(a.unit, state.pool) < state.online_ids.view(b.unit, state.pool);
    });
  }
  for (const ResponsibilityIndex::Unit& one : found) {
    const OnlineRow& row = state.online[one.unit];
    out.push_back({state.online_ids.view(one.unit, state.pool), state.pool.at(row.title), state.pool.at(row.url),
                   state.pool.at(row.purpose), finder::area_of_code(area(one))});
  }
}

void Snapshot::list(const SearchRequest& request, SearchAnswer& answer) const {
  answer = {};
  const AreaKey here = state_->places->current(request.area);
  answer.place = state_->responsibilities.place(here);
  const auto services = state_->services_at(here, answer.place);
  answer.total = services.size();
  for (std::size_t i = request.offset; i < std::min(services.size(), request.offset + request.limit); ++i) {
    answer.hits.push_back({services[i], true, 0});
  }
}

}  // namespace verbund::directory
