// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/visit.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "faces/portal/pictures.h"
#include "kits/text/text.h"

namespace verbund::portal {

using directory::Area;

std::string Visit::url(std::string_view path, const Query& query) const {
  std::string out(path);
  char separator = '?';
  const auto append = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += separator;
    out += name;
    out += '=';
    out += http::percent_encode(value);
    separator = '&';
  };
  for (const auto& [name, value] : query) append(name, value);
  if (language != languages[0]) append("lang", language);
  if (framed()) append("rahmen", "1");
  return out;
}

std::string Visit::here_in(std::string_view other_language) const {
  std::string path;
  for (std::string_view segment : split(std::string_view(request.path).substr(1), '/')) {
    path += '/';
    path += http::percent_encode(segment);
  }
  Query query = {{"q", this->query()}, {"ort", place()}, {"seite", std::string(request.query_value("seite"))},
                 {"nur", std::string(request.query_value("nur"))}, {"nr", std::string(request.query_value("nr"))}};
  Visit other{look, request, snapshot, objects, std::string(other_language), today, say};
  return other.url(path, query);
}

std::string_view Visit::parameter(std::string_view name) const {
  auto found = request.parameters.find(name);
  return found == request.parameters.end() ? std::string_view() : std::string_view(found->second);
}

bool Visit::framed() const { return request.query_value("rahmen") == "1"; }

std::string Visit::query() const { return std::string(trim(cut_utf8(trim(request.query_value("q")), 200))); }
std::string Visit::place() const { return std::string(trim(cut_utf8(trim(request.query_value("ort")), 100))); }

std::string Visit::mark(std::string_view text_language) const {
  return text_language.empty() || text_language == language ? std::string() : std::string(text_language);
}

Page Page::redirect(int status, std::string location) {
  Page page;
  page.status = status;
  page.location = std::move(location);
  return page;
}

void add_search(page::Data& data, const Visit& visit, std::string_view query, std::string_view place) {
  data.set("search_action", "/suche")
      .set("search_query", query)
      .set("search_place", place)
      .set("suggest_url", visit.url("/vorschlaege"))
      .set("search_lang", visit.language == languages[0] ? std::string() : visit.language);
}

void add_place_form(page::Data& data, const Visit& visit, std::string action, std::string_view value) {
  data.set("place_form_action", std::move(action))
      .set("place_form_value", value)
      .set("suggest_url", visit.url("/vorschlaege"))
      .set("search_lang", visit.language == languages[0] ? std::string() : visit.language);
}

void add_crumbs(page::Data& data, const Visit& visit, const std::vector<Crumb>& crumbs, std::string here,
                std::string here_language) {
  std::vector<page::Data> list;
  const auto add = [&](const std::string& label, const std::string& url, const std::string& language) {
    page::Data crumb;
    crumb.set("crumb_label", label).set("crumb_url", url).set("crumb_lang", language);
    list.push_back(std::move(crumb));
  };
  add(visit.say("frame.home"), visit.url("/"), "");
  for (const Crumb& crumb : crumbs) add(crumb.label, crumb.url, crumb.language);
  data.set("crumbs", std::move(list))
      .set("crumb_here", std::move(here))
      .set("crumb_here_lang", std::move(here_language));
}

void add_events(page::Data& data, const Visit& visit, const Area* place) {
  std::vector<page::Data> events;
  for (const auto& event : visit.snapshot.life_events()) {
    std::size_t services = event.services;
    if (place != nullptr) services = visit.snapshot.services_of_life_event(event.slug, place->key).size();
    if (services == 0) continue;
    const std::string base = place == nullptr ? std::string() : place_path(*place);
    page::Data item;
    item.set("event_url", visit.url(base + "/lebenslagen/" + http::percent_encode(event.slug)))
        .set("event_name", event.name)
        .set("event_picture", page::Markup{std::string(life_event_picture(event.slug))})
        .set("event_lang", visit.mark("de"))
        .set("event_count", visit.say.count("event", services));
    events.push_back(std::move(item));
  }
  data.set("has_events", !events.empty()).set("events", std::move(events));
}

std::string absolute(const Look& look, std::string_view path, std::string_view language) {
  std::string_view base = look.base_url;
  while (base.ends_with('/')) base.remove_suffix(1);
  std::string out(base);
  out += path;
  if (language != languages[0]) out += (path.find('?') == path.npos ? "?lang=" : "&lang=") + std::string(language);
  return out;
}

