// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/snapshot_links.h"

#include <algorithm>
#include <future>
#include <numeric>

#include "base/check.h"
#include "directory/objects/object_store.h"

namespace verbund::directory {

using finder::HolderKind;
using finder::IdView;
using finder::LinkTable;
using PlaceLink = finder::Link;   // directory::Link is something else

namespace {

constexpr std::size_t most_roles = 250;           // Limit: further kinds of roles are left out

template <typename T>
T read_body(std::string_view body) {
  auto object = from_body<T>(body);
  if (!object) throw store::Failure("stored object does not read: " + object.error().text());
  return std::move(*object);
}

}  // namespace

LinkPass::LinkPass(const finder::Places& places, Instant now)
    : services(pool), reader_(places, now), now_(now), units_(pool), onlines_(pool) {
  area_number(0);
  places.each_current([&](const AreaKey& key) { area_number(finder::area_code(key)); });
}

void LinkPass::read(store::Connection& connection) {
  ObjectStore(connection).each_stored([&](const ObjectStore::Stored& object) {
    const IdView id{object.agency, object.local};
    if (object.kind == ObjectKind::responsibility) add_responsibility(id, object.body());
    if (object.kind == ObjectKind::unit) add_unit(id, object.body());
    if (object.kind == ObjectKind::online_service) add_online(id, object.body());
  });
}

void LinkPass::turn(ObjectKind kind, IdView id, std::optional<Instant> at) {
  if (!at) return;
  turns_.push_back({static_cast<std::int64_t>(at->time_since_epoch().count()), static_cast<std::uint32_t>(kind),
                    pool.add(id.agency), pool.add(id.local), 0});
}

void LinkPass::add_unit(IdView id, std::string_view body) {
  const std::uint32_t number = units_.intern(id);
  const auto& unit = reader_.unit(body);
  turn(ObjectKind::unit, id, unit.standing.turn);
  if (unit_rows_.size() < units_.size()) unit_rows_.resize(units_.size());
  if (!unit.standing.valid) return;
  unit_rows_[number] = {pool.add(unit.name), 1};
  ++unit_count_;
}

void LinkPass::add_online(IdView id, std::string_view body) {
  const std::uint32_t number = onlines_.intern(id);
  const finder::OnlineFacts facts = finder::facts_of(read_body<OnlineService>(body), now_);
  turn(ObjectKind::online_service, id, facts.standing.turn);
  if (online_rows_.size() < onlines_.size()) online_rows_.resize(onlines_.size());
  if (!facts.standing.valid) return;
  auto& purpose = purposes_[facts.purpose];   // few different ones
  if (purpose == 0) purpose = pool.add(facts.purpose);
  online_rows_[number] = {pool.add(facts.title), pool.add(facts.url), purpose, pool.add(facts.sort_key), 1};
  ++online_count_;
}

void LinkPass::add_responsibility(IdView id, std::string_view body) {
  const auto& link = reader_.responsibility(body);
  turn(ObjectKind::responsibility, id, link.standing.turn);
  if (!link.standing.valid) return;
  const bool unit = link.holder_kind == ObjectKind::unit;
  std::uint8_t role = 0;
  if (unit) {
    const auto number = role_number(link.role);
    if (!number) return;
    role = *number;
  }
  // Links to what is not there sleep: whoever asks is better served by the next area up, until it comes.
  const std::uint32_t service = services.intern(link.service);
  const std::uint32_t holder = (unit ? units_ : onlines_).intern(link.holder);
  Row row{service, PlaceLink{0, holder, unit ? HolderKind::unit : HolderKind::online_service, role}.packed(), 0, role};
  if (link.areas.size() == 1) {
    row.area = area_number(link.areas.front());
  } else {
    VERBUND_CHECK(lists_.size() < LinkTable::several);
    row.area = LinkTable::several | static_cast<std::uint32_t>(lists_.size());
    lists_.push_back(static_cast<std::uint32_t>(link.areas.size()));
    for (const std::uint64_t area : link.areas) lists_.push_back(area_number(area));
  }
  hashes_.push_back(finder::hash_id(id));
  rows_.push_back(row);
}

void LinkPass::add(const Found& found, std::uint32_t service) {
  const std::uint32_t area = found.area == nowhere ? PlaceLink::nowhere : area_number(found.area);
  more_.push_back({service, {area, found.holder, found.kind, found.role}});
}

std::uint32_t LinkPass::area_number(std::uint64_t code) {
  const auto known = code_numbers_.find(code);
  if (known != code_numbers_.end()) return known->second;
  if (code != 0) area_number(finder::area_above(code));   // with all above it
  const auto number = static_cast<std::uint32_t>(codes_.size());
  codes_.push_back(code);
  code_numbers_.emplace(code, number);
  return number;
}

std::optional<std::uint8_t> LinkPass::role_number(std::string_view role) {
  for (std::size_t i = 0; i < roles_.size(); ++i) {
    if (roles_[i] == role) return static_cast<std::uint8_t>(i);
  }
  if (roles_.size() >= most_roles) return std::nullopt;
  roles_.emplace_back(role);
  return static_cast<std::uint8_t>(roles_.size() - 1);
}

// By code, so that what is within an area is one range.
void LinkPass::renumber_areas() {
  std::vector<std::uint32_t> order(codes_.size()), next(codes_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return codes_[a] < codes_[b]; });
  for (std::uint32_t i = 0; i < order.size(); ++i) next[order[i]] = i;
  std::sort(codes_.begin(), codes_.end());
  for (Row& row : rows_) {
    if ((row.area & LinkTable::several) == 0) row.area = next[row.area];
  }
  for (std::size_t at = 0; at < lists_.size(); at += lists_[at] + 1) {
    for (std::uint32_t i = 1; i <= lists_[at]; ++i) lists_[at + i] = next[lists_[at + i]];
  }
  for (auto& [service, link] : more_) {
    if (link.area != PlaceLink::nowhere) link.area = next[link.area];
  }
}

