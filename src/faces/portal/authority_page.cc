// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/orientation.h"
#include "faces/portal/pages.h"
#include "faces/portal/structured_data.h"
#include "faces/portal/unit_view.h"
#include "faces/portal/view.h"
#include "faces/portal/voice_pages.h"
#include "kits/html/html.h"
#include "kits/text/text.h"

namespace verbund::portal {
namespace {

using directory::Address;
using directory::ObjectKind;
using directory::OrganisationalUnit;

// Where the people live who come here: the municipality of the address, so that links to services know the place.
std::optional<directory::Area> place_of(const OrganisationalUnit& unit, const Visit& visit) {
  const Address* address = directory::visiting_address(unit);
  if (address == nullptr) return std::nullopt;
  for (const std::string* clue : {&address->area, &address->municipality, &address->postal_code}) {
    if (clue->empty()) continue;
    auto area = visit.snapshot.place(*clue);
    if (area && !area->key.digits().empty() && !area->slug.empty()) return area;
  }
  return std::nullopt;
}

void add_parent(page::Data& data, const Visit& visit, const OrganisationalUnit& unit) {
  data.set("unit_parent", false);
  if (!unit.parent) return;
  const auto parent = visit.objects.get<OrganisationalUnit>(*unit.parent);
  if (!parent) return;
  const std::string slug = visit.objects.slug(ObjectKind::unit, *unit.parent);
  data.set("unit_parent", worded(parent->name, "de").text)
      .set("unit_parent_url", slug.empty() ? std::string() : visit.url(authority_path(slug)));
}

void add_ways(page::Data& data, const Visit& visit, const Address* address) {
  std::vector<page::Data> ways;
  if (address != nullptr) {
    for (const auto* texts : {&address->directions, &address->public_transport, &address->parking}) {
      const Worded text = worded(*texts, visit.language);
      if (text.text.empty()) continue;
      ways.push_back(page::Data().set("way", prose(text.text, 5)).set("way_lang", visit.mark(text.language)));
    }
  }
  data.set("directions", !ways.empty()).set("ways", std::move(ways));
}

void add_links(page::Data& data, const OrganisationalUnit& unit) {
  std::vector<page::Data> links;
  for (const auto& link : unit.links) {
    const std::string url = web_url(link.uri);
    if (url.empty()) continue;
    links.push_back(
        page::Data().set("link_url", url).set("link_title", link.title.empty() ? host_of(url) : link.title));
  }
  data.set("has_unit_links", !links.empty()).set("unit_links", std::move(links));
}

}  // namespace

Page authority_page(const Visit& visit) {
  const std::string_view slug = visit.parameter("authority");
  auto addressed = visit.objects.by_slug(ObjectKind::unit, slug);
  if (!addressed) addressed = visit.objects.by_slug(ObjectKind::unit, text::slug(slug));
  const auto unit = addressed ? visit.objects.get<OrganisationalUnit>(addressed->id) : std::nullopt;
  if (!unit) return not_found_page(visit, nullptr, slug);
  const std::string current = visit.objects.slug(ObjectKind::unit, unit->id);
  if (current != slug && !current.empty()) return Page::redirect(301, visit.url(authority_path(current)));

  const auto place = place_of(*unit, visit);
  Page page;
  page.name = "authority";
  page.offline = true;
  page.path = authority_path(slug);
  page::Data& data = page.data;
  const std::string name = worded(unit->name, "de").text;
  page.title = name;
  page.description = visit.say("unit.description", {{"name", name}});
  add_unit(data, visit, *unit, 5);
  add_parent(data, visit, *unit);
  add_ways(data, visit, directory::visiting_address(*unit));
  add_links(data, *unit);
  add_feedback_form(data, visit, page.path);
  add_map(data, visit, *unit, place ? &*place : nullptr);
  std::vector<Crumb> crumbs;
  if (place) crumbs.push_back({place->short_name, visit.url(place_path(*place)), ""});
  add_crumbs(data, visit, crumbs, name, visit.mark("de"));
  Json office = government_office(visit, *unit);
  if (place) page.carrier = carrier_of(visit.look, *place);
  add_structured(page, {std::move(office), breadcrumb_list(visit, crumbs, name)});

  const Worded description = worded(unit->description, visit.language);
  const Worded notes = worded(unit->notes, visit.language);
  const auto services = visit.snapshot.services_of_unit(unit->id);
  data.set("unit_kind", unit->kind == name ? std::string() : unit->kind)
      .set("unit_text", prose(description.text, 2))
      .set("unit_text_lang", visit.mark(description.language))
      .set("unit_notes", prose(notes.text, 2))
      .set("unit_notes_lang", visit.mark(notes.language))
      .set("payment", payment_words(unit->payment_methods, visit.say))
      .set("has_services", !services.empty())
      .set("services_title", visit.say("unit.services"))
      .set("services", service_items(visit, services, place ? &*place : nullptr))
      .set("json_url", "/api/v1/units/" + http::percent_encode(directory::external_id(ObjectKind::unit, unit->id)));
  return page;
}

}  // namespace verbund::portal
