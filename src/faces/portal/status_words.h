// SPDX-License-Identifier: EUPL-1.2
// How moments, shares and days of uptime read on the status page.
#pragma once

#include <string>
#include <string_view>

#include "faces/portal/status_page.h"
#include "faces/portal/view.h"

namespace verbund::portal {

// "8. Juni 2026, 12:05 Uhr", by the clock in Berlin.
std::string moment(Instant at, const Wording& say);
// "99,98 %"; never 100 % unless it is; `minutes` > 0.
std::string percent(std::int64_t good, std::int64_t minutes, std::string_view language);
// The text in the language, for plain language else German, else German.
Worded told(const commons::IncidentTexts& texts, std::string_view language);
// An SVG with one bar for each day; `label` says it in words.
std::string uptime_bars(const StatusNow::Days& days, const std::string& label);

}  // namespace verbund::portal
