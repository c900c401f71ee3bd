// SPDX-License-Identifier: EUPL-1.2
// From the store to compact arrays.
#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "base/check.h"
#include "directory/finder/object_facts.h"
#include "directory/finder/snapshot_links.h"
#include "directory/finder/snapshot_tables.h"
#include "directory/finder/snapshot_texts.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "kits/crypto/digest.h"

namespace verbund::directory {
namespace {

using finder::SharedTexts;

// Brings together what the two passes found: rows of services in the order of their ids, which are numbered first.
class Merge {
 public:
  Merge(LinkPass& links, TextPass& texts, SnapshotTables& out) : links_(links), texts_(texts), out_(out) {}

  void services() {
    std::vector<ServiceRow> rows(links_.services.size());
    std::vector<std::uint32_t> order;
    std::map<std::string, std::vector<std::pair<std::string, std::uint32_t>>> life_events;
    std::vector<SnapshotTables::KeyRow> keys;
    for (TextPass::ServiceFound& found : texts_.services) {
      finder::ServiceFacts& facts = found.facts;
      links_.turn(ObjectKind::service, links_.services.view(found.number), facts.standing.turn);
      if (!facts.standing.valid) continue;
      ServiceRow& row = rows[found.number];
      row = {pool().add(facts.key),     pool().add(facts.title), pool().add(facts.folded_title),
             pool().add(facts.summary), pool().add(found.slug),  pool().add(facts.sort_key), 0, 1};
      order.push_back(found.number);
      for (const std::uint64_t key : facts.keys) keys.push_back({key, found.number});
      for (auto& [slug, name] : facts.life_events) life_events[slug].emplace_back(std::move(name), found.number);
      for (const std::uint64_t area : found.areas) links_.add({area, 0, finder::HolderKind::text, 0}, found.number);
    }
    count_ = order.size();
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const auto first = pool().at(rows[a].sort_key), second = pool().at(rows[b].sort_key);
      return first != second ? first < second : a < b;
    });
    for (std::uint32_t i = 0; i < order.size(); ++i) rows[order[i]].rank = i * 2 + 2;
    std::sort(keys.begin(), keys.end(),
              [](const auto& a, const auto& b) { return std::pair(a.key, a.service) < std::pair(b.key, b.service); });
    std::vector<SnapshotTables::LifeEventRow> said;
    for (const auto& [slug, list] : life_events) {
      const SharedTexts::Ref ref = pool().add(slug);
      std::string_view last_name;
      SharedTexts::Ref last = 0;
      for (const auto& [name, service] : list) {
        if (name != last_name) last = pool().add(name);
        last_name = name;
        said.push_back({ref, last, service});
      }
    }
    out_.services = std::move(rows);
    out_.keys = std::move(keys);
    out_.life_events = std::move(said);
  }

  void specialisations() {
    finder::IdCollector ids(pool());
    std::vector<SpecialisationRow> rows;
    for (const TextPass::SpecialisationFound& found : texts_.specialisations) {
      const std::uint32_t number = ids.intern({found.id.agency, found.id.local});
      const std::uint32_t service = links_.services.intern({found.service.agency, found.service.local});
      rows.resize(ids.size());
      rows[number] = {service, found.standing.valid ? 1U : 0U};
      links_.turn(ObjectKind::specialisation, {found.id.agency, found.id.local}, found.standing.turn);
      if (!found.standing.valid) continue;
      if (found.areas.empty()) links_.add({LinkPass::nowhere, number, finder::HolderKind::specialisation, 0}, service);
      for (const std::uint64_t area : found.areas) {
        links_.add({area, number, finder::HolderKind::specialisation, 0}, service);
      }
    }
    out_.specialisations = std::move(rows);
    out_.specialisation_ids = {ids.take_rows(), ids.take_slots()};
  }

  std::size_t service_count() const { return count_; }

 private:
  SharedTexts::Collector& pool() { return links_.pool; }
  LinkPass& links_;
  TextPass& texts_;
  SnapshotTables& out_;
  std::size_t count_ = 0;
};

