// SPDX-License-Identifier: EUPL-1.2
#include "app/directory_sink.h"

#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"

namespace verbund::app {
namespace {

using directory::AreaKey;
using directory::ObjectId;
using directory::ObjectKind;

const std::vector<AreaKey>* areas_of(const auto&) { return nullptr; }
const std::vector<AreaKey>* areas_of(const directory::Responsibility& object) { return &object.areas; }
const std::vector<AreaKey>* areas_of(const directory::Specialisation& object) { return &object.areas; }

// The areas it decides about, if the body is the canonical one of this object.
template <typename T>
Result<std::vector<AreaKey>> read(const network::Entry& entry, std::string_view body) {
  const auto bad = [](const std::string& why) { return fail(ErrorCode::invalid, "not a body of this object: " + why); };
  auto json = parse_json(body, "body");
  if (!json) return bad(json.error().text());
  auto object = directory::from_json<T>(*json);
  if (!object) return bad(object.error().text());
  if (object->id.agency != entry.agency || object->id.local != entry.local) return bad("it has another id");
  if (directory::to_body(*object) != body) return bad("it is not in canonical form");
  const auto* areas = areas_of(*object);
  if (areas == nullptr) return std::vector<AreaKey>();
  return areas->empty() ? std::vector<AreaKey>{AreaKey()} : *areas;
}

// A new list may lack what an older node still names.
directory::AreaLevel level_by_length(const AreaKey& key) {
  using enum directory::AreaLevel;
  switch (key.digits().size()) {
    case 0: return federation;
    case 2: return state;
    case 3: return region;
    case 5: return district;
    case 9: return association;
    default: return municipality;
  }
}

ObjectId id_of(const network::Entry& entry) { return {entry.agency, entry.local}; }

class Heard : public network::Sink::Writing {
 public:
  Heard(store::Connection& connection, const std::string& origin, Instant now)
      : objects_(connection), origin_(origin), source_(source_of(origin)), now_(now) {}

  Result<void> put(const network::Entry& entry, std::string_view body) override {
    const auto kind = directory::object_kind_from_name(entry.kind);
    if (!kind) return std::unexpected(kind.error());
    const auto outcome = objects_.put_body(*kind, id_of(entry), body, source_, now_, origin_);
    if (outcome != directory::PutOutcome::foreign) return {};
    return fail(ErrorCode::conflict, "two speak for " + directory::external_id(*kind, id_of(entry)));
  }
  void withdraw(const network::Entry& entry) override {
    if (const auto kind = directory::object_kind_from_name(entry.kind)) {
      objects_.withdraw(*kind, id_of(entry), now_, origin_);
    }
  }
  void begin_stock() override { objects_.begin_stock(source_); }
  void end_stock() override { objects_.end_stock(source_, now_, {}, origin_); }

 private:
  directory::ObjectStore objects_;
  const std::string origin_;
  const std::string source_;
  const Instant now_;
};

}  // namespace

std::string source_of(const std::string& origin) { return "network:" + origin; }

DirectorySink::DirectorySink(store::Database& database) {
  database.read([this](store::Connection& connection) { look(connection); });
}

void DirectorySink::look(store::Connection& connection) {
  const directory::AreaStore areas(connection);
  const std::int64_t state = areas.state();
  const std::lock_guard lock(mutex_);
  if (state == areas_) return;
  auto levels = std::make_shared<Levels>();
  areas.each_area([&](const directory::Area& area) { levels->emplace(area.key.digits(), area.level); });
  levels_ = std::move(levels);
  areas_ = state;
}

network::Claim DirectorySink::claim(const Levels& levels, const AreaKey& key) const {
  const auto known = levels.find(key.digits());
  const auto level = known == levels.end() ? level_by_length(key) : known->second;
  return {key.digits(), std::string(directory::name(level))};
}

Result<std::vector<network::Claim>> DirectorySink::claims(const network::Entry& entry, std::string_view body) {
  const auto kind = directory::object_kind_from_name(entry.kind);
  if (!kind) return std::unexpected(kind.error());
  if (const auto id = directory::make_object_id(entry.agency, entry.local); !id) return std::unexpected(id.error());
  const auto areas = [&]() -> Result<std::vector<AreaKey>> {
    switch (*kind) {
      case ObjectKind::service: return read<directory::Service>(entry, body);
      case ObjectKind::specialisation: return read<directory::Specialisation>(entry, body);
      case ObjectKind::unit: return read<directory::OrganisationalUnit>(entry, body);
      case ObjectKind::online_service: return read<directory::OnlineService>(entry, body);
      case ObjectKind::responsibility: return read<directory::Responsibility>(entry, body);
    }
    return std::vector<AreaKey>();
  }();
  if (!areas) return std::unexpected(areas.error());
  std::shared_ptr<const Levels> levels;
  {
    const std::lock_guard lock(mutex_);
    levels = levels_;
  }
  std::vector<network::Claim> out;
  for (const AreaKey& key : *areas) out.push_back(claim(*levels, key));
  return out;
}

std::optional<std::string> DirectorySink::held(store::Connection& connection, const network::Entry& entry) {
  const auto kind = directory::object_kind_from_name(entry.kind);
  if (!kind || !entry.digest) return std::nullopt;
  auto body = directory::ObjectStore(connection).body(*kind, id_of(entry));
  if (body && crypto::sha256({*body}) != *entry.digest) body.reset();
  return body;
}

std::unique_ptr<network::Sink::Writing> DirectorySink::writing(store::Connection& connection, const std::string& origin,
                                                               Instant now) {
  look(connection);
  return std::make_unique<Heard>(connection, origin, now);
}

}  // namespace verbund::app
