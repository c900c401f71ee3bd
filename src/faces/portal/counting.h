// SPDX-License-Identifier: EUPL-1.2
// What the portal tells SearchCounter: that a result page was shown, and that somebody went on from it to a service.
// No cookie, no script, no change of addresses.
#pragma once

#include <string_view>

#include "directory/learning/search_counter.h"
#include "faces/portal/visit.h"
#include "kits/http/http.h"

namespace verbund::portal {

// A page that was made for `request` and goes out with status 200. `searched` is that of its Page. Counted is only what
// a person's browser asks for the first time: not HEAD, prefetching, pictures and scripts of other pages, programs that
// call themselves robots, nor a repetition by the same browser (If-None-Match).
void count_search(directory::SearchCounter& counter, const http::Request& request, Searched searched);

// A service page: counted as a click on the search whose result page of this portal is its Referer (our pages send
// Referrer-Policy: same-origin). A reload (Cache-Control) is not one. `base_url`: see Look.
void count_click(directory::SearchCounter& counter, const http::Request& request, std::string_view base_url);

}  // namespace verbund::portal