// All that a list says, without ambiguity.
std::string digest_of(const std::vector<Area>& areas, const std::vector<PostalCodeEntry>& codes) {
  std::string all;
  const auto text = [&](std::string_view value) { (all += std::to_string(value.size()) += ':') += value; };
  const auto number = [&](std::int64_t value) { text(std::to_string(value)); };
  for (const Area& area : areas) {
    for (const std::string* value : {&area.key.digits(), &area.name, &area.short_name, &area.kind_code, &area.seat,
                                     &area.seat_postal_code, &area.valid_from, &area.valid_until,
                                     &area.successor.digits(), &area.slug}) {
      text(*value);
    }
    number(static_cast<int>(area.level));
    number(static_cast<int>(area.top_level));
    number(area.population);
    number(area.hectares);
  }
  number(static_cast<std::int64_t>(areas.size()));
  for (const PostalCodeEntry& code : codes) {
    text(code.postal_code);
    text(code.area.digits());
    text(code.place);
  }
  return crypto::sha256_hex(all);
}

// Of the same lists there is one in a process, however many nodes it carries: nobody changes it.
class PlacesInCommon {
 public:
  std::shared_ptr<const finder::Places> of(std::vector<Area> areas, const std::vector<PostalCodeEntry>& codes) {
    std::string digest = digest_of(areas, codes);
    const std::lock_guard lock(mutex_);
    std::erase_if(known_, [](const auto& one) { return one.second.expired(); });
    std::weak_ptr<const finder::Places>& known = known_[std::move(digest)];
    auto out = known.lock();
    if (!out) known = out = std::make_shared<const finder::Places>(std::move(areas), codes);
    return out;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const finder::Places>> known_;   // by digest of the lists
};

}  // namespace

std::shared_ptr<const finder::Places> read_places(store::Connection& connection) {
  static PlacesInCommon common;
  const AreaStore store(connection);
  std::vector<Area> areas;
  store.each_area([&](const Area& area) { areas.push_back(area); });
  std::vector<PostalCodeEntry> codes;
  store.each_postal_code([&](const PostalCodeEntry& entry) { codes.push_back(entry); });
  return common.of(std::move(areas), codes);
}

std::string change_mark(store::Connection& connection, std::int64_t sequence) {
  std::string out;
  ObjectStore(connection).each_change(sequence - 1, 1, [&](const Change& change) {
    if (change.sequence == sequence) out = external_id(change.kind, change.id) + " " + change.digest;
  });
  return out;
}

BuiltSnapshot build_snapshot(store::Connection& connection, store::Connection* second, Instant now,
                             const Snapshot::BuildOptions& options) {
  BuiltSnapshot out;
  SnapshotTables& tables = out.tables;
  const ObjectStore objects(connection);
  const AreaStore areas(connection);
  const std::int64_t sequence = objects.last_sequence();
  const auto places = read_places(connection);
  std::vector<ObjectId> ids;
  objects.each_id(ObjectKind::service, [&](const ObjectId& id) { ids.push_back(id); });

  LinkPass links(*places, now);
  for (const ObjectId& id : ids) links.services.intern({id.agency, id.local});
  TextPass texts(ids, *places, now, options.search_terms);
  if (second != nullptr) {
    std::exception_ptr failure;
    std::thread beside([&] {
      try {
        texts.read(*second);
      } catch (...) {
        failure = std::current_exception();
      }
    });
    try {
      links.read(connection);
    } catch (...) {
      beside.join();
      throw;
    }
    beside.join();
    if (failure) std::rethrow_exception(failure);
  } else {
    texts.read(connection);
    links.read(connection);
  }

  Merge merge(links, texts, tables);
  merge.specialisations();
  merge.services();
  tables.numbers = std::vector<std::int64_t>{
      sequence, areas.state(), static_cast<std::int64_t>(now.time_since_epoch().count()),
      static_cast<std::int64_t>(merge.service_count()), static_cast<std::int64_t>(links.unit_count()),
      static_cast<std::int64_t>(links.online_count())};
  std::vector<ServiceRow> grown(tables.services.begin(), tables.services.end());
  grown.resize(links.services.size());   // specialisations may name services that are not there
  tables.services = std::move(grown);
  links.finish(tables);
  const std::string mark = change_mark(connection, sequence);
  tables.mark = std::vector<char>(mark.begin(), mark.end());

  auto state = state_of(tables);
  VERBUND_CHECK(state.has_value());
  (*state)->places = places;
  (*state)->area_list_day = areas.list_day();
  texts.add_unit_names(**state);
  (*state)->text = texts.finish((*state)->service_ids.size());
  out.snapshot = Snapshot::of(std::move(*state));
  return out;
}

std::shared_ptr<const Snapshot> Snapshot::build(store::Connection& connection, Instant now,
                                                const BuildOptions& options) {
  return build_snapshot(connection, nullptr, now, options).snapshot;
}

}  // namespace verbund::directory
