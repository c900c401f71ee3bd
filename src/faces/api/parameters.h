// SPDX-License-Identifier: EUPL-1.2
// What callers give, read strictly; the unexpected side is the problem to answer with.
#pragma once

#include <expected>

#include "directory/finder/finder.h"
#include "kits/http/http.h"

namespace verbund::api {

template <typename T>
using OrProblem = std::expected<T, http::Response>;

struct Paging {
  std::size_t limit;    // 1-100
  std::size_t offset;   // 0-10000
};

OrProblem<Paging> read_paging(const http::Request& request);

// Digits of a regional key (0 to 12), a postal code, a municipality key, a name or a slug; empty is Germany. 404 where
// nothing fits, 409 with the choices where several do.
OrProblem<directory::AreaKey> read_area(const http::Request& request, const directory::Snapshot& snapshot);

// An external id or a service key of 14 digits.
OrProblem<directory::ServiceBrief> read_service(std::string_view words, const directory::AreaKey& area,
                                                const directory::Snapshot& snapshot);

}  // namespace verbund::api
