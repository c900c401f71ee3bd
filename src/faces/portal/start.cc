// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>

#include "faces/portal/pages.h"
#include "faces/portal/view.h"

namespace verbund::portal {
namespace {

using directory::ServiceBrief;

// Asked for most at counters, in this order. Source: service keys of the national catalogue (LeiKa).
constexpr std::array<std::string_view, 8> popular_keys = {
    "99008001000000",  // identity card
    "99115005000000",  // registering a residence
    "99085001000000",  // passport
    "99049001000000",  // certificate of good conduct
    "99036011011000",  // registering a car
    "99108001000000",  // parking permit for residents
    "99050012104000",  // registering a business
    "99059001104000",  // marriage
};
constexpr std::size_t most_popular = 8;

std::vector<ServiceBrief> popular_services(const Visit& visit, const directory::AreaKey& area) {
  std::vector<ServiceBrief> out;
  const auto add = [&](const ServiceBrief& service) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const auto& other) { return other.id == service.id; });
    if (!known && out.size() < most_popular) out.push_back(service);
  };
  for (std::string_view key : popular_keys) {
    if (auto service = visit.snapshot.service_by_key(key, area)) add(*service);
  }
  if (out.size() >= most_popular) return out;
  // What a life event leads to is asked for more often than the rest of the catalogue.
  for (const auto& event : visit.snapshot.life_events()) {
    const auto services = visit.snapshot.services_of_life_event(event.slug, area);
    for (std::size_t i = 0; i < std::min<std::size_t>(services.size(), 2); ++i) add(services[i]);
  }
  return out;
}

}  // namespace

Page start_page(const Visit& visit) {
  const auto home = visit.look.place.empty() ? std::nullopt : visit.snapshot.place(visit.look.place);
  const directory::Area* place = home && !home->key.digits().empty() ? &*home : nullptr;

  Page page;
  page.name = "start";
  page.path = "/";
  page.title = visit.say("start.page_title");
  page.description = visit.say("start.description");
  add_search(page.data, visit, "", place == nullptr ? std::string() : visit.snapshot.label(place->key));
  add_events(page.data, visit, place);

  std::vector<page::Data> popular;
  for (const auto& service : popular_services(visit, place == nullptr ? directory::AreaKey() : place->key)) {
    const Worded title = brief_title(visit, service);
    page::Data item;
    item.set("popular_url", visit.url(service_path(place, service.slug)))
        .set("popular_title", title.text)
        .set("popular_lang", visit.mark(title.language));
    popular.push_back(std::move(item));
  }
  page.data.set("has_popular", !popular.empty()).set("popular", std::move(popular));
  return page;
}

}  // namespace verbund::portal
