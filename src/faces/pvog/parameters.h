// SPDX-License-Identifier: EUPL-1.2
// What clients of the search service give, read strictly; the unexpected side is the problem. Internal to pvog.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "directory/finder/finder.h"
#include "kits/http/http.h"
#include "kits/json/json.h"

namespace verbund::pvog {

template <typename T>
using OrProblem = std::expected<T, http::Response>;

std::unexpected<http::Response> refuse(const std::string& detail);  // 400
http::Response no_hit(const std::string& detail);                   // 404

// ars: 2 to 12 digits as the network writes them (padded with zeros or not); absent: Germany. Follows successors; 404
// for an area that does not exist.
OrProblem<directory::AreaKey> read_area(const http::Request& request, const directory::Snapshot& snapshot,
                                        std::string_view name = "ars");
OrProblem<directory::AreaKey> read_area_text(std::string_view digits, const directory::Snapshot& snapshot);

// page (from 0) and size (1 to 1000, 10 if absent).
struct Paging {
  std::size_t page, size;
};
OrProblem<Paging> read_paging(const http::Request& request);

// leikaIds, repeated or separated by commas: 1 to 100 keys of 14 digits, each once.
OrProblem<std::vector<std::string>> read_keys(const http::Request& request);

// q, trimmed: 1 to 200 bytes.
OrProblem<std::string> read_query(const http::Request& request);

// validDate: a calendar day (we answer for today and say nothing of other days) or absent.
OrProblem<std::string> read_day(const http::Request& request);

// "de" or "en", the first of both that Accept-Language names; "de" if none.
std::string language_of(const http::Request& request);

// A page as Spring writes it: content, totalElements, totalPages, size, number, numberOfElements, first, last, empty.
Json spring_page(Json::Array content, const Paging& paging, std::size_t total);

}  // namespace verbund::pvog
