// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/object_store.h"

#include <utility>

#include "directory/geography/area_store.h"
#include "directory/objects/known_ids.h"
#include "kits/crypto/digest.h"

namespace verbund::directory {
namespace {

constexpr std::int64_t withdrawn_at_once = 500;  // objects held in memory while a stock ends
constexpr std::int64_t load_after = 200;         // new objects one after the other: a load, rows go in bulk
constexpr std::int64_t learnt_for_one = 4;       // ids read for each new object, to know what is there

std::int64_t seconds(Instant at) { return static_cast<std::int64_t>(at.time_since_epoch().count()); }
Instant instant(std::int64_t seconds) { return Instant(std::chrono::seconds(seconds)); }

store::Statement& bind_id(store::Statement& statement, ObjectKind kind, const ObjectId& id) {
  return statement.bind(1, name(kind)).bind(2, id.agency).bind(3, id.local);
}

}  // namespace

std::vector<store::Migration> object_migrations() {
  // The body stands apart from what is known of it: a delivery that changes nothing writes short rows only.
  // Identifiers are compared bytewise; a driver whose default order is another one says so for the database.
  return {{"objects", 1,
           "CREATE TABLE directory_object("
           " kind TEXT NOT NULL,"
           " agency TEXT NOT NULL,"
           " local TEXT NOT NULL,"
           " digest TEXT NOT NULL,"
           " source TEXT NOT NULL,"
           " delivery BIGINT NOT NULL,"
           " changed_at BIGINT NOT NULL,"
           " PRIMARY KEY (kind, agency, local));"
           "CREATE TABLE directory_body("
           " kind TEXT NOT NULL,"
           " agency TEXT NOT NULL,"
           " local TEXT NOT NULL,"
           " body TEXT NOT NULL,"
           " PRIMARY KEY (kind, agency, local));"
           "CREATE TABLE directory_source("
           " name TEXT NOT NULL PRIMARY KEY,"
           " delivery BIGINT NOT NULL,"
           " last_delivery BIGINT NOT NULL);"
           "CREATE TABLE directory_change("
           " sequence BIGINT NOT NULL PRIMARY KEY,"
           " kind TEXT NOT NULL,"
           " agency TEXT NOT NULL,"
           " local TEXT NOT NULL,"
           " withdrawn BIGINT NOT NULL,"
           " digest TEXT NOT NULL,"
           " at BIGINT NOT NULL);"
           "CREATE TABLE public_address("
           " kind TEXT NOT NULL,"
           " slug TEXT NOT NULL,"
           " agency TEXT NOT NULL,"
           " local TEXT NOT NULL,"
           " current BIGINT NOT NULL,"
           " PRIMARY KEY (kind, slug));"
           "CREATE INDEX public_address_of ON public_address(kind, agency, local, current)"},
          {"objects", 2,
           "ALTER TABLE directory_object ADD COLUMN origin TEXT NOT NULL DEFAULT '';"
           "ALTER TABLE directory_change ADD COLUMN origin TEXT NOT NULL DEFAULT '';"
           "CREATE INDEX directory_change_own ON directory_change(sequence) WHERE origin = ''"}};
}

std::vector<store::Migration> directory_migrations() {
  auto out = area_migrations();
  for (auto& step : object_migrations()) out.push_back(std::move(step));
  return out;
}

PutOutcome ObjectStore::put_body(ObjectKind kind, const ObjectId& id, std::string_view body, std::string_view source,
                                 Instant now, std::string_view origin) {
  return put_titled(kind, id, body, source, now, origin, [&] { return title_of(kind, body); });
}

std::string ObjectStore::title_of(ObjectKind kind, std::string_view body) {
  if (kind == ObjectKind::service) return address_title(parsed<Service>(body));
  if (kind == ObjectKind::unit) return address_title(parsed<OrganisationalUnit>(body));
  return {};
}

void ObjectStore::address(ObjectKind kind, const ObjectId& id, std::string_view body) {
  if (kind == ObjectKind::service || kind == ObjectKind::unit) give_address(kind, id, title_of(kind, body));
}

// Statements that are run for every object stay out of the cache between two runs.
struct ObjectStore::Putting {
  explicit Putting(store::Connection& connection)
      : before(connection.prepare(
            "SELECT digest, source, delivery, origin FROM directory_object"
            " WHERE kind = $1 AND agency = $2 AND local = $3")),
        add(connection.prepare(
            "INSERT INTO directory_object(kind, agency, local, digest, source, delivery, changed_at, origin)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (kind, agency, local) DO NOTHING")),
        change(connection.prepare("UPDATE directory_object SET digest = $4, source = $5, delivery = $6, changed_at = $7"
                                  " WHERE kind = $1 AND agency = $2 AND local = $3")),
        body(connection.prepare("INSERT INTO directory_body(kind, agency, local, body) VALUES ($1, $2, $3, $4)"
                                " ON CONFLICT (kind, agency, local) DO UPDATE SET body = excluded.body")),
        note(connection.prepare(
            "INSERT INTO directory_change(sequence, kind, agency, local, withdrawn, digest, at, origin)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")) {}

