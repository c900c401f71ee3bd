// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/dldb_text.h"

#include <algorithm>

#include "base/text.h"
#include "kits/html/html.h"

namespace verbund::directory::dldb {
namespace {

constexpr std::size_t links_most = 200;  // of one list; a catalogue entry has some ten

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return text.find(word) != std::string_view::npos; });
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

bool is_document(std::string_view uri) {
  const std::string path = to_lower_ascii(uri.substr(0, uri.find_first_of("?#")));
  return contains_any(path, {".pdf", ".doc", ".odt", ".rtf", ".xls", ".jpg", ".png"});
}

// "a < b" is text, "<p>" and "</p>" are tags.
bool has_tag(std::string_view text) {
  for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    if ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '/' || next == '!') return true;
  }
  return false;
}

bool is_appointment_or_help(std::string_view uri) {
  return contains_any(to_lower_ascii(uri), {"termin", "appointment", "faq", "youtube."});
}

}  // namespace

std::string text(const Json& value) {
  if (const auto* string = value.if_string()) return std::string(trim(*string));
  if (const auto* number = value.if_int()) return std::to_string(*number);
  return {};
}

std::string html_of(std::string_view text) {
  if (has_tag(text) || text.find('\n') == std::string_view::npos) return html::sanitise(text);
  std::string paragraphs;
  for (auto line : split(text, '\n')) {
    if (line = trim(line); !line.empty()) paragraphs += "<p>" + std::string(line) + "</p>";
  }
  return html::sanitise(paragraphs);
}

std::string language(const Json& entry) {
  const std::string locale = to_lower_ascii(entry["meta"].text_or("locale", "de"));
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  if (locale.size() < 2 || !letter(locale[0]) || !letter(locale[1])) return "de";
  if (locale.size() > 2 && locale[2] != '_' && locale[2] != '-') return "de";
  return locale.substr(0, 2);
}

std::string address(const Json& value, std::string_view service_id, std::string_view location_id) {
  std::string uri = text(value);
  replace_all(uri, "&amp;", "&");
  replace_all(uri, "{serviceId}", service_id);
  replace_all(uri, "{locationId}", location_id);
  const std::string start = to_lower_ascii(uri.substr(0, 8));
  if (!start.starts_with("http://") && !start.starts_with("https://")) return {};
  const auto bad = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || std::string_view("<>\"{}\x7F").find(c) != std::string_view::npos;
  };
  if (uri.size() > 2000 || std::any_of(uri.begin(), uri.end(), bad)) return {};
  return uri;
}

std::vector<NamedLink> named_links(const Json& list) {
  std::vector<NamedLink> out;
  const auto* entries = list.if_array();
  if (!entries) return out;
  for (const auto& entry : *entries) {
    if (out.size() >= links_most) break;
    NamedLink link{text(entry["name"]), address(entry["link"], {}, {}), text(entry["description"])};
    if (link.name.empty()) link.name = link.uri;
    if (!link.name.empty()) out.push_back(std::move(link));
  }
  return out;
}

std::string html_list(const std::vector<NamedLink>& entries) {
  if (entries.empty()) return {};
  std::string out = "<ul>";
  for (const auto& entry : entries) {
    const std::string name = html::escape(html::to_plain_text(html_of(entry.name)));
    out += "<li>";
    out += entry.uri.empty() ? name : "<a href=\"" + html::escape(entry.uri) + "\">" + name + "</a>";
    if (!entry.description.empty()) out += ": " + html::to_plain_text(html_of(entry.description));
    out += "</li>";
  }
  return html::sanitise(out + "</ul>");
}

bool is_form(const NamedLink& link) {
  return is_document(link.uri) ||
         contains_any(to_lower_ascii(link.name), {"antrag", "formular", "vordruck", "formblatt"});
}

bool is_online_application(const NamedLink& link) {
  if (link.uri.empty() || is_document(link.uri) || is_appointment_or_help(link.uri)) return false;
  const std::string name = to_lower_ascii(link.name);
  if (contains_any(name, {"termin", "information", "auskunft", "kontakt", "vorteile"})) return false;
  return name.find("online") != std::string::npos &&
         contains_any(name, {"antrag", "beantrag", "stellen", "melden", "meldung", "setzen", "zulassen", "bestellen",
                             "einreichen", "anzeigen", "verlängern", "erledigen"});
}

std::vector<std::string> online_links_in(std::string_view html) {
  // `html` is sanitised: the only attribute is href, in double quotes, and tags nest well.
  std::vector<std::string> out;
  constexpr std::string_view open = "<a href=\"", close = "</a>";
  for (auto at = html.find(open); at != std::string_view::npos && out.size() < links_most; at = html.find(open, at)) {
    at += open.size();
    const auto quote = html.find("\">", at), end = html.find(close, at);
    if (quote == std::string_view::npos || end == std::string_view::npos || quote > end) break;
    const Json raw(std::string(html.substr(at, quote - at)));
    const std::string uri = address(raw, {}, {});
    const std::string words = to_lower_ascii(html::to_plain_text(html.substr(quote + 2, end - quote - 2)));
    at = end;
    const bool says_online = words == "online" || words == "online-antrag" || words == "online-dienst" ||
                             words == "onlinedienst" || words == "online beantragen";
    if (!says_online || uri.empty() || is_document(uri) || is_appointment_or_help(uri)) continue;
    if (std::find(out.begin(), out.end(), uri) == out.end()) out.push_back(uri);
  }
  return out;
}

}  // namespace verbund::directory::dldb
