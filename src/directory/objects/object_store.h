// SPDX-License-Identifier: EUPL-1.2
// Tables directory_object, directory_body, directory_source, directory_change, public_address. Owner: objects. No
// personal data.
// Every change is written with its row in directory_change in the same transaction: the outbox that the log, other
// processes' indexes and feeds read.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "directory/objects/body.h"
#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::directory {

std::vector<store::Migration> object_migrations();
// The schema of the whole directory: areas and objects. Every program opens the store with these.
std::vector<store::Migration> directory_migrations();

// What the address of an object is made of: the German title of a service, the name of a unit, "" for other kinds.
std::string address_title(const Service& service);
std::string address_title(const OrganisationalUnit& unit);
inline std::string address_title(const auto&) { return {}; }

enum class PutOutcome { added, changed, unchanged, foreign };   // foreign: of another origin, nothing was done

struct Change {
  std::int64_t sequence;       // 1, 2, 3 ... without gap
  ObjectKind kind;
  ObjectId id;
  bool withdrawn;              // else added or changed
  std::string digest;          // SHA-256 of the canonical body, hexadecimal; "" if withdrawn
  Instant at;
  std::string origin;          // "": our own; else the log it was heard from
};

// Lives within one transaction at most. One that puts keeps statements and the last sequence at hand: nothing else writes
// these tables on its connection between two of its puts.
class ObjectStore {
 public:
  explicit ObjectStore(store::Connection& connection);
  ~ObjectStore();
  ObjectStore(const ObjectStore& other) : ObjectStore(other.connection_) {}
  ObjectStore& operator=(const ObjectStore&) = delete;

  // Creates or replaces by (kind, id). `source` is the delivery it came with and owns it from now on; unchanged bodies
  // write no change row (a new source is noted). `origin`: the log it was heard from, "" for our own. An object that is
  // there from another origin stays as it is (foreign). What fails in the store may be told by the next one or by the
  // commit. Requires: inside Database::write.
  template <typename T>
  PutOutcome put(const T& object, std::string_view source, Instant now, std::string_view origin = {}) {
    return put_titled(kind_of<T>, object.id, to_body(object), source, now, origin,
                      [&] { return address_title(object); });
  }
  // The same for a body that is there already. Requires: canonical, of this kind and id.
  PutOutcome put_body(ObjectKind kind, const ObjectId& id, std::string_view body, std::string_view source, Instant now,
                      std::string_view origin = {});
  // False if there is none of this origin: a no-op.
  bool withdraw(ObjectKind kind, const ObjectId& id, Instant now, std::string_view origin = {});

  // Complete stock of a source: begin, put what is delivered, end: what the source owned and did not deliver is
  // withdrawn; `each_withdrawn` hears of it. A source has one origin. Memory does not grow with the stock.
  void begin_stock(std::string_view source);
  void end_stock(std::string_view source, Instant now,
                 const std::function<void(ObjectKind, const ObjectId&)>& each_withdrawn, std::string_view origin = {});

  std::optional<std::string> body(ObjectKind kind, const ObjectId& id) const;
  // A body that does not read is our own defect: throws store::Failure.
  template <typename T>
  std::optional<T> get(const ObjectId& id) const {
    auto text = body(kind_of<T>, id);
    if (!text) return std::nullopt;
    return parsed<T>(*text);
  }
  // In order of (agency, local), bytewise.
  void each_body(ObjectKind kind, const std::function<void(const ObjectId&, std::string_view body)>& each) const;
  template <typename T>
  void each(const std::function<void(const T&)>& each_object) const {
    each_body(kind_of<T>, [&](const ObjectId&, std::string_view text) { each_object(parsed<T>(text)); });
  }
  std::int64_t count(ObjectKind kind) const;
  // In order of (agency, local); no body is read.
  void each_id(ObjectKind kind, const std::function<void(const ObjectId&)>& each) const;

  // One row of each_stored. Views are valid during the call.
  struct Stored {
    ObjectKind kind;
    std::string_view agency, local;
    const store::Statement* row;
    std::string_view body() const { return row->text(3); }   // read from the store when asked for
  };
  // Every object, in the order in which it lies in the store: the quickest way through all of it.
  void each_stored(const std::function<void(const Stored&)>& each) const;

  std::int64_t last_sequence() const;                 // of directory_change, 0 if none
  std::int64_t last_own_sequence() const;             // of those of origin "", 0 if none
  void each_change(std::int64_t after, std::size_t most, const std::function<void(const Change&)>& each) const;
  // Those of origin "" only; the others cost nothing.
  void each_own_change(std::int64_t after, std::size_t most, const std::function<void(const Change&)>& each) const;
  std::optional<Instant> changed_at(ObjectKind kind, const ObjectId& id) const;   // when this node took it

  struct Source { std::string name; std::int64_t objects; Instant last_delivery; };
  std::vector<Source> sources() const;

  // Addresses that stay: the slug of a service or unit, unique per kind, made from its title at the first put; a new
  // title makes a new slug and the old one keeps pointing here. The address of a withdrawn object is kept for it until
  // another object wants it.
  std::string slug(ObjectKind kind, const ObjectId& id) const;                        // current one, "" if none
  // For who has written the body of an object otherwise: gives it the address of its title.
  void address(ObjectKind kind, const ObjectId& id, std::string_view body);
  struct Addressed { ObjectId id; bool current; };
  std::optional<Addressed> by_slug(ObjectKind kind, std::string_view slug) const;
  // Current ones, by id.
  void each_slug(ObjectKind kind, const std::function<void(const ObjectId&, std::string_view slug)>& each) const;

 private:
  struct Putting;     // what many puts share
  Putting& putting();
  struct Given {      // beside the body
    std::string_view digest, source, origin;
    Instant now;
  };
  struct Before;
  Before first_look(ObjectKind kind, const ObjectId& id, const Given& given);
  PutOutcome put_titled(ObjectKind kind, const ObjectId& id, std::string_view body, std::string_view source,
                        Instant now, std::string_view origin, const std::function<std::string()>& title);
  void note_change(ObjectKind kind, const ObjectId& id, bool withdrawn, std::string_view digest, Instant now,
                   std::string_view origin);
  static std::string title_of(ObjectKind kind, std::string_view body);
  static void changes(store::Statement rows, std::int64_t after, std::size_t most,
                      const std::function<void(const Change&)>& each);
  void give_address(ObjectKind kind, const ObjectId& id, const std::string& title);

  template <typename T>
  static T parsed(std::string_view text) {
    auto object = from_body<T>(text);
    if (!object) throw store::Failure("stored object does not read: " + object.error().text());
    return std::move(*object);
  }
  store::Connection& connection_;
  std::unique_ptr<Putting> putting_;     // made by the first put
};

}  // namespace verbund::directory