  store::Statement before, add, change, body, note;
  std::optional<std::int64_t> sequence;   // the last one; not read yet: none
  std::int64_t new_in_a_row = 0;   // the last one was new: the next one probably is
  // From the first load on.
  struct Load {
    explicit Load(store::Connection& connection)
        : known(connection),
          objects(connection.bulk("directory_object",
                                  "kind, agency, local, digest, source, delivery, changed_at, origin")),
          bodies(connection.bulk("directory_body", "kind, agency, local, body")),
          changes(connection.bulk("directory_change",
                                  "sequence, kind, agency, local, withdrawn, digest, at, origin")) {}
    KnownIds known;
    std::unique_ptr<store::Bulk> objects, bodies, changes;
  };
  std::unique_ptr<Load> load;
  std::string source;              // whose delivery is known
  std::int64_t delivery = 0;
  Instant noted{};                 // last_delivery of the source
  bool known = false;
};

ObjectStore::ObjectStore(store::Connection& connection) : connection_(connection) {}
ObjectStore::~ObjectStore() = default;

ObjectStore::Putting& ObjectStore::putting() {
  if (!putting_) putting_ = std::make_unique<Putting>(connection_);
  return *putting_;
}

// What is stored of an object, beside what is put; `column`: that of its digest.
struct ObjectStore::Before {
  Before() = default;
  Before(const store::Statement& row, int column, const Given& given, std::int64_t delivery)
      : there(true), foreign(row.text(column + 3) != given.origin), same_body(row.text(column) == given.digest),
        same_delivery(row.text(column + 1) == given.source && row.number(column + 2) == delivery) {}
  bool there = false, foreign = false, same_body = false, same_delivery = false;
};

// The first put of a delivery asks once for all that it must know: on a server each question is a journey.
ObjectStore::Before ObjectStore::first_look(ObjectKind kind, const ObjectId& id, const Given& given) {
  Putting& state = putting();
  Before out;
  bool noted = false;
  {
    auto row = connection_.prepare(
        "SELECT c.last, s.delivery, s.last_delivery, o.digest, o.source, o.delivery, o.origin"
        " FROM (SELECT COALESCE(MAX(sequence), 0) AS last FROM directory_change) c"
        " LEFT JOIN directory_source s ON s.name = $4"
        " LEFT JOIN directory_object o ON o.kind = $1 AND o.agency = $2 AND o.local = $3");
    bind_id(row, kind, id).bind(4, given.source).step();
    state.sequence = row.number(0);
    state.delivery = row.is_null(1) ? 0 : row.number(1);
    noted = !row.is_null(2) && row.number(2) == seconds(given.now);
    if (!row.is_null(3)) out = Before(row, 3, given, state.delivery);
  }
  if (!noted)
    connection_.prepare("INSERT INTO directory_source(name, delivery, last_delivery) VALUES ($1, $2, $3)"
                        " ON CONFLICT (name) DO UPDATE SET last_delivery = excluded.last_delivery")
        .bind(1, given.source).bind(2, state.delivery).bind(3, seconds(given.now)).run_later();
  state.source = given.source;
  state.noted = given.now;
  state.known = true;
  return out;
}

PutOutcome ObjectStore::put_titled(ObjectKind kind, const ObjectId& id, std::string_view body, std::string_view source,
                                   Instant now, std::string_view origin, const std::function<std::string()>& title) {
  const std::string digest = crypto::sha256_hex(body);
  const Given given{digest, source, origin, now};
  Putting& state = putting();
  std::optional<Before> before;
  if (!state.known || state.source != source || state.noted != now) before = first_look(kind, id, given);
  const std::int64_t delivery = state.delivery;
  const bool titled = kind == ObjectKind::service || kind == ObjectKind::unit;
  if (state.new_in_a_row == load_after && !state.load) state.load = std::make_unique<Putting::Load>(connection_);
  // What is surely new goes in bulk. Addresses look at the objects, so that those with one are added one by one.
  const bool in_bulk = state.load && !titled && state.new_in_a_row >= load_after &&
                       state.load->known.whole(kind, id.agency, learnt_for_one * state.new_in_a_row) &&
                       !state.load->known.may_hold(kind, id);
  const auto add = [&](bool surely_new) {
    if (state.load) state.load->known.add(kind, id.agency, id.local);
    if (in_bulk) {
      store::Bulk& row = *state.load->objects;
      row.add(name(kind)).add(id.agency).add(id.local).add(digest).add(source).add(delivery).add(seconds(now));
      row.add(origin);
      return true;
    }
    bind_id(state.add, kind, id).bind(4, digest).bind(5, source).bind(6, delivery).bind(7, seconds(now));
    state.add.bind(8, origin);
    if (surely_new) return state.add.run_later(), true;
    state.add.run();
    return state.add.changes() != 0;
  };
  // In a row of new ones the first attempt is to add: one look-up less for each.
  bool added = !before && state.new_in_a_row > 0 && add(false);
  PutOutcome outcome = PutOutcome::added;
  if (!added) {
    if (!before) {
      before.emplace();
      if (bind_id(state.before, kind, id).step()) before.emplace(state.before, 0, given, delivery);
      state.before.reset();
    }
    if (before->foreign) return PutOutcome::foreign;
    if (before->there) {
      outcome = before->same_body ? PutOutcome::unchanged : PutOutcome::changed;
      state.new_in_a_row = 0;
      if (before->same_body && before->same_delivery) return outcome;
    } else {
      added = add(true);
    }
  }
  if (outcome == PutOutcome::unchanged) {
    auto stamp = connection_.prepare("UPDATE directory_object SET source = $4, delivery = $5"
                                     " WHERE kind = $1 AND agency = $2 AND local = $3");
    bind_id(stamp, kind, id).bind(4, source).bind(5, delivery).run_later();
    return outcome;
  }
  if (added) {
    ++state.new_in_a_row;
  } else {
    bind_id(state.change, kind, id).bind(4, digest).bind(5, source).bind(6, delivery).bind(7, seconds(now)).run_later();
  }
  if (added && state.load) state.load->bodies->add(name(kind)).add(id.agency).add(id.local).add(body);
  else bind_id(state.body, kind, id).bind(4, body).run_later();
  note_change(kind, id, false, digest, now, origin);
  if (titled) give_address(kind, id, title());
  return outcome;
}

bool ObjectStore::withdraw(ObjectKind kind, const ObjectId& id, Instant now, std::string_view origin) {
  auto object = connection_.prepare(
      "DELETE FROM directory_object WHERE kind = $1 AND agency = $2 AND local = $3 AND origin = $4");
  bind_id(object, kind, id).bind(4, origin).run();
  if (object.changes() == 0) return false;
  auto text = connection_.prepare("DELETE FROM directory_body WHERE kind = $1 AND agency = $2 AND local = $3");
  bind_id(text, kind, id).run_later();
  note_change(kind, id, true, {}, now, origin);
  return true;
}

void ObjectStore::note_change(ObjectKind kind, const ObjectId& id, bool withdrawn, std::string_view digest,
                              Instant now, std::string_view origin) {
  Putting& state = putting();
  if (!state.sequence) state.sequence = last_sequence();
  const std::int64_t sequence = ++*state.sequence;
  if (state.load) {
    store::Bulk& row = *state.load->changes;
    row.add(sequence).add(name(kind)).add(id.agency).add(id.local).add(std::int64_t{withdrawn});
    row.add(digest).add(seconds(now)).add(origin);
    return;
  }
  state.note.bind(1, sequence).bind(2, name(kind)).bind(3, id.agency).bind(4, id.local);
  state.note.bind(5, std::int64_t{withdrawn}).bind(6, digest).bind(7, seconds(now)).bind(8, origin).run_later();
}

// A delivery of a complete stock has a number; what is put takes the number of its source; what has an older one at
// the end was not delivered.
void ObjectStore::begin_stock(std::string_view source) {
  connection_.prepare("INSERT INTO directory_source(name, delivery, last_delivery) VALUES ($1, 1, 0)"
                      " ON CONFLICT (name) DO UPDATE SET delivery = directory_source.delivery + 1")
      .bind(1, source).run();
  if (putting_) putting_->known = false;
}

void ObjectStore::end_stock(std::string_view source, Instant now,
                            const std::function<void(ObjectKind, const ObjectId&)>& each_withdrawn,
                            std::string_view origin) {
  std::int64_t delivery = 0;
  {
    auto row = connection_.prepare("SELECT delivery FROM directory_source WHERE name = $1");
    if (!row.bind(1, source).step()) return;
    delivery = row.number(0);
  }
  connection_.prepare("UPDATE directory_source SET last_delivery = $2 WHERE name = $1")
      .bind(1, source).bind(2, seconds(now)).run();
  for (const ObjectKind kind : all_object_kinds) {
    // In pages along the primary key: one pass over the table, whatever is withdrawn, in bounded memory.
    ObjectId last;
    std::vector<ObjectId> page;
    do {
      page.clear();
      auto rows = connection_.prepare(
          "SELECT agency, local FROM directory_object WHERE kind = $1 AND (agency, local) > ($2, $3)"
          " AND source = $4 AND delivery < $5 ORDER BY agency, local LIMIT $6");
      bind_id(rows, kind, last).bind(4, source).bind(5, delivery).bind(6, withdrawn_at_once);
      while (rows.step()) page.push_back({std::string(rows.text(0)), std::string(rows.text(1))});
      for (const ObjectId& id : page) {
        withdraw(kind, id, now, origin);
        if (each_withdrawn) each_withdrawn(kind, id);
      }
      if (!page.empty()) last = page.back();
    } while (!page.empty());
  }
}

std::optional<std::string> ObjectStore::body(ObjectKind kind, const ObjectId& id) const {
  auto row = connection_.prepare("SELECT body FROM directory_body WHERE kind = $1 AND agency = $2 AND local = $3");
  if (!bind_id(row, kind, id).step()) return std::nullopt;
  return std::string(row.text(0));
}

void ObjectStore::each_body(ObjectKind kind,
                            const std::function<void(const ObjectId&, std::string_view body)>& each) const {
  auto rows =
      connection_.prepare("SELECT agency, local, body FROM directory_body WHERE kind = $1 ORDER BY agency, local");
  rows.bind(1, name(kind));
  while (rows.step()) each({std::string(rows.text(0)), std::string(rows.text(1))}, rows.text(2));
}

std::int64_t ObjectStore::count(ObjectKind kind) const {
  auto row = connection_.prepare("SELECT COUNT(*) FROM directory_object WHERE kind = $1");
  row.bind(1, name(kind)).step();
  return row.number(0);
}

std::int64_t ObjectStore::last_sequence() const {
  auto row = connection_.prepare("SELECT COALESCE(MAX(sequence), 0) FROM directory_change");
  row.step();
  return row.number(0);
}

std::int64_t ObjectStore::last_own_sequence() const {
  auto row = connection_.prepare(
      "SELECT sequence FROM directory_change WHERE origin = '' ORDER BY sequence DESC LIMIT 1");
  return row.step() ? row.number(0) : 0;
}

void ObjectStore::each_change(std::int64_t after, std::size_t most,
                              const std::function<void(const Change&)>& each) const {
  changes(connection_.prepare("SELECT sequence, kind, agency, local, withdrawn, digest, at, origin"
                              " FROM directory_change WHERE sequence > $1 ORDER BY sequence LIMIT $2"),
          after, most, each);
}

void ObjectStore::each_own_change(std::int64_t after, std::size_t most,
                                  const std::function<void(const Change&)>& each) const {
  changes(connection_.prepare("SELECT sequence, kind, agency, local, withdrawn, digest, at, origin"
                              " FROM directory_change WHERE origin = '' AND sequence > $1"
                              " ORDER BY sequence LIMIT $2"),
          after, most, each);
}

void ObjectStore::changes(store::Statement rows, std::int64_t after, std::size_t most,
                          const std::function<void(const Change&)>& each) {
  rows.bind(1, after).bind(2, static_cast<std::int64_t>(most));
  while (rows.step()) {
    const auto kind = object_kind_from_name(rows.text(1));
    if (!kind) throw store::Failure("stored change does not read: " + kind.error().text());
    each({rows.number(0), *kind, {std::string(rows.text(2)), std::string(rows.text(3))}, rows.number(4) != 0,
          std::string(rows.text(5)), instant(rows.number(6)), std::string(rows.text(7))});
  }
}

std::optional<Instant> ObjectStore::changed_at(ObjectKind kind, const ObjectId& id) const {
  auto row =
      connection_.prepare("SELECT changed_at FROM directory_object WHERE kind = $1 AND agency = $2 AND local = $3");
  if (!bind_id(row, kind, id).step()) return std::nullopt;
  return instant(row.number(0));
}

std::vector<ObjectStore::Source> ObjectStore::sources() const {
  auto rows = connection_.prepare(
      "SELECT s.name, COALESCE(c.objects, 0), s.last_delivery FROM directory_source s"
      " LEFT JOIN (SELECT source, COUNT(*) AS objects FROM directory_object GROUP BY source) c ON c.source = s.name"
      " ORDER BY s.name");
  std::vector<Source> out;
  while (rows.step()) out.push_back({std::string(rows.text(0)), rows.number(1), instant(rows.number(2))});
  return out;
}

}  // namespace verbund::directory
