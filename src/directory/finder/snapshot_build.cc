// SPDX-License-Identifier: EUPL-1.2
// From the store to compact arrays.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "directory/finder/service_text.h"
#include "directory/finder/snapshot_state.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "kits/html/html.h"
#include "kits/text/text.h"

namespace verbund::directory {
namespace {

using finder::HolderKind;
using finder::ResponsibilityIndex;

constexpr std::size_t most_roles = 250;           // Limit: further kinds of roles are left out
constexpr std::size_t summary_characters = 200;
constexpr std::size_t most_unit_names = 20;       // a service with more units is not told apart by their names

bool is_blank(const std::string& text) { return trim(text).empty(); }

// At most 200 characters, cut at a space, with "…".
std::string summary_of(const Service& service) {
  for (const std::string_view code : {text_code::teaser, text_code::short_text, text_code::full_text}) {
    const TextModule* module = find_text(service.modules, code);
    if (module == nullptr) continue;
    const std::string plain = html::to_plain_text(pick(module->content, "de"));
    if (is_blank(plain)) continue;
    std::size_t characters = 0, at = 0, last_space = 0;
    for (; at < plain.size(); ++at) {
      if ((static_cast<unsigned char>(plain[at]) & 0xC0) == 0x80) continue;
      if (plain[at] == ' ' && characters <= summary_characters - 2) last_space = at;   // " …" follows
      if (++characters > summary_characters) break;
    }
    if (at == plain.size()) return plain;
    return (last_space > 0 ? plain.substr(0, last_space) : std::string(cut_utf8(plain, summary_characters - 2))) + " …";
  }
  return {};
}

std::string_view address_of(const OnlineService& online) {
  for (const OnlineServiceLink& link : online.links) {
    if ((link.language.empty() || link.language == "de") && !link.uri.empty()) return link.uri;
  }
  for (const OnlineServiceLink& link : online.links) {
    if (!link.uri.empty()) return link.uri;
  }
  return {};
}

// Gives every row its place in the alphabet.
template <typename Row, typename NameOf>
void rank(std::vector<Row>& rows, const NameOf& name_of) {
  std::vector<std::pair<std::string, std::uint32_t>> keys;
  keys.reserve(rows.size());
  for (std::uint32_t i = 0; i < rows.size(); ++i) keys.emplace_back(text::sort_key(name_of(rows[i])), i);
  std::sort(keys.begin(), keys.end());
  for (std::uint32_t i = 0; i < keys.size(); ++i) rows[keys[i].second].rank = i;
}

class Builder {
 public:
  Builder(store::Connection& connection, Instant now, const Snapshot::BuildOptions& options, Snapshot::State& state)
      : areas_(connection), objects_(connection), now_(now), state_(state), text_(draft_, options.search_terms) {}

  void run() {
    state_.sequence = objects_.last_sequence();
    state_.area_list_day = areas_.list_day();
    read_areas();
    read_units();
    read_online();
    read_services();
    read_specialisations();
    read_responsibilities();
    for (std::uint32_t service = 0; service < state_.services.size(); ++service) {
      const auto units = state_.responsibilities.units_of(service, most_unit_names + 1);
      if (units.size() > most_unit_names) continue;
      draft_.clear();
      for (const std::uint32_t unit : units) text_.add_unit(state_.pool.at(state_.units[unit].name));
      index_.add(service, draft_);
    }
    state_.text = index_.finish(static_cast<std::uint32_t>(state_.services.size()));
    state_.pool.shrink();
  }

 private:
  using Ref = finder::StringPool::Ref;

  void read_areas() {
    std::vector<Area> areas;
    areas_.each_area([&](const Area& area) { areas.push_back(area); });
    std::vector<PostalCodeEntry> codes;
    areas_.each_postal_code([&](const PostalCodeEntry& entry) { codes.push_back(entry); });
    state_.places = finder::Places(std::move(areas), codes);
  }

  void read_units() {
    objects_.each<OrganisationalUnit>([&](const OrganisationalUnit& unit) {
      if (!is_valid_at(unit.validity, now_)) return;
      state_.unit_ids.add(unit.id, state_.pool);
      state_.units.push_back({state_.pool.add(pick(unit.name, "de")), 0});
    });
    state_.units.shrink_to_fit();
    rank(state_.units, [&](const Snapshot::State::UnitRow& row) { return state_.pool.at(row.name); });
  }

