// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/snapshot_tables.h"

#include <algorithm>
#include <bit>

#include "base/text.h"
#include "kits/text/text.h"

namespace verbund::directory {
namespace {

constexpr std::size_t number_count = 6;

template <typename T>
finder::SharedArray<T> shared(const flat::Array<T>& array) {
  return {array.span(), std::make_shared<const flat::Array<T>>(array)};
}

Result<IdTable> ids(const SnapshotTables::Ids& ids, std::size_t rows) {
  if (ids.rows.size() < rows || !std::has_single_bit(ids.slots.size()) || ids.slots.size() <= ids.rows.size()) {
    return fail(ErrorCode::invalid, "tables of the index do not agree");
  }
  return IdTable(shared(ids.rows), {ids.slots.span(), std::make_shared<const flat::Array<std::uint32_t>>(ids.slots)});
}

}  // namespace

std::size_t SnapshotTables::bytes() {
  std::size_t out = 0;
  each([&](const std::string&, const auto& array) { out += array.bytes(); });
  return out;
}

Result<std::unique_ptr<Snapshot::State>> state_of(SnapshotTables& tables) {
  const auto& rows = tables.responsibilities;
  if (tables.numbers.size() != number_count || tables.pool.empty() ||
      tables.services.size() != tables.service_ids.rows.size() ||
      rows.link_begin.size() != tables.services.size() + 1 || rows.link_begin.back() != rows.link_words.size() ||
      tables.links.hashes.size() != tables.links.rows.size()) {
    return fail(ErrorCode::invalid, "tables of the index do not agree");
  }
  auto state = std::make_unique<Snapshot::State>();
  state->sequence = tables.numbers[0];
  state->area_state = tables.numbers[1];
  state->as_of = Instant(std::chrono::seconds(tables.numbers[2]));
  state->counts.services = static_cast<std::size_t>(tables.numbers[3]);
  state->counts.units = static_cast<std::size_t>(tables.numbers[4]);
  state->counts.online_services = static_cast<std::size_t>(tables.numbers[5]);
  state->counts.responsibilities = tables.links.hashes.size();
  state->pool = finder::SharedTexts(tables.pool);
  const auto take_ids = [](IdTable& to, const SnapshotTables::Ids& from, std::size_t size) -> Result<void> {
    auto table = ids(from, size);
    if (!table) return pass(table);
    to = std::move(*table);
    return {};
  };
  for (const auto& [to, from, size] :
       {std::tuple(&state->service_ids, &tables.service_ids, tables.services.size()),
        std::tuple(&state->unit_ids, &tables.unit_ids, tables.units.size()),
        std::tuple(&state->online_ids, &tables.online_ids, tables.online.size()),
        std::tuple(&state->specialisation_ids, &tables.specialisation_ids, tables.specialisations.size())}) {
    if (auto taken = take_ids(*to, *from, size); !taken) return pass(taken);
  }
  state->services = shared(tables.services);
  const auto services = static_cast<std::uint32_t>(state->services.size());
  state->ordered_services = std::min(services, 1U);
  while (state->ordered_services < services &&
         state->id_before(state->ordered_services - 1, state->ordered_services)) {
    ++state->ordered_services;
  }
  state->units = shared(tables.units);
  state->online = shared(tables.online);
  state->specialisations = shared(tables.specialisations);
  for (const auto& row : tables.keys) state->keys.emplace_back(row.key, static_cast<std::uint32_t>(row.service));
  for (const std::string_view role : split(flat::text_of(tables.roles), '\n')) {
    if (!role.empty()) state->roles.emplace_back(role);
  }
  auto events = std::make_shared<Snapshot::State::LifeEvents>();
  for (std::size_t at = 0; at < tables.life_events.size();) {
    auto event = std::make_shared<Snapshot::State::LifeEvent>();
    const Snapshot::State::Ref slug = tables.life_events[at].slug;
    event->slug = state->pool.at(slug);
    for (; at < tables.life_events.size() && tables.life_events[at].slug == slug; ++at) {
      event->said.emplace_back(tables.life_events[at].service, tables.life_events[at].name);
    }
    event->sort_key = text::sort_key(state->pool.at(event->name()));
    events->push_back(std::move(event));
  }
  Snapshot::State::sort_events(*events);
  state->life_events = std::move(events);

  std::vector<bool> present(tables.services.size());
  for (std::size_t i = 0; i < present.size(); ++i) present[i] = tables.services[i].present != 0;
  state->responsibilities = finder::ResponsibilityIndex(rows, present);
  state->set_role_order();
  state->base_bytes = tables.bytes();
  return state;
}

void Snapshot::State::sort_events(LifeEvents& events) {
  std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
    return a->sort_key != b->sort_key ? a->sort_key < b->sort_key : a->slug < b->slug;
  });
}

void Snapshot::State::set_role_order() {
  std::vector<std::uint8_t> by_name(roles.size());
  for (std::size_t i = 0; i < roles.size(); ++i) by_name[i] = static_cast<std::uint8_t>(i);
  std::sort(by_name.begin(), by_name.end(), [this](std::uint8_t a, std::uint8_t b) { return roles[a] < roles[b]; });
  std::array<std::uint8_t, 256> order{};
  for (std::size_t i = 0; i < by_name.size(); ++i) order[by_name[i]] = static_cast<std::uint8_t>(i);
  responsibilities.set_role_order(order);
}

}  // namespace verbund::directory
