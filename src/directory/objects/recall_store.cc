// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/recall.h"

#include <map>
#include <string_view>
#include <tuple>

#include "directory/objects/object_store.h"
#include "kits/crypto/digest.h"

namespace verbund::directory {
namespace {

constexpr std::string_view recalled_source = "zurückgeholt";

std::int64_t seconds(Instant at) {
  return at.time_since_epoch().count();
}

store::Statement& bind_id(store::Statement& statement, int first, const RecalledChange& change) {
  return statement.bind(first, name(change.kind)).bind(first + 1, change.id.agency).bind(first + 2, change.id.local);
}

// Whether the change is there already. Errors: conflict (another one with its number).
Result<bool> known(store::Connection& connection, const RecalledChange& change) {
  auto row =
      connection.prepare("SELECT kind, agency, local, digest, at, origin FROM directory_change WHERE sequence = $1");
  if (!row.bind(1, change.sequence).step()) return false;
  if (row.text(0) == name(change.kind) && row.text(1) == change.id.agency && row.text(2) == change.id.local &&
      row.text(3) == change.digest && row.number(4) == seconds(change.at) && row.text(5).empty()) {
    return true;
  }
  return fail(ErrorCode::conflict, "the restored store has been changed since", std::to_string(change.sequence),
              "restore the backup again and start it before anything is imported");
}

void note(store::Connection& connection, const RecalledChange& change) {
  auto row = connection.prepare(
      "INSERT INTO directory_change(sequence, kind, agency, local, withdrawn, digest, at, origin)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, '')");
  row.bind(1, change.sequence);
  bind_id(row, 2, change)
      .bind(5, std::int64_t{change.digest.empty()})
      .bind(6, change.digest)
      .bind(7, seconds(change.at))
      .run();
}

void take(store::Connection& connection, const RecalledChange& change) {
  auto object = connection.prepare(
      "INSERT INTO directory_object(kind, agency, local, digest, source, delivery, changed_at, origin)"
      " VALUES ($1, $2, $3, $4, $5, 0, $6, '') ON CONFLICT (kind, agency, local)"
      " DO UPDATE SET digest = excluded.digest, changed_at = excluded.changed_at");
  bind_id(object, 1, change).bind(4, change.digest).bind(5, recalled_source).bind(6, seconds(change.at)).run();
  auto body = connection.prepare(
      "INSERT INTO directory_body(kind, agency, local, body) VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (kind, agency, local) DO UPDATE SET body = excluded.body");
  bind_id(body, 1, change).bind(4, *change.body).run();
  ObjectStore(connection).address(change.kind, change.id, *change.body);
}

void remove(store::Connection& connection, const RecalledChange& change) {
  auto object = connection.prepare("DELETE FROM directory_object WHERE kind = $1 AND agency = $2 AND local = $3");
  bind_id(object, 1, change).run();
  auto body = connection.prepare("DELETE FROM directory_body WHERE kind = $1 AND agency = $2 AND local = $3");
  bind_id(body, 1, change).run();
}

// The digest of the state that is there; "": none.
std::string digest_of(store::Connection& connection, const RecalledChange& change) {
  auto row = connection.prepare("SELECT digest FROM directory_object WHERE kind = $1 AND agency = $2 AND local = $3");
  return bind_id(row, 1, change).step() ? std::string(row.text(0)) : std::string();
}

}  // namespace

Result<std::int64_t> recall(store::Connection& connection, const std::vector<RecalledChange>& changes, Instant now) {
  std::map<std::tuple<ObjectKind, std::string, std::string>, const RecalledChange*> last;
  bool adding = false;
  for (const RecalledChange& change : changes) {
    if (change.body && crypto::sha256_hex(*change.body) != change.digest) {
      return fail(ErrorCode::invalid, "a body is not the one its entry names", change.id.local);
    }
    auto there = known(connection, change);
    if (!there) return pass(there);
    if (!*there) {
      // What is missing stands behind everything that is there.
      if (!adding && ObjectStore(connection).last_sequence() > change.sequence) {
        return fail(ErrorCode::conflict, "the restored store has been changed since", std::to_string(change.sequence),
                    "restore the backup again and start it before anything is imported");
      }
      adding = true;
      note(connection, change);
    }
    last[{change.kind, change.id.agency, change.id.local}] = &change;
  }
  if (!adding) return 0;
  std::int64_t lost = 0;
  for (const auto& [id, change] : last) {
    if (change->digest.empty()) {
      remove(connection, *change);
    } else if (change->body) {
      take(connection, *change);
    } else if (const std::string here = digest_of(connection, *change); here != change->digest) {
      ++lost;
      RecalledChange again = *change;
      again.sequence = ObjectStore(connection).last_sequence() + 1;
      again.digest = here;
      again.at = now;
      note(connection, again);
    }
  }
  return lost;
}

}  // namespace verbund::directory