  void read_online() {
    objects_.each<OnlineService>([&](const OnlineService& online) {
      // Without an address there is nothing to open.
      if (address_of(online).empty() || !is_valid_at(online.validity, now_)) return;
      state_.online_ids.add(online.id, state_.pool);
      Snapshot::State::OnlineRow row;
      row.title = state_.pool.add(pick(online.title, "de"));
      row.url = state_.pool.add(address_of(online));
      row.purpose = shared(online.purpose.empty() ? "apply" : online.purpose);
      state_.online.push_back(row);
    });
    state_.online.shrink_to_fit();
    rank(state_.online, [&](const Snapshot::State::OnlineRow& row) { return state_.pool.at(row.title); });
  }

  void read_services() {
    std::map<ObjectId, std::string> slugs;
    objects_.each_slug(ObjectKind::service,
                       [&](const ObjectId& id, std::string_view slug) { slugs.emplace(id, slug); });
    std::map<std::string, Snapshot::State::LifeEvent> life_events;
    objects_.each<Service>([&](const Service& service) {
      if (!is_valid_at(service.validity, now_)) return;
      const auto number = static_cast<std::uint32_t>(state_.services.size());
      state_.service_ids.add(service.id, state_.pool);
      Snapshot::State::ServiceRow row;
      const std::string_view title = citizen_title(service, "de");
      row.key = state_.pool.add(service_key(service));
      row.title = state_.pool.add(title);
      std::string folded;
      for (const std::string& word : text::words(title)) folded += (folded.empty() ? "" : " ") + word;
      index_.set_title(number, folded);
      row.summary = state_.pool.add(summary_of(service));
      if (const auto slug = slugs.find(service.id); slug != slugs.end()) row.slug = state_.pool.add(slug->second);
      state_.services.push_back(row);
      for (const Code& code : service.service_keys) {
        if (const auto key = service_key_number(code.code)) state_.keys.emplace_back(*key, number);
      }
      for (const AreaKey& area : service.valid_areas) add_entry(number, area, 0, HolderKind::text, 0);
      draft_.clear();
      const auto life_event = [&](std::string_view name) {
        if (trim(name).empty()) return;
        Snapshot::State::LifeEvent& event = life_events[text::slug(name)];
        if (event.name.empty()) event.name = trim(name);
        if (event.services.empty() || event.services.back() != number) event.services.push_back(number);
        text_.add_life_event(name);
      };
      for (const Category& category : service.categories) {
        if (is_life_event(category)) life_event(pick(category.name, "de"));
      }
      for (const Code& code : service.classifications) {
        if (code.list_uri.find("pvlagen") != std::string::npos) life_event(code.name);
      }
      text_.add_service(service);
      index_.add(number, draft_);
    });
    state_.services.shrink_to_fit();
    std::sort(state_.keys.begin(), state_.keys.end());
    rank(state_.services, [&](const Snapshot::State::ServiceRow& row) { return state_.pool.at(row.title); });
    for (auto& [slug, event] : life_events) {
      event.slug = slug;
      state_.life_events.push_back(std::move(event));
    }
    std::sort(state_.life_events.begin(), state_.life_events.end(), [](const auto& a, const auto& b) {
      return std::pair(text::sort_key(a.name), a.slug) < std::pair(text::sort_key(b.name), b.slug);
    });
  }

  void read_specialisations() {
    objects_.each<Specialisation>([&](const Specialisation& text) {
      const std::uint32_t service = state_.service_ids.find(text.service, state_.pool);
      if (service == IdTable::none || !is_valid_at(text.validity, now_)) return;
      const std::uint32_t number = state_.specialisation_ids.size();
      state_.specialisation_ids.add(text.id, state_.pool);
      for (const AreaKey& area : text.areas) add_entry(service, area, number, HolderKind::specialisation, 0);
      draft_.clear();
      text_.add_specialisation(text.modules, local_[service]);
      index_.add(service, draft_);
    });
  }

