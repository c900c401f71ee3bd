// SPDX-License-Identifier: EUPL-1.2
// What every engine is given: the same texts, the same offers and responsibilities, the same questions, as numbers and
// strings in memory. Read once from a folder of `verbund generate`; engines run in forked children that share it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/geography/area.h"
#include "directory/identity/object.h"

namespace verbund::bench {

inline constexpr std::size_t most_levels = 6;

// One service. Texts are plain, in the order a person reads them; parts are apart by a line end.
struct Document {
  directory::ObjectId id;
  std::string title;   // for citizens and official
  std::string terms;   // search terms, also those of specialisations; life events
  std::string body;    // everything else that finds it
};

struct Offer {
  std::uint32_t service, area;
  auto operator<=>(const Offer&) const = default;
};

struct Duty {          // a unit is responsible for a service in an area, in a role
  std::uint32_t service, role, area, unit;
  auto operator<=>(const Duty&) const = default;
};

// Areas of a place that occur in the corpus, smallest first.
struct Place {
  std::vector<std::uint32_t> areas;
};

struct Query {
  std::string text;                      // as typed
  std::vector<std::uint32_t> relevant;   // services, ascending
  directory::AreaKey area;
  Place place;
};

struct QueryKind {
  std::string name;                      // "titles" ...: the name of the file
  std::vector<Query> queries;
};

struct Point {
  directory::ObjectId service;
  directory::AreaKey area;
  std::string role;
  std::uint32_t service_number = 0, role_number = 0;   // UINT32_MAX: unknown to the corpus
  Place place;
  std::vector<std::uint32_t> units;      // expected, ascending; may be empty
};

struct Corpus {
  std::vector<Document> documents;       // by id
  std::vector<directory::ObjectId> units;   // by id
  std::vector<std::uint64_t> areas;      // area keys as 12-digit numbers, ascending
  std::vector<std::string> area_keys;    // the same as shortest digits
  std::vector<std::string> roles;        // in the order met
  std::vector<Offer> offers;             // ascending, distinct: who finds what where
  std::vector<Duty> duties;              // ascending, distinct
  std::vector<QueryKind> kinds;
  std::vector<Point> points;
  std::uint64_t text_bytes = 0;

  Place place(const directory::AreaKey& key) const;
  std::uint32_t find_service(const directory::ObjectId& id) const;   // UINT32_MAX: none
  std::uint32_t find_unit(const directory::ObjectId& id) const;
  bool offered(std::uint32_t service, const Place& place) const;
};

// Units of one service, role and area, ascending.
struct DutyRow {
  std::uint32_t service, role, area;
  std::vector<std::uint32_t> units;
};
// Calls each(const DutyRow&) for all, in order.
template <typename Each>
void each_duty_row(const Corpus& corpus, const Each& each) {
  DutyRow row{};
  for (auto at = corpus.duties.begin(); at != corpus.duties.end();) {
    row.service = at->service;
    row.role = at->role;
    row.area = at->area;
    row.units.clear();
    for (; at != corpus.duties.end() && at->service == row.service && at->role == row.role && at->area == row.area;
         ++at) {
      row.units.push_back(at->unit);
    }
    each(row);
  }
}

// Calls `each` for every line that is not empty; progress of long files goes to stderr on a terminal. An error from it
// gets file and line. Errors: unavailable.
Result<void> each_line(const std::string& file, const std::function<Result<void>(std::string_view)>& each);

// queries/*.tsv and points.tsv. Requires: the catalogue is read.
Result<void> read_questions(Corpus& corpus, const std::string& folder, std::size_t most_queries);

// `folder`: catalogue/*.ndjson, queries/*.tsv, points.tsv. At most `most_queries` of each kind and as many points times
// ten, the first ones. Progress goes to stderr. Errors: unavailable, invalid with file and line.
Result<Corpus> read_corpus(const std::string& folder, std::size_t most_queries);

}  // namespace verbund::bench
