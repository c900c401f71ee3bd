// SPDX-License-Identifier: EUPL-1.2
// One event as an iCalendar file, in the time zone Europe/Berlin.
// Source: RFC 5545 (3.1 content lines, 3.3.11 text, 3.6.1 event, 3.6.5 time zone).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace verbund::ical {

struct Event {
  std::string uid;             // the same event keeps it: "x@portal.example"
  Instant stamp;               // when this was written
  std::string begins, ends;    // wall time in Berlin: "20260609T073000"
  std::string summary;
  std::string description;     // lines separated by line feeds; may be empty, as what follows
  std::string location;
  std::string url;
  std::string language;        // of the texts: "de"
  std::optional<std::pair<double, double>> position;   // latitude, longitude (WGS 84)
};

// A whole file: lines end with CR LF, none is longer than 75 bytes, none is cut within a character. Control characters in
// texts are left out. Requires: begins and ends are of the shape above.
std::string calendar(const Event& event);

// The text of a property value: "\\", ";", "," and line feeds escaped.
std::string escaped(std::string_view text);
// "NAME:value" folded, with its line end.
std::string content_line(std::string_view name, std::string_view value);

}  // namespace verbund::ical