  void read_responsibilities() {
    std::map<std::string, std::uint8_t> roles;   // in the order met; put into alphabetical order below
    objects_.each<Responsibility>([&](const Responsibility& link) {
      const std::uint32_t service = state_.service_ids.find(link.service, state_.pool);
      const bool unit = link.holder_kind == ObjectKind::unit;
      const std::uint32_t holder = (unit ? state_.unit_ids : state_.online_ids).find(link.holder, state_.pool);
      // Links to what is not there are reported at the import; whoever asks is better served by the next area up.
      if (service == IdTable::none || holder == IdTable::none || !is_valid_at(link.validity, now_)) return;
      const std::string role = link.role.empty() ? "01" : link.role;
      auto known = roles.find(role);
      if (known == roles.end()) {
        if (roles.size() >= most_roles) return;
        known = roles.emplace(role, static_cast<std::uint8_t>(roles.size())).first;
      }
      const HolderKind kind = unit ? HolderKind::unit : HolderKind::online_service;
      const std::uint8_t number = unit ? known->second : std::uint8_t{0};
      if (link.areas.empty()) add_entry(service, AreaKey(), holder, kind, number);
      for (const AreaKey& area : link.areas) add_entry(service, area, holder, kind, number);
    });
    std::vector<std::uint8_t> order(roles.size());
    for (const auto& [role, number] : roles) {
      order[number] = static_cast<std::uint8_t>(state_.roles.size());
      state_.roles.push_back(role);
    }
    for (ResponsibilityIndex::Entry& entry : entries_) {
      if (entry.kind == HolderKind::unit) entry.role = order[entry.role];
    }
    state_.responsibilities =
        ResponsibilityIndex(state_.service_ids.size(), state_.unit_ids.size(), std::move(entries_));
  }

  void add_entry(std::uint32_t service, const AreaKey& area, std::uint32_t holder, HolderKind kind, std::uint8_t role) {
    entries_.push_back({service, finder::area_code(state_.places.current(area)), holder, kind, role});
  }

  Ref shared(const std::string& text) {   // few different ones
    const auto [at, added] = shared_.emplace(text, 0);
    if (added) at->second = state_.pool.add(text);
    return at->second;
  }

  AreaStore areas_;
  ObjectStore objects_;
  Instant now_;
  Snapshot::State& state_;
  finder::ServiceIndexBuilder index_;
  search::Draft draft_;
  finder::ServiceText text_;
  std::map<std::uint32_t, std::set<std::uint64_t>> local_;   // texts of specialisations taken already
  std::vector<ResponsibilityIndex::Entry> entries_;
  std::map<std::string, Ref> shared_;
};

}  // namespace

ObjectId IdTable::id(std::uint32_t number, const finder::StringPool& pool) const {
  const auto agency = std::upper_bound(agency_begin_.begin(), agency_begin_.end(), number) - agency_begin_.begin() - 1;
  return {agencies_[static_cast<std::size_t>(agency)], std::string(pool.at(local_[number]))};
}

std::uint32_t IdTable::find(const ObjectId& id, const finder::StringPool& pool) const {
  const auto agency = std::lower_bound(agencies_.begin(), agencies_.end(), id.agency);
  if (agency == agencies_.end() || *agency != id.agency) return none;
  const auto which = static_cast<std::size_t>(agency - agencies_.begin());
  const auto begin = local_.begin() + agency_begin_[which];
  const auto end = which + 1 < agency_begin_.size() ? local_.begin() + agency_begin_[which + 1] : local_.end();
  const auto found = std::partition_point(begin, end,
                                          [&](finder::StringPool::Ref ref) { return pool.at(ref) < id.local; });
  if (found == end || pool.at(*found) != id.local) return none;
  return static_cast<std::uint32_t>(found - local_.begin());
}

std::optional<std::uint64_t> service_key_number(std::string_view key) {
  if (key.size() != 14 || !is_digits(key)) return std::nullopt;
  return static_cast<std::uint64_t>(*parse_number(key));
}

bool is_valid_at(const std::vector<Period>& periods, Instant now) {
  if (periods.empty()) return true;
  return std::any_of(periods.begin(), periods.end(), [&](const Period& period) {
    const auto begin = parse_time(period.begin);
    if (begin && now < *begin) return false;
    const auto end = parse_time(period.end);
    if (!end) return true;
    // An xs:date has no "T": that day still counts.
    if (period.end.find('T') == std::string::npos) {
      const BerlinTime today = to_berlin(now), last = to_berlin(*end);
      return std::tuple(today.year, today.month, today.day) <= std::tuple(last.year, last.month, last.day);
    }
    return now <= *end;
  });
}

std::shared_ptr<const Snapshot> Snapshot::build(store::Connection& connection, Instant now,
                                                const BuildOptions& options) {
  std::shared_ptr<Snapshot> snapshot(new Snapshot());
  Builder(connection, now, options, *snapshot->state_).run();
  return snapshot;
}

}  // namespace verbund::directory
