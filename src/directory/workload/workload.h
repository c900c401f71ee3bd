// SPDX-License-Identifier: EUPL-1.2
// A synthetic Germany for tests and measurements: the real areas, everything else invented. The same options give the
// same bytes. Source of the areas: data/geography/README.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "directory/formats/import.h"
#include "directory/geography/area.h"

namespace verbund::directory {

struct WorkloadOptions {
  double scale = 1;                    // 0.002 to 10; at 1 about 11,000 services and 4 million responsibilities
  std::uint64_t seed = 1;
  std::vector<Area> areas;             // all of Germany, without slugs
  std::vector<PostalCodeEntry> postal_codes;
  std::string area_list_day;
};

struct WorkloadSummary {
  std::vector<std::pair<std::string, std::int64_t>> files;   // path below the folder, lines or objects
  std::int64_t stems = 0;              // distinct German stems in titles, terms and texts of services
  std::string to_text() const;         // German, several lines
};

// Writes into an empty or missing folder:
//   catalogue/           as export_json writes it
//   changes.ndjson       one change a line: {"body", "id", "kind"} or {"id", "kind", "withdrawn": true}, ids external;
//                        each fits the catalogue after those before it
//   queries/KIND.tsv     query, relevant (external ids of services, by comma), area (regional key of a municipality);
//                        kinds titles, synonyms, typos, prefixes, compounds, everyday, and mix of all
//   points.tsv           service, area, role, units (external ids by comma, empty: nobody)
// Queries and points are about the catalogue before the changes.
// Errors: usage (scale), conflict (folder not empty), unavailable (cannot be written).
Result<WorkloadSummary> generate_workload(const WorkloadOptions& options, const std::string& folder,
                                          const ProgressReport& progress);

}  // namespace verbund::directory
