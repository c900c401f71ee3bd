// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "faces/portal/pages.h"
#include "faces/portal/service_view.h"
#include "faces/portal/structured_data.h"
#include "faces/portal/unit_view.h"
#include "faces/portal/voice_pages.h"
#include "kits/text/text.h"

namespace verbund::portal {
namespace {

using directory::Area;
using directory::ObjectId;
using directory::ObjectKind;
using directory::Service;
using directory::ServiceAtPlace;

constexpr std::size_t most_units_in_full = 2;
constexpr std::size_t most_units_listed = 60;
constexpr std::size_t most_online = 5;

struct Found {
  std::optional<ObjectId> id;
  std::string slug;               // the current one
};

Found find_service(const Visit& visit, std::string_view slug) {
  auto addressed = visit.objects.by_slug(ObjectKind::service, slug);
  if (!addressed) addressed = visit.objects.by_slug(ObjectKind::service, text::slug(slug));
  if (!addressed || !visit.snapshot.service(addressed->id)) return {};
  return {addressed->id, visit.objects.slug(ObjectKind::service, addressed->id)};
}

// The assurance level of the first online service that says one: what a person must have at hand to sign in.
std::string assurance_level(const Visit& visit, const ServiceAtPlace& here) {
  for (const auto& brief : here.online) {
    if (brief.purpose == "appointment") continue;
    const auto online = visit.objects.get<directory::OnlineService>(brief.id);
    if (online && !online->assurance_level.empty() && !web_url(brief.url).empty()) return online->assurance_level;
  }
  return {};
}

void add_online(page::Data& data, const Visit& visit, const ServiceAtPlace& here) {
  std::vector<directory::OnlineBrief> briefs = here.online;
  // The way to apply first, the appointment after it.
  std::stable_partition(briefs.begin(), briefs.end(),
                        [](const auto& online) { return online.purpose != "appointment"; });
  std::vector<page::Data> items;
  for (const auto& brief : briefs) {
    const std::string url = web_url(brief.url);
    if (url.empty() || items.size() == most_online) continue;
    const auto online = visit.objects.get<directory::OnlineService>(brief.id);
    const Worded title = online ? worded(online->title, visit.language) : Worded{brief.title, "de"};
    page::Data item;
    item.set("online_url", url)
        .set("online_number", std::to_string(items.size() + 1))
        .set("online_class", items.empty() ? "kern-btn--primary" : "kern-btn--secondary")
        .set("online_label", visit.say(brief.purpose == "appointment" ? "service.appointment" : "service.apply"))
        .set("online_title", title.text.empty() ? brief.title : title.text)
        .set("online_lang", visit.mark(title.language))
        .set("online_host", host_of(url));
    items.push_back(std::move(item));
  }
  data.set("has_online", !items.empty()).set("online", std::move(items));
}

// Gives whether anybody is responsible.
bool add_units(page::Data& data, const Visit& visit, const ServiceAtPlace& here, const Area* place,
               const std::string& service_slug) {
  std::vector<page::Data> full, others;
  std::vector<ObjectId> seen;
  for (const auto& role : here.roles) {
    for (const auto& brief : role.units) {
      if (std::find(seen.begin(), seen.end(), brief.id) != seen.end()) continue;
      seen.push_back(brief.id);
      const auto unit = visit.objects.get<directory::OrganisationalUnit>(brief.id);
      if (!unit) continue;
      if (full.size() < most_units_in_full) {
        page::Data item;
        add_unit(item, visit, *unit, 5,
                 {{"dienst", service_slug}, {"ort", place == nullptr ? std::string() : place->slug}});
        item.set("unit_role", role.role == "03" ? visit.say("service.role.contact") : std::string());
        full.push_back(std::move(item));
      } else if (others.size() < most_units_listed) {
        const std::string slug = visit.objects.slug(ObjectKind::unit, brief.id);
        others.push_back(page::Data().set("other_url", visit.url(authority_path(slug))).set("other_name", brief.name));
      }
    }
  }
  const bool anybody = !full.empty();
  const Values values = {{"place", place == nullptr ? std::string() : place->short_name}};
  std::string nobody;
  if (!anybody) nobody = place == nullptr ? visit.say("service.nobody_any") : visit.say("service.nobody", values);
  data.set("responsible_title",
           place == nullptr ? visit.say("service.responsible_any") : visit.say("service.responsible", values))
      .set("units", std::move(full))
      .set("more_units", others.empty() ? std::string() : visit.say.count("service.other_units", others.size()))
      .set("other_units", std::move(others))
      .set("nobody", std::move(nobody));
  return anybody;
}

Service with_specialisations(const Visit& visit, Service service, const ServiceAtPlace& here) {
  std::vector<directory::Specialisation> layers;
  for (const ObjectId& id : here.specialisations) {
    if (auto layer = visit.objects.get<directory::Specialisation>(id)) layers.push_back(std::move(*layer));
  }
  return layers.empty() ? service : directory::specialised(service, layers);
}

bool valid_at(const Service& service, const Area& place) {
  return service.valid_areas.empty() || std::any_of(service.valid_areas.begin(), service.valid_areas.end(),
                                                    [&](const auto& area) { return area.contains(place.key); });
}

// The place of a service that one place alone offers: its page there is the one to be found.
std::optional<Area> only_place(const Visit& visit, const Service& service) {
  if (service.valid_areas.size() != 1 || service.valid_areas[0].digits().empty()) return std::nullopt;
  auto area = visit.snapshot.area(service.valid_areas[0]);
  if (!area || area->key != service.valid_areas[0] || area->slug.empty()) return std::nullopt;
  return area->level == directory::AreaLevel::municipality ? area : std::nullopt;
}

// `typed`: what came in ?ort=, for the page without a place.
Page service_page(const Visit& visit, const Service& stored, const std::string& slug, const Area* place,
                  const PlaceChoice& choice, const std::string& typed) {
  const ServiceAtPlace here = visit.snapshot.at_place(stored.id, place == nullptr ? directory::AreaKey() : place->key);
  const Service service = with_specialisations(visit, stored, here);

  Page page;
  page.name = "service";
  page.offline = typed.empty();
  page.path = service_path(place, slug);
  page::Data& data = page.data;
  ServiceView view(visit, service);
  view.add_head(data);
  view.add_facts(data, assurance_level(visit, here));
  view.add_documents(data);
  add_online(data, visit, here);
  const bool anybody = add_units(data, visit, here, place, slug);
  view.add_texts(data, !anybody);
  view.add_source(data, place);
  data.set("proof_url", visit.proofs == nullptr ? std::string() : visit.url(proof_path(place, slug)));
  view.add_language_note(data);
  add_feedback_form(data, visit, page.path);

  page.title = place == nullptr
                   ? view.title()
                   : visit.say("service.page_title", {{"service", view.title()}, {"place", place->short_name}});
  page.description = view.description();
  std::string elsewhere;
  if (place != nullptr && !anybody && here.online.empty() && !valid_at(service, *place)) {
    elsewhere = visit.say("service.elsewhere", {{"place", place->short_name}});
  }
  data.set("qr_url", "/qr.svg?seite=" + http::percent_encode(visit.url(page.path)));
  data.set("elsewhere", std::move(elsewhere)).set("ask_place", place == nullptr);
  add_place_form(data, visit, service_path(nullptr, slug), typed);
  add_place_choices(data, visit, choice, typed, [&](std::string_view area) {
    return visit.url("/" + http::percent_encode(area) + "/" + http::percent_encode(slug));
  });
  std::vector<Crumb> crumbs;
  if (place != nullptr) crumbs.push_back({place->short_name, visit.url(place_path(*place)), ""});
  add_crumbs(data, visit, crumbs, view.title(), visit.mark(view.title_language()));
  const auto only = place == nullptr ? only_place(visit, service) : std::nullopt;
  if (only) page.path = service_path(&*only, slug);
  if (const Area* at = place != nullptr ? place : only ? &*only : nullptr; at != nullptr) {
    page.carrier = carrier_of(visit.look, *at);
    page.feed = place_path(*at) + std::string(feed_name);
  }
  add_structured(page, {government_service(visit, {service, here, place, view.title(), view.description(), page.path}),
                        breadcrumb_list(visit, crumbs, view.title())});
  return page;
}

}  // namespace

Page service_at_place_page(const Visit& visit) {
  const std::string_view wanted = visit.parameter("service");
  PlaceOfPath found_place = place_of_path(visit, "/" + http::percent_encode(wanted));
  if (found_place.redirect) return std::move(*found_place.redirect);
  if (!found_place.area) {
    return not_found_page(visit, nullptr, std::string(visit.parameter("place")) + " " + std::string(wanted));
  }
  const Area& place = *found_place.area;
  const Found found = find_service(visit, wanted);
  const auto service = found.id ? visit.objects.get<Service>(*found.id) : std::nullopt;
  if (!service) return not_found_page(visit, &place, wanted);
  if (found.slug != wanted) return Page::redirect(301, visit.url(service_path(&place, found.slug)));

  // Another town's description under this town's address: this town may have its own for the same service key.
  const ServiceAtPlace here = visit.snapshot.at_place(service->id, place.key);
  if (here.roles.empty() && here.online.empty() && !valid_at(*service, place)) {
    const std::string_view key = directory::service_key(*service);
    const auto own = key.empty() ? std::nullopt : visit.snapshot.service_by_key(key, place.key);
    if (own && own->id != service->id) return Page::redirect(302, visit.url(service_path(&place, own->slug)));
  }
  return service_page(visit, *service, found.slug, &place, {}, "");
}

Page service_anywhere_page(const Visit& visit) {
  const std::string_view wanted = visit.parameter("service");
  const Found found = find_service(visit, wanted);
  const auto service = found.id ? visit.objects.get<Service>(*found.id) : std::nullopt;
  if (!service) return not_found_page(visit, nullptr, wanted);
  const std::string typed = visit.place();
  if (found.slug != wanted) return Page::redirect(301, visit.url(service_path(nullptr, found.slug), {{"ort", typed}}));
  const PlaceChoice choice = choose_place(visit, typed);
  if (choice.area) return Page::redirect(303, visit.url(service_path(&*choice.area, found.slug)));
  Page page = service_page(visit, *service, found.slug, nullptr, choice, typed);
  page.noindex = !typed.empty();
  return page;
}

}  // namespace verbund::portal
