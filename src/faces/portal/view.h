// SPDX-License-Identifier: EUPL-1.2
// How values of the directory read on a page: texts in a language, amounts, days, spans of time, links.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directory/catalogue/service.h"
#include "faces/portal/visit.h"

namespace verbund::portal {

// A text and the language it is really in; both empty if there is none.
struct Worded {
  std::string text;
  std::string language;
};
// In `language`, else German, else the first there is.
Worded worded(const directory::LocalisedTexts& texts, std::string_view language);
Worded worded_title(const directory::Service& service, std::string_view language);

// Sanitised again (a store may be fed by more than our importers), headings brought to `heading_level`.
page::Markup prose(std::string_view html, int heading_level);

// "1.250,50 €" or "€1,250.50"; what is no decimal number is written as it is.
std::string money(const directory::Amount& amount, std::string_view language);
// 12345 -> "12.345"
std::string grouped(std::int64_t number, std::string_view language);
// "2026-06-08..." -> "8. Juni 2026", "--06-08" -> "8. Juni"; "" if it is no date.
std::string date(std::string_view iso, const Wording& say);
// "2 bis 3 Wochen", "bis 31. Mai"; "" if nothing is given.
std::string span(const directory::TimeSpan& span, const Wording& say);

// True if there is no period or one contains the day.
bool valid_on(const std::vector<directory::Period>& periods, std::string_view day);

// http and https only: everything else gives "".
std::string web_url(std::string_view uri);
std::string host_of(std::string_view url);
// At most `bytes` bytes, cut at a word, with an ellipsis.
std::string shortened(std::string text, std::size_t bytes);

// item_url, item_title, item_lang of a list of services; titles in the language of the page where the data has them.
std::vector<page::Data> service_items(const Visit& visit, const std::vector<directory::ServiceBrief>& services,
                                      const directory::Area* place);
// Title of a brief in the language of the page.
Worded brief_title(const Visit& visit, const directory::ServiceBrief& brief);

}  // namespace verbund::portal