void LinkPass::sort_by_hash(SnapshotTables& out) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order(hashes_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = {hashes_[i], i};
  std::sort(order.begin(), order.end());
  std::vector<std::uint64_t> hashes(order.size());
  std::vector<Row> rows(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    hashes[i] = order[i].first;
    rows[i] = rows_[order[i].second];
  }
  out.links.hashes = std::move(hashes);
  out.links.rows = std::move(rows);
}

void LinkPass::finish(SnapshotTables& out) {
  unit_rows_.resize(units_.size());
  online_rows_.resize(onlines_.size());
  renumber_areas();

  // Rows of each service, counted first.
  std::vector<std::uint32_t> begin(std::size_t{services.size()} + 1, 0), order(rows_.size());
  for (const Row& row : rows_) ++begin[row.service + 1];
  for (std::size_t i = 0; i < services.size(); ++i) begin[i + 1] += begin[i];
  {
    std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
    for (std::uint32_t i = 0; i < rows_.size(); ++i) order[next[rows_[i].service]++] = i;
  }
  std::stable_sort(more_.begin(), more_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

  const auto links = [&](std::uint32_t service, std::vector<PlaceLink>& list) {
    for (std::uint32_t i = begin[service]; i < begin[service + 1]; ++i) {
      const Row& row = rows_[order[i]];
      const PlaceLink link{0, PlaceLink::holder_of(row.holder), PlaceLink::kind_of(row.holder), static_cast<std::uint8_t>(row.role)};
      const auto add_at = [&](std::uint32_t area) {
        list.push_back(link);
        list.back().area = area;
      };
      if ((row.area & LinkTable::several) == 0) {
        add_at(row.area);
      } else {
        const std::uint32_t* areas = lists_.data() + (row.area & ~LinkTable::several);
        for (std::uint32_t n = 1; n <= areas[0]; ++n) add_at(areas[n]);
      }
    }
    auto more = std::lower_bound(more_.begin(), more_.end(), service,
                                 [](const auto& entry, std::uint32_t wanted) { return entry.first < wanted; });
    for (; more != more_.end() && more->first == service; ++more) list.push_back(more->second);
  };
  const auto awake = [&](const PlaceLink& link) {
    if (link.kind == HolderKind::unit) return unit_rows_[link.holder].present != 0;
    if (link.kind == HolderKind::online_service) return online_rows_[link.holder].present != 0;
    return true;
  };
  auto beside = std::async(std::launch::async, [&] { sort_by_hash(out); });   // both only read the rows
  out.responsibilities = finder::ResponsibilityBuilder::make(codes_, services.size(), units_.size(), onlines_.size(),
                                                             links, awake);
  beside.get();
  order = {};
  hashes_ = {};
  rows_ = {};
  out.links.lists = std::move(lists_);

  std::sort(turns_.begin(), turns_.end(), [](const TurnRow& a, const TurnRow& b) { return a.at < b.at; });
  std::vector<char> roles;
  for (const std::string& role : roles_) {
    roles.insert(roles.end(), role.begin(), role.end());
    roles.push_back('\n');
  }
  out.roles = std::move(roles);
  out.turns = std::move(turns_);
  out.units = std::move(unit_rows_);
  out.online = std::move(online_rows_);
  out.service_ids = {services.take_rows(), services.take_slots()};
  out.unit_ids = {units_.take_rows(), units_.take_slots()};
  out.online_ids = {onlines_.take_rows(), onlines_.take_slots()};
  out.pool = pool.take();
}

}  // namespace verbund::directory
