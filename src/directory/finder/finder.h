// SPDX-License-Identifier: EUPL-1.2
// Finding: the right service for words and a place, who does it there, and where that is. An immutable snapshot in
// memory, built from the store and swapped whole; readers never wait. All const methods are thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "directory/finder/found.h"
#include "directory/geography/area.h"
#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::directory {

struct AuthorityBrief {
  ObjectId id;
  std::string name;
  AreaKey area;              // for which it is responsible (the matching one)
  std::string role;
};

struct OnlineBrief {
  ObjectId id;
  std::string title;
  std::string url;
  std::string purpose;       // "apply", "appointment"
  AreaKey area;
};

struct SearchRequest {
  std::string_view query;    // as typed; at most 200 bytes count
  AreaKey area;              // Germany: no place given
  std::size_t limit = 10;    // 1-100
  std::size_t offset = 0;
  bool elsewhere = true;     // while there is room, services offered at other places only come after all others
};

// Why a hit stands where it stands. Numbers are shares of a whole hit (1) unless said otherwise.
struct HitExplanation {
  struct Word {
    std::string typed;
    UnderstoodWord::How how = UnderstoodWord::How::unknown;   // in this service; unknown: it does not occur
    std::string as;          // the word or beginning met, "a + b" for parts
    std::string met;         // known, and in the title: as the title writes it
    std::string field;       // where it weighs most: "title", "search_term", "said_in_title", ...
    double impact = 0;       // of the word in the service
    double value = 0;        // after what the way it was met is worth
    double rarity = 0;       // its share of the query, 0 to 1
  };
  ServiceBrief service;
  std::vector<Word> words;
  double coverage = 0;       // 0 to 1: how much of the query the service answers
  double text = 0;           // rarity times value, times the factor for coverage
  double phrase = 0;         // the whole query is a phrase of it
  double identified = 0;     // the query is its key or id
  double place_cut = 0;      // taken off for the place
  double online_bonus = 0;
  double score = 0;
  bool outside = false;      // offered at other places only: after all others
  enum class Offered : std::uint8_t { not_asked, here, within, unknown, elsewhere };
  Offered offered = Offered::not_asked;   // at the place; not_asked: no place was given
};

struct ResponsibleUnits { std::string role; AreaKey area; std::vector<AuthorityBrief> units; };

struct ServiceAtPlace {
  std::vector<ResponsibleUnits> roles;       // per role the units of the smallest matching area; roles in order
  std::vector<OnlineBrief> online;           // every one that applies, smallest area first, then title
  std::vector<ObjectId> specialisations;     // applying here, largest area first
};

struct PlaceMatch {
  Area area;
  std::string label;         // "Norderstedt (Kreis Segeberg)" where the name alone is not unique
  bool exact = false;        // the query is exactly this place (key, postal code, name)
};

class Snapshot {
 public:
  struct BuildOptions {
    bool search_terms = true;   // false: without the search terms of the services, to measure what search does alone
  };
  // What is not valid on the day of `now` (Europe/Berlin) is left out.
  static std::shared_ptr<const Snapshot> build(store::Connection& connection, Instant now = SystemClock().now()) {
    return build(connection, now, BuildOptions());
  }
  static std::shared_ptr<const Snapshot> build(store::Connection& connection, Instant now,
                                               const BuildOptions& options);
  ~Snapshot();
  std::int64_t sequence() const;             // ObjectStore::last_sequence at the build

  // No allocation once the answer and the memory of the thread are warm.
  void search(const SearchRequest& request, SearchAnswer& answer) const;
  SearchAnswer search(const SearchRequest& request) const {
    SearchAnswer answer;
    search(request, answer);
    return answer;
  }
  // What a hit says, looked up when it is asked for.
  ServiceView service_of(const Hit& hit) const;
  std::optional<AuthorityView> authority_of(const Hit& hit, const PlaceAreas& place) const;   // first role, first name
  void online_of(const Hit& hit, const PlaceAreas& place, std::vector<OnlineView>& out) const;
  // Why: one for each hit of the same search, in the same order.
  std::vector<HitExplanation> explain(const SearchRequest& request) const;
  // Whole services as one types, for the place: titles, best first, at most `limit`.
  std::vector<ServiceBrief> suggest(std::string_view typed, const AreaKey& area, std::size_t limit) const;