std::string carrier_of(const Look& look, const Area& place) {
  if (!look.carrier) return {};
  std::string base = look.carrier(place.key);
  while (base.ends_with('/')) base.pop_back();
  std::string_view own = look.base_url;
  while (own.ends_with('/')) own.remove_suffix(1);
  return base == own ? std::string() : base;
}

std::string place_path(const Area& area) { return "/" + http::percent_encode(area.slug); }

std::string service_path(const Area* place, std::string_view slug) {
  return (place == nullptr ? std::string("/dienst") : place_path(*place)) + "/" + http::percent_encode(slug);
}

std::string authority_path(std::string_view slug) { return "/behoerden/" + http::percent_encode(slug); }

bool is_reserved(std::string_view first_segment) {
  static constexpr std::array<std::string_view, 38> reserved = {
      "115",     "bereitstellung", "einbetten.js", "fit-connect", "schnittstellen", "suchdienst",
      "api",     "assets",    "barrierefreiheit", "behoerden",  "datenschutz", "dienst",      "favicon.svg", "health",
      "impressum", "lebenslagen", "metrics",        "robots.txt", "suche",       "ueber",       "vorschlaege",
      ".well-known", "sitemap.xml", "sitemaps",         "opensearch.xml", "aenderungen.atom", "qr.svg",
      "nachweis", "rueckmeldung", "barriere-melden", "status", "status.json", "offline", "sw.js", "manifest.webmanifest", "kalender",
      "netz",    "orte.json"};
  return std::find(reserved.begin(), reserved.end(), first_segment) != reserved.end();
}

PlaceChoice choose_place(const Visit& visit, std::string_view typed) {
  PlaceChoice out;
  if (typed.empty()) return out;
  if (auto area = visit.snapshot.place(typed)) {
    if (!area->key.digits().empty()) out.area = std::move(area);
    return out;
  }
  auto matches = visit.snapshot.find_places(typed, 24);
  const bool exact = std::any_of(matches.begin(), matches.end(), [](const auto& match) { return match.exact; });
  if (exact) std::erase_if(matches, [](const auto& match) { return !match.exact; });
  if (matches.empty()) {
    out.unknown = true;
  } else if (matches.size() == 1) {
    if (!matches[0].area.key.digits().empty()) out.area = std::move(matches[0].area);
  } else {
    out.choices = std::move(matches);
  }
  return out;
}

void add_place_choices(page::Data& data, const Visit& visit, const PlaceChoice& choice, std::string_view typed,
                       const std::function<std::string(std::string_view slug)>& url_of) {
  std::vector<page::Data> choices;
  for (const auto& match : choice.choices) {
    page::Data item;
    item.set("choice_url", url_of(match.area.slug)).set("choice_label", match.label);
    choices.push_back(std::move(item));
  }
  const bool postal_code = typed.size() == 5 && is_digits(typed);
  const Values values = {{"place", std::string(typed)}};
  std::string question;
  if (!choices.empty())
    question = visit.say(postal_code ? "results.postal_question" : "results.place_question", values);
  data.set("has_place_choices", !choices.empty())
      .set("place_choices", std::move(choices))
      .set("place_question", std::move(question))
      .set("place_unknown", choice.unknown ? visit.say("results.place_unknown", values) : std::string());
}

PlaceOfPath place_of_path(const Visit& visit, std::string_view rest) {
  PlaceOfPath out;
  const std::string_view segment = visit.parameter("place");
  const auto found_as = [&](const Area& area) {
    auto current = visit.snapshot.area(area.key);   // a successor where there is one
    const Area& best = current && !current->slug.empty() ? *current : area;
    if (best.slug == segment) {
      out.area = best;
    } else {
      out.redirect = Page::redirect(301, visit.url(place_path(best) + std::string(rest)));
    }
  };
  if (auto area = visit.snapshot.area_by_slug(segment)) {
    found_as(*area);
  } else if (auto folded = visit.snapshot.area_by_slug(text::slug(segment)); folded && text::slug(segment) != "x") {
    found_as(*folded);
  } else if (is_digits(segment)) {
    if (auto numbered = visit.snapshot.place(segment)) {
      found_as(*numbered);
    } else if (!visit.snapshot.find_places(segment, 1).empty() && rest.empty()) {
      out.redirect = Page::redirect(302, visit.url("/suche", {{"ort", std::string(segment)}}));
    }
  }
  return out;
}

}  // namespace verbund::portal
