// SPDX-License-Identifier: EUPL-1.2
// Pictures for life events: our own drawings (web/pictures), put into the page so that they take its colours.
#pragma once

#include <string_view>

namespace verbund::portal {

// The drawing for a life event by its slug ("umzug-und-wohnen"), as SVG for the page, decorative; the one with papers
// if no word of the slug is known. Lives as long as the program.
std::string_view life_event_picture(std::string_view slug);

}  // namespace verbund::portal
