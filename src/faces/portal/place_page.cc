// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "base/text.h"
#include "faces/portal/pages.h"
#include "faces/portal/place_authorities.h"
#include "faces/portal/structured_data.h"
#include "faces/portal/view.h"
#include "kits/text/text.h"

namespace verbund::portal {
namespace {

using directory::Area;
using directory::ServiceBrief;

constexpr std::size_t most_services = 300;       // listed on the page of a place
constexpr std::size_t services_without_letters = 80;
constexpr std::size_t most_authorities = 12;
constexpr std::size_t most_postal_codes = 6;

std::string kind_word(const Area& area, const Visit& visit) {
  // "Norderstedt, Stadt" says it best; else the level.
  if (const std::size_t comma = area.name.rfind(", "); comma != area.name.npos) return area.name.substr(comma + 2);
  return visit.say("place.level." + std::string(directory::name(area.top_level)));
}

std::string postal_codes(const Area& area, const Visit& visit) {
  const auto codes = visit.snapshot.postal_codes(area.key);
  if (codes.empty()) return {};
  std::string joined;
  for (std::size_t i = 0; i < std::min(codes.size(), most_postal_codes); ++i) joined += (i == 0 ? "" : ", ") + codes[i];
  if (codes.size() > most_postal_codes) {
    joined =
        visit.say("place.and_more", {{"codes", joined}, {"count", std::to_string(codes.size() - most_postal_codes)}});
  }
  return visit.say(codes.size() == 1 ? "place.facts_postal" : "place.facts_postals", {{"codes", joined}});
}

std::string place_facts(const Area& area, const Visit& visit) {
  std::vector<std::string> facts = {kind_word(area, visit)};
  for (const auto& key : area.key.with_ancestors()) {
    if (key == area.key || key.digits().empty() || key.digits().size() == 9) continue;
    auto above = visit.snapshot.area(key);
    if (above && above->key == key && above->level != directory::AreaLevel::region)
      facts.push_back(visit.snapshot.label(key));
  }
  if (std::string codes = postal_codes(area, visit); !codes.empty()) facts.push_back(std::move(codes));
  if (area.population > 0) {
    facts.push_back(visit.say("place.facts_people", {{"count", grouped(area.population, visit.language)}}));
  }
  std::string out;
  for (const std::string& fact : facts) out += (out.empty() ? "" : " · ") + fact;
  return out;
}

void add_authorities(page::Data& data, const Visit& visit, const Area& place,
                     const std::vector<ServiceBrief>& services) {
  std::vector<page::Data> items;
  for (const PlaceAuthority& entry : place_authorities(visit, place, services, most_authorities)) {
    const std::string where = visit.say("place.responsible_for", {{"area", visit.snapshot.label(entry.brief.area)}});
    page::Data item;
    item.set("authority_url", entry.url)
        .set("authority_name", entry.brief.name)
        .set("authority_note", visit.say.count("event", entry.services) + ", " + where);
    items.push_back(std::move(item));
  }
  data.set("has_authorities", !items.empty())
      .set("authorities", std::move(items))
      .set("authorities_title", visit.say("place.authorities", {{"place", place.short_name}}));
}

std::string letter_of(const std::string& title) {
  const std::string folded = text::fold(title);
  const char first = folded.empty() ? '#' : folded[0];
  if (first >= 'a' && first <= 'z') return std::string(1, static_cast<char>(first - 'a' + 'A'));
  return first >= '0' && first <= '9' ? "0–9" : "#";
}

void add_services(page::Data& data, const Visit& visit, const Area& place, std::vector<ServiceBrief> services) {
  const std::size_t all = services.size();
  if (services.size() > most_services) services.resize(most_services);
  std::vector<page::Data> letters;
  const bool by_letter = services.size() > services_without_letters;
  if (by_letter) {
    for (std::size_t begin = 0; begin < services.size();) {
      const std::string letter = letter_of(services[begin].title);
      std::size_t end = begin;
      while (end < services.size() && letter_of(services[end].title) == letter) ++end;
      page::Data item;
      item.set("letter", letter)
          .set("letter_count", visit.say.count("event", end - begin))
          .set("services", service_items(visit, {services.begin() + static_cast<std::ptrdiff_t>(begin),
                                                 services.begin() + static_cast<std::ptrdiff_t>(end)}, &place));
      letters.push_back(std::move(item));
      begin = end;
    }
  }
  const Values values = {{"place", place.short_name}};
  data.set("has_services", all > 0)
      .set("services_title", visit.say("place.services", values))
      .set("letters", std::move(letters))
      .set("plain_services", all > 0 && !by_letter)
      .set("services", by_letter ? std::vector<page::Data>() : service_items(visit, services, &place))
      .set("more_services", all > most_services
                                ? visit.say("place.more_services", {{"count", std::to_string(most_services)}})
                                : std::string())
      .set("no_services", all == 0 ? visit.say("place.none", values) : std::string());
}

Crumb crumb_of(const Visit& visit, const Area& place) {
  return {place.short_name, visit.url(place_path(place)), ""};
}

void add_place_links(Page& page, const Visit& visit, const Area* place) {
  if (place == nullptr) return;
  page.carrier = carrier_of(visit.look, *place);
  page.feed = place_path(*place) + std::string(feed_name);
}

Page event_list(const Visit& visit, const Area* place) {
  Page page;
  page.name = "events";
  const std::string heading = place == nullptr ? visit.say("events.title")
                                               : visit.say("events.title_place", {{"place", place->short_name}});
  page.title = heading;
  page.path = (place == nullptr ? std::string() : place_path(*place)) + "/lebenslagen";
  page.data.set("heading", heading);
  std::vector<Crumb> crumbs;
  if (place != nullptr) crumbs.push_back(crumb_of(visit, *place));
  add_crumbs(page.data, visit, crumbs, visit.say("frame.life_events"));
  add_place_links(page, visit, place);
  add_events(page.data, visit, place);
  add_search(page.data, visit, "", place == nullptr ? std::string() : visit.snapshot.label(place->key));
  return page;
}

Page one_event(const Visit& visit, const Area* place) {
  const std::string_view slug = visit.parameter("event");
  const auto events = visit.snapshot.life_events();
  const std::string folded = text::slug(slug);
  auto event = std::find_if(events.begin(), events.end(), [&](const auto& e) { return e.slug == slug; });
  const std::string base = place == nullptr ? std::string() : place_path(*place);
  if (event == events.end()) {
    auto better = std::find_if(events.begin(), events.end(), [&](const auto& e) { return e.slug == folded; });
    if (better != events.end()) {
      return Page::redirect(301, visit.url(base + "/lebenslagen/" + http::percent_encode(better->slug)));
    }
    return not_found_page(visit, place, slug);
  }
  const std::string path = "/lebenslagen/" + http::percent_encode(event->slug);

  Page page;
  page.name = "event";
  page.title = place == nullptr
                   ? event->name
                   : visit.say("service.page_title", {{"service", event->name}, {"place", place->short_name}});
  page.path = base + path;
  std::vector<Crumb> crumbs;
  if (place != nullptr) crumbs.push_back(crumb_of(visit, *place));
  crumbs.push_back({visit.say("frame.life_events"), visit.url(base + "/lebenslagen"), ""});
  add_crumbs(page.data, visit, crumbs, event->name, visit.mark("de"));
  add_place_links(page, visit, place);
  add_structured(page, {breadcrumb_list(visit, crumbs, event->name)});
  const auto services =
      visit.snapshot.services_of_life_event(event->slug, place == nullptr ? directory::AreaKey() : place->key);
  const Values values = {{"place", place == nullptr ? std::string() : place->short_name}};
  std::string lead = visit.say("event.lead");
  if (place != nullptr) lead = visit.say(services.empty() ? "event.none_place" : "event.lead_place", values);
  page.data.set("heading", event->name)
      .set("heading_lang", visit.mark("de"))
      .set("event_lead", std::move(lead))
      .set("has_services", !services.empty())
      .set("services", service_items(visit, services, place))
      .set("ask_place", place == nullptr);
  add_place_form(page.data, visit, path, "");
  return page;
}

}  // namespace

Page place_page(const Visit& visit) {
  PlaceOfPath found = place_of_path(visit, "");
  if (found.redirect) return std::move(*found.redirect);
  if (!found.area) return not_found_page(visit, nullptr, visit.parameter("place"));
  const Area& place = *found.area;

  Page page;
  page.name = "place";
  page.path = place_path(place);
  page.title = visit.say("place.page_title", {{"place", place.short_name}});
  page.description = visit.say("place.description", {{"place", place.short_name}});
  page.data.set("place_name", place.short_name).set("place_facts", place_facts(place, visit));
  add_crumbs(page.data, visit, {}, place.short_name);
  add_place_links(page, visit, &place);
  add_structured(page, {breadcrumb_list(visit, {}, place.short_name)});
  add_search(page.data, visit, "", visit.snapshot.label(place.key));
  add_events(page.data, visit, &place);
  const auto services = visit.snapshot.services_at(place.key);
  add_authorities(page.data, visit, place, services);
  add_services(page.data, visit, place, services);
  return page;
}

Page events_page(const Visit& visit) { return event_list(visit, nullptr); }

Page event_page(const Visit& visit) {
  // The form "what applies in your town?" comes back here.
  const std::string typed = visit.place();
  if (!typed.empty()) {
    const PlaceChoice choice = choose_place(visit, typed);
    const std::string path = "/lebenslagen/" + http::percent_encode(visit.parameter("event"));
    if (choice.area) return Page::redirect(303, visit.url(place_path(*choice.area) + path));
    return Page::redirect(303, visit.url("/suche", {{"q", std::string(visit.parameter("event"))}, {"ort", typed}}));
  }
  return one_event(visit, nullptr);
}

Page place_events_page(const Visit& visit) {
  PlaceOfPath found = place_of_path(visit, "/lebenslagen");
  if (found.redirect) return std::move(*found.redirect);
  if (!found.area) return not_found_page(visit, nullptr, visit.parameter("place"));
  return event_list(visit, &*found.area);
}

Page place_event_page(const Visit& visit) {
  PlaceOfPath found = place_of_path(visit, "/lebenslagen/" + http::percent_encode(visit.parameter("event")));
  if (found.redirect) return std::move(*found.redirect);
  if (!found.area) return not_found_page(visit, nullptr, visit.parameter("event"));
  return one_event(visit, &*found.area);
}

}  // namespace verbund::portal
