// SPDX-License-Identifier: EUPL-1.2
#include "directory/destinations/destinations.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>

#include "base/text.h"
#include "directory/objects/object_store.h"
#include "kits/crypto/base64.h"
#include "kits/json/json.h"

namespace verbund::directory {
namespace {

constexpr std::size_t most_bytes = 32 * 1024;
constexpr std::size_t changes_at_once = 10'000;

bool is_base64url(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  return crypto::from_base64(standard);
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace

std::optional<Destination> read_destination(std::string_view signature) {
  signature = trim(signature);
  if (signature.size() > most_bytes) return std::nullopt;
  const auto parts = split(signature, '.');
  if (parts.size() != 3 || !std::all_of(parts.begin(), parts.end(), is_base64url)) return std::nullopt;
  const auto payload = from_base64url(parts[1]);
  if (!payload || !is_utf8(*payload)) return std::nullopt;
  const auto claims = parse_json(*payload, "destination", {.bytes = most_bytes, .depth = 16, .values = 4096});
  if (!claims) return std::nullopt;
  const std::string_view id = claims->text_or("destinationId");
  if (!is_uuid(id)) return std::nullopt;
  return Destination{to_lower_ascii(id), std::string(signature)};
}

struct Destinations::State {
  explicit State(store::Database& d) : database(d) {}

  struct Entry {
    ObjectId service, unit;
    std::string role;
    std::vector<AreaKey> areas;
    std::vector<Destination> destinations;
  };

  void take(const ObjectId& id, std::string_view body) {
    forget(id);
    if (body.find(destination_scheme) == body.npos) return;
    auto responsibility = from_body<Responsibility>(body);
    if (!responsibility) throw store::Failure("stored object does not read: " + responsibility.error().text());
    if (responsibility->holder_kind != ObjectKind::unit) return;
    Entry entry{responsibility->service, responsibility->holder, responsibility->role, responsibility->areas, {}};
    for (const Identifier& secondary : responsibility->secondary_ids) {
      if (secondary.scheme != destination_scheme) continue;
      if (auto destination = read_destination(secondary.value)) entry.destinations.push_back(std::move(*destination));
    }
    if (entry.destinations.empty()) return;
    by_service[entry.service].insert(id);
    entries.emplace(id, std::move(entry));
  }

  void forget(const ObjectId& id) {
    const auto found = entries.find(id);
    if (found == entries.end()) return;
    const auto service = by_service.find(found->second.service);
    service->second.erase(id);
    if (service->second.empty()) by_service.erase(service);
    entries.erase(found);
  }

  // What was committed since the last time.
  void refresh() {
    database.read([&](store::Connection& connection) {
      const ObjectStore objects(connection);
      const std::int64_t last = objects.last_sequence();
      {
        const std::shared_lock lock(mutex);
        if (filled && last == sequence) return;
      }
      const std::unique_lock lock(mutex);
      if (!filled) {
        entries.clear();
        by_service.clear();
        objects.each_stored([&](const ObjectStore::Stored& stored) {
          if (stored.kind != ObjectKind::responsibility) return;
          const std::string_view body = stored.body();
          if (body.find(destination_scheme) == body.npos) return;
          take({std::string(stored.agency), std::string(stored.local)}, body);
        });
        sequence = last;
        filled = true;
      }
      while (sequence < last) {
        const std::int64_t before = sequence;
        std::set<ObjectId> touched;
        objects.each_change(sequence, changes_at_once, [&](const Change& change) {
          sequence = std::max(sequence, change.sequence);
          if (change.kind == ObjectKind::responsibility) touched.insert(change.id);
        });
        for (const ObjectId& id : touched) {
          const auto body = objects.body(ObjectKind::responsibility, id);
          body ? take(id, *body) : forget(id);
        }
        if (sequence == before) break;
      }
    });
  }

  store::Database& database;
  mutable std::shared_mutex mutex;
  bool filled = false;
  std::int64_t sequence = 0;
  std::map<ObjectId, Entry> entries;                    // by responsibility
  std::map<ObjectId, std::set<ObjectId>> by_service;    // responsibilities
};

Destinations::Destinations(store::Database& database) : state_(std::make_unique<State>(database)) {}
Destinations::~Destinations() = default;

std::size_t Destinations::size() const {
  const std::shared_lock lock(state_->mutex);
  return state_->entries.size();
}

std::vector<Destinations::Route> Destinations::at(const Snapshot& snapshot, std::string_view service_key,
                                                  const AreaKey& area) {
  state_->refresh();
  const std::shared_lock lock(state_->mutex);
  // The nearest service of the key first, then others that have addresses.
  std::vector<ObjectId> services;
  const auto nearest = snapshot.service_by_key(service_key, area);
  if (nearest) services.push_back(nearest->id);
  for (const auto& [id, unused] : state_->by_service) {
    if (nearest && id == nearest->id) continue;
    const auto brief = snapshot.service(id);
    if (brief && brief->service_key == service_key) services.push_back(id);
  }
  std::vector<Route> out;
  for (const ObjectId& service : services) {
    const auto responsibilities = state_->by_service.find(service);
    if (responsibilities == state_->by_service.end()) continue;
    for (const auto& role : snapshot.at_place(service, area).roles) {
      for (const AuthorityBrief& unit : role.units) {
        for (const ObjectId& id : responsibilities->second) {
          const State::Entry& entry = state_->entries.at(id);
          if (entry.unit != unit.id || (entry.role.empty() ? "01" : entry.role) != role.role) continue;
          const bool here = entry.areas.empty() ||
                            std::any_of(entry.areas.begin(), entry.areas.end(),
                                        [&](const AreaKey& each) { return each.contains(area); });
          if (!here) continue;
          for (const Destination& destination : entry.destinations) {
            const bool there = std::any_of(out.begin(), out.end(), [&](const Route& route) {
              return route.destination.id == destination.id;
            });
            if (!there) out.push_back({service, unit.id, unit.area, role.role, destination});
          }
        }
      }
    }
  }
  return out;
}

}  // namespace verbund::directory
