// SPDX-License-Identifier: EUPL-1.2
#include "kits/ical/ical.h"

#include <cstdio>

#include "base/check.h"
#include "base/text.h"

namespace verbund::ical {
namespace {

constexpr std::size_t longest_line = 75;   // bytes without the line end. Source: RFC 5545, 3.1

// The rule of Directive 2000/84/EC, valid from 1996. Source: RFC 5545, 3.6.5.
constexpr std::string_view berlin =
    "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n"
    "BEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nDTSTART:19960331T020000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"
    "BEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nDTSTART:19961027T030000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

bool is_time(std::string_view text) {
  return text.size() == 15 && text[8] == 'T' && is_digits(text.substr(0, 8)) && is_digits(text.substr(9));
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || c == ';' || c == ',') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20 && byte != 0x7F) {
      out += c;
    }
  }
  return out;
}

std::string content_line(std::string_view name, std::string_view value) {
  const std::string line = std::string(name) + ":" + std::string(value);
  std::string out;
  std::string_view rest = line;
  while (!rest.empty()) {
    const std::size_t room = out.empty() ? longest_line : longest_line - 1;   // a blank begins what is folded
    std::string_view piece = cut_utf8(rest, room);
    if (piece.empty()) piece = rest.substr(0, 1);   // no UTF-8: never without end
    if (!out.empty()) out += "\r\n ";
    out += piece;
    rest.remove_prefix(piece.size());
  }
  return out + "\r\n";
}

std::string calendar(const Event& event) {
  VERBUND_CHECK(is_time(event.begins) && is_time(event.ends));
  std::string stamp = to_rfc3339(event.stamp);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  std::string out = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Verbund//Portal//DE\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n";
  out += berlin;
  out += "BEGIN:VEVENT\r\n";
  out += content_line("UID", escaped(event.uid)) + content_line("DTSTAMP", stamp);
  out += content_line("DTSTART;TZID=Europe/Berlin", event.begins) + content_line("DTEND;TZID=Europe/Berlin", event.ends);
  const std::string language = event.language.empty() ? std::string() : ";LANGUAGE=" + event.language;
  out += content_line("SUMMARY" + language, escaped(event.summary));
  if (!event.description.empty()) out += content_line("DESCRIPTION" + language, escaped(event.description));
  if (!event.location.empty()) out += content_line("LOCATION", escaped(event.location));
  if (event.position) {
    char text[64];
    std::snprintf(text, sizeof text, "%.6f;%.6f", event.position->first, event.position->second);
    out += content_line("GEO", text);
  }
  std::string url;
  for (const char c : event.url) {
    if (static_cast<unsigned char>(c) > 0x20) url += c;
  }
  if (!url.empty()) out += content_line("URL", url);
  return out + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

}  // namespace verbund::ical
