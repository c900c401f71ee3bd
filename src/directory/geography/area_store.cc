// SPDX-License-Identifier: EUPL-1.2
#include "directory/geography/area_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/check.h"
#include "directory/geography/area_slugs.h"

namespace verbund::directory {
namespace {

constexpr const char* columns =
    "key, name, short_name, level, top_level, kind_code, population, hectares, seat, seat_postal_code, valid_from,"
    " valid_until, successor, slug";

AreaKey stored_key(std::string_view digits) {
  auto key = AreaKey::parse(digits);
  if (!key) throw store::Failure("stored area does not read: " + key.error().text());
  return std::move(*key);
}

AreaLevel stored_level(std::string_view text) {
  const auto level = area_level_from_name(text);
  if (!level) throw store::Failure("stored area does not read: " + level.error().text());
  return *level;
}

Area read(const store::Statement& row) {
  Area out;
  out.key = stored_key(row.text(0));
  out.name = row.text(1);
  out.short_name = row.text(2);
  out.level = stored_level(row.text(3));
  out.top_level = stored_level(row.text(4));
  out.kind_code = row.text(5);
  out.population = row.number(6);
  out.hectares = row.number(7);
  out.seat = row.text(8);
  out.seat_postal_code = row.text(9);
  out.valid_from = row.text(10);
  out.valid_until = row.text(11);
  out.successor = stored_key(row.text(12));
  out.slug = row.text(13);
  return out;
}

void add(store::Bulk& rows, const Area& area) {
  rows.add(area.key.digits()).add(area.name).add(area.short_name).add(name(area.level)).add(name(area.top_level));
  rows.add(area.kind_code).add(area.population).add(area.hectares).add(area.seat).add(area.seat_postal_code);
  rows.add(area.valid_from).add(area.valid_until).add(area.successor.digits()).add(area.slug);
}

void write(store::Connection& connection, const Area& area) {
  auto statement = connection.prepare(
      "INSERT INTO area(key, name, short_name, level, top_level, kind_code, population, hectares, seat,"
      " seat_postal_code, valid_from, valid_until, successor, slug)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
      " ON CONFLICT (key) DO UPDATE SET name = excluded.name, short_name = excluded.short_name,"
      " level = excluded.level, top_level = excluded.top_level, kind_code = excluded.kind_code,"
      " population = excluded.population, hectares = excluded.hectares, seat = excluded.seat,"
      " seat_postal_code = excluded.seat_postal_code, valid_from = excluded.valid_from,"
      " valid_until = excluded.valid_until, successor = excluded.successor, slug = excluded.slug");
  statement.bind(1, area.key.digits()).bind(2, area.name).bind(3, area.short_name);
  statement.bind(4, name(area.level)).bind(5, name(area.top_level)).bind(6, area.kind_code);
  statement.bind(7, area.population).bind(8, area.hectares).bind(9, area.seat).bind(10, area.seat_postal_code);
  statement.bind(11, area.valid_from).bind(12, area.valid_until).bind(13, area.successor.digits()).bind(14, area.slug);
  statement.run();
}

void write(store::Connection& connection, const PostalCodeEntry& entry) {
  auto statement = connection.prepare(
      "INSERT INTO postal_code(postal_code, area, place) VALUES ($1, $2, $3)"
      " ON CONFLICT (postal_code, area) DO UPDATE SET place = excluded.place");
  statement.bind(1, entry.postal_code).bind(2, entry.area.digits()).bind(3, entry.place).run();
}

// The one row of area_list: the day, and one change more.
void note_change(store::Connection& connection, std::string_view day) {
  const std::int64_t number = AreaStore(connection).state() + 1;
  connection.execute("DELETE FROM area_list");
  connection.prepare("INSERT INTO area_list(day, number) VALUES ($1, $2)").bind(1, day).bind(2, number).run();
}

// What a list says of an area; validity, successor and slug are ours.
bool same_facts(const Area& a, const Area& b) {
  return a.name == b.name && a.short_name == b.short_name && a.level == b.level && a.top_level == b.top_level &&
         a.kind_code == b.kind_code && a.population == b.population && a.hectares == b.hectares && a.seat == b.seat &&
         a.seat_postal_code == b.seat_postal_code;
}

// The one new area of the same level, state and name, or null.
const Area* successor_of(const Area& ended, const std::vector<Area>& added) {
  const Area* found = nullptr;
  for (const Area& area : added) {
    if (area.level != ended.level || area.short_name != ended.short_name) continue;
    if (area.key.digits().substr(0, 2) != ended.key.digits().substr(0, 2)) continue;
    if (found) return nullptr;
    found = &area;
  }
  return found;
}

}  // namespace

std::vector<store::Migration> area_migrations() {
  return {{"geography", 1,
           "CREATE TABLE area("
           " key TEXT NOT NULL PRIMARY KEY,"
           " name TEXT NOT NULL,"
           " short_name TEXT NOT NULL,"
           " level TEXT NOT NULL,"
           " top_level TEXT NOT NULL,"
           " kind_code TEXT NOT NULL,"
           " population BIGINT NOT NULL,"
           " hectares BIGINT NOT NULL,"
           " seat TEXT NOT NULL,"
           " seat_postal_code TEXT NOT NULL,"
           " valid_from TEXT NOT NULL,"
           " valid_until TEXT NOT NULL,"
           " successor TEXT NOT NULL,"
           " slug TEXT NOT NULL UNIQUE);"
           "CREATE TABLE postal_code("
           " postal_code TEXT NOT NULL,"
           " area TEXT NOT NULL REFERENCES area(key),"
           " place TEXT NOT NULL,"
           " PRIMARY KEY (postal_code, area));"
           "CREATE TABLE area_list(day TEXT NOT NULL PRIMARY KEY)"},
          {"geography", 2, "ALTER TABLE area_list ADD COLUMN number BIGINT NOT NULL DEFAULT 1"}};
}

Result<AreaStore::Outcome> AreaStore::replace_all(const std::vector<Area>& areas, std::string_view day) {
  if (areas.empty())
    return fail(ErrorCode::invalid, "the list of areas is empty", {}, "nothing was changed; look at the file");
  const std::string newest = list_day();
  if (day < newest)
    return fail(ErrorCode::conflict, "the list of areas of " + std::string(day) + " is older than the one of " + newest +
                                         " that is there", {}, "import a newer list");

  std::map<AreaKey, Area> known;
  each_area([&](const Area& area) { known.emplace(area.key, area); });
  std::set<AreaKey> listed;
  Outcome outcome;
  std::vector<Area> added;
  std::vector<Area> changed;
  for (const Area& area : areas) {
    if (!listed.insert(area.key).second)
      return fail(ErrorCode::invalid, "the area " + area.key.digits() + " is in the list twice", {},
                  "nothing was changed; look at the file");
    const auto found = known.find(area.key);
    Area next = area;
    next.successor = AreaKey();
    next.valid_until.clear();
    if (found == known.end()) {
      next.slug.clear();
      next.valid_from = newest.empty() ? std::string() : std::string(day);
      added.push_back(std::move(next));
    } else if (same_facts(found->second, area) && found->second.valid_until.empty()) {
      ++outcome.unchanged;
    } else {  // also one that had ended and is back
      next.slug = found->second.slug;
      next.valid_from = found->second.valid_from;
      changed.push_back(std::move(next));
    }
  }

  std::vector<Area> ended;
  for (const auto& [key, area] : known) {
    if (listed.contains(key) || !area.valid_until.empty()) continue;
    ended.push_back(area);
    ended.back().valid_until = day;
    if (const Area* successor = successor_of(area, added)) ended.back().successor = successor->key;
  }
  give_slugs(added, known, areas);

  for (const std::vector<Area>* group : {&ended, &changed})
    for (const Area& area : *group) write(connection_, area);
  const auto rows = connection_.bulk("area", columns);
  for (const Area& area : added) add(*rows, area);
  rows->flush();
  outcome.added = static_cast<std::int64_t>(added.size());
  outcome.changed = static_cast<std::int64_t>(changed.size());
  outcome.ended = static_cast<std::int64_t>(ended.size());
  if (day != newest || outcome.added + outcome.changed + outcome.ended > 0) note_change(connection_, day);
  return outcome;
}

Result<AreaStore::Outcome> AreaStore::replace_postal_codes(const std::vector<PostalCodeEntry>& entries,
                                                           std::vector<PostalCodeEntry>* unknown) {
  if (entries.empty())
    return fail(ErrorCode::invalid, "the list of postal codes is empty", {}, "nothing was changed; look at the file");
  std::set<AreaKey> areas;
  each_area([&](const Area& area) { areas.insert(area.key); });
  std::map<std::pair<std::string, AreaKey>, std::string> before;  // -> place
  each_postal_code(
      [&](const PostalCodeEntry& entry) { before.emplace(std::pair(entry.postal_code, entry.area), entry.place); });

  Outcome outcome;
  std::set<std::pair<std::string, AreaKey>> listed;
  const auto rows = connection_.bulk("postal_code", "postal_code, area, place");
  for (const PostalCodeEntry& entry : entries) {
    if (!areas.contains(entry.area)) {
      if (unknown) unknown->push_back(entry);
      continue;
    }
    const std::pair key(entry.postal_code, entry.area);
    if (!listed.insert(key).second) continue;  // a code that a source lists once per place: the first place stays
    const auto found = before.find(key);
    if (found == before.end()) {
      ++outcome.added;
      rows->add(entry.postal_code).add(entry.area.digits()).add(entry.place);
      continue;
    }
    if (found->second != entry.place) {
      ++outcome.changed;
    } else {
      ++outcome.unchanged;
      continue;
    }
    write(connection_, entry);
  }
  rows->flush();
  for (const auto& [key, place] : before) {
    if (listed.contains(key)) continue;
    connection_.prepare("DELETE FROM postal_code WHERE postal_code = $1 AND area = $2")
        .bind(1, key.first).bind(2, key.second.digits()).run();
    ++outcome.ended;
  }
  if (outcome.added + outcome.changed + outcome.ended > 0) note_change(connection_, list_day());
  return outcome;
}

std::optional<Area> AreaStore::area(const AreaKey& key) const {
  auto row = connection_.prepare("SELECT " + std::string(columns) + " FROM area WHERE key = $1");
  if (!row.bind(1, key.digits()).step()) return std::nullopt;
  return read(row);
}

void AreaStore::each_area(const std::function<void(const Area&)>& each) const {
  auto rows = connection_.prepare("SELECT " + std::string(columns) + " FROM area ORDER BY key");
  while (rows.step()) each(read(rows));
}

void AreaStore::each_postal_code(const std::function<void(const PostalCodeEntry&)>& each) const {
  auto rows = connection_.prepare("SELECT postal_code, area, place FROM postal_code ORDER BY postal_code, area");
  while (rows.step()) each({std::string(rows.text(0)), stored_key(rows.text(1)), std::string(rows.text(2))});
}

std::string AreaStore::list_day() const {
  auto row = connection_.prepare("SELECT day FROM area_list");
  return row.step() ? std::string(row.text(0)) : std::string();
}

std::int64_t AreaStore::state() const {
  auto row = connection_.prepare("SELECT number FROM area_list");
  return row.step() ? row.number(0) : 0;
}

void AreaStore::restore(const std::vector<Area>& areas, const std::vector<PostalCodeEntry>& entries,
                        std::string_view day) {
  connection_.execute("DELETE FROM postal_code");
  connection_.execute("DELETE FROM area");
  for (const Area& area : areas) write(connection_, area);
  for (const PostalCodeEntry& entry : entries) write(connection_, entry);
  if (!day.empty() || !areas.empty()) note_change(connection_, day);
}

}  // namespace verbund::directory
