// SPDX-License-Identifier: EUPL-1.2
// Files of queries with the services that answer them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::directory {

struct JudgedQuery {
  std::string query;                    // as people type it; not empty
  std::vector<std::string> relevant;    // as the file names services, each once; empty: the file names none
  std::string area;                     // key, postal code or name, "" if not given
  std::string kind;                     // "typo", "blind" ...: measured apart; "" if not given
  std::size_t line = 0;                 // of the file, from 1; the first one of the query
};

// Tables with tabs, or with commas where the first line has no tab (RFC 4180: cells in quotes may hold commas, line
// breaks and doubled quotes). Lines that begin with "#" and empty ones are left out. In a table with tabs quotes mean
// nothing.
//
// Without a header the columns are: query, relevant services separated by commas, area, kind; further ones are ignored.
// A first line whose cells name at least the query and the services is a header and says which column is which:
//   query     query, anfrage, suchbegriff, anliegen
//   services  relevant, relevant_service_ids, relevant_ids, service_id, service_ids, leistung, leistungen, leika, key
//             (the first of them there is, in this order)
//   area      area, gebiet, ort, ars, plz
//   kind      kind, art, set
// Several lines with the same query, area and kind are one query that any of their services answers.
// Errors: invalid with the line: not UTF-8, a quote that never ends, no second column, an empty query.
// too_large: more than most_judged_queries.
inline constexpr std::size_t most_judged_queries = 1'000'000;
Result<std::vector<JudgedQuery>> read_judged_queries(std::string_view text);

}  // namespace verbund::directory