  ServiceAtPlace at_place(const ObjectId& service, const AreaKey& area) const;
  std::optional<ServiceBrief> service(const ObjectId& id) const;
  // The one valid nearest.
  std::optional<ServiceBrief> service_by_key(std::string_view service_key, const AreaKey& area) const;
  std::vector<ServiceBrief> services_of_unit(const ObjectId& unit) const;    // by title
  // Services that lead to the online service, by title, with the areas for which they do, by key.
  struct OnlineOffer { ServiceBrief service; std::vector<AreaKey> areas; };
  std::vector<OnlineOffer> offers_of_online(const ObjectId& online) const;
  struct LifeEventBrief { std::string slug, name; std::size_t services; };
  std::vector<LifeEventBrief> life_events() const;                           // by name
  std::vector<ServiceBrief> services_of_life_event(std::string_view slug, const AreaKey& area) const;
  // All services offered at the place (Germany: everywhere), by title.
  std::vector<ServiceBrief> services_at(const AreaKey& area) const;
  // The same as an answer: the part of it that the request wants; its query does not matter.
  void list(const SearchRequest& request, SearchAnswer& answer) const;

  // Places for words: ARS or AGS digits, postal code (prefixes too), name, "name (district)"; ordered by fit, then
  // population. A postal code in several municipalities gives all of them: ask which one.
  std::vector<PlaceMatch> find_places(std::string_view query, std::size_t limit) const;
  // The one place meant, if there is exactly one: key, unambiguous postal code, unique name, or a slug.
  std::optional<Area> place(std::string_view query) const;
  std::optional<Area> area(const AreaKey& key) const;        // follows successors; the nearest known above if unknown
  std::optional<Area> area_by_slug(std::string_view slug) const;
  std::string label(const AreaKey& key) const;
  std::vector<std::string> postal_codes(const AreaKey& key) const;   // of a municipality, sorted

  struct Sizes { std::size_t services, units, online_services, responsibilities, areas, terms; };
  Sizes sizes() const;
  std::size_t bytes() const;                 // memory it holds, nearly
  std::size_t own_bytes() const;             // of that what changed since the build
  std::string area_list_day() const;         // AreaStore::list_day at the build
  struct State;                              // of this room only
  static std::shared_ptr<Snapshot> of(std::unique_ptr<State> state);
  const State& state() const { return *state_; }

 private:
  explicit Snapshot(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Holds the current snapshot and keeps it true: refresh() takes over the changes since it was made (a few at a time, what
// did not change is shared) and builds anew, beside it and in another thread, when there are other lists of areas or too
// many changes. Who reads an older snapshot keeps it; nobody waits.
class Finder {
 public:
  // `folder`: where a built index is kept as `finder.index`, to be mapped at the next start; "": nowhere. What is there
  // may be deleted at any time. Maps or builds and is up to date afterwards.
  explicit Finder(store::Database& database, std::string folder = {}, Instant now = SystemClock().now());
  ~Finder();
  std::shared_ptr<const Snapshot> snapshot() const;
  // True: a new snapshot is in place. Cheap if nothing happened. Any thread; several take turns. What is small (a build
  // of less than a quarter of a second) is built at once, else in the background: a later refresh() takes it over.
  bool refresh(Instant now = SystemClock().now());
  // Builds anew now and waits for it.
  void rebuild(Instant now = SystemClock().now());

  struct Status {
    std::int64_t sequence;         // of the snapshot
    std::int64_t built_sequence;   // of the build or file it stands on
    bool mapped;                   // it stands on the file
    bool building;                 // a build is under way
    std::size_t bytes;             // nearly
    std::size_t file_bytes;        // of finder.index; 0: none
    std::size_t changed_services;  // texts changed since the build
    std::size_t own_bytes;         // of all that changed since the build
    double build_seconds;          // of the last build here; 0: none
    std::size_t services, words;   // of the snapshot; words of the build, without those that came later
    Instant built;                 // as of when the build or file is
    Instant renewed;               // when the snapshot came
    std::string trouble;           // why the index could not be kept; "": no trouble
  };
  Status status() const;           // waits for nothing

 private:
  struct Work;                     // the snapshot, the index writer, the thread that builds
  store::Database& database_;
  std::unique_ptr<Work> work_;
};

// The index kept in `folder`, if there is one of this program; not whether it is up to date.
struct KeptIndex {
  std::int64_t sequence;     // last change it holds
  std::size_t bytes, services, words;
  Instant built;
};
std::optional<KeptIndex> kept_index(const std::string& folder);

}  // namespace verbund::directory
