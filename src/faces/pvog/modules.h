// SPDX-License-Identifier: EUPL-1.2
// A service's texts as the search service writes them: `details`, one entry per text module. Internal to pvog.
#pragma once

#include "directory/catalogue/service.h"
#include "kits/json/json.h"

namespace verbund::pvog {

// Each {"code", "title", "text", "placeholder", "links", "details", "date"}; text is HTML in `language`, else German.
// Codes are those of XZuFi text modules, and 93 approval, 94 source portal, 95 processing time, 97 deadline, 98 fees,
// whose single entries stand in their own `details` as {"title", "text"}. What is not there is left out.
Json::Array details_of(const directory::Service& service, std::string_view language);

// [{"title", "uri"}]; web addresses only.
Json::Array source_portals(const directory::Service& service, std::string_view language);
Json::Array links_of(const std::vector<directory::Link>& links, std::string_view language);

// "46,00 EUR", "von 10,00 EUR bis 20,00 EUR", "gebührenfrei"; "" if nothing is said.
std::string fee_text(const directory::Fee& fee);
// "2 bis 3 Wochen", "bis 31.12."; "" if nothing is said.
std::string span_text(const directory::TimeSpan& span);

bool is_web(std::string_view uri);

}  // namespace verbund::pvog
