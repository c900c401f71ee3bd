// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/structured_data.h"

#include <algorithm>
#include <array>

#include "faces/portal/unit_view.h"
#include "faces/portal/view.h"
#include "kits/html/html.h"

namespace verbund::portal {
namespace {

using directory::Address;
using directory::Fee;
using directory::OrganisationalUnit;

constexpr std::size_t most_offices = 2;
constexpr std::size_t most_channels = 5;

void set_text(Json& json, const char* key, std::string text) {
  if (!text.empty()) json.set(key, std::move(text));
}

Json thing(const char* type) { return Json::object({{"@type", type}}); }

// A list of one is written as its item.
void set_list(Json& json, const char* key, std::vector<Json> items) {
  if (items.empty()) return;
  json.set(key, items.size() == 1 ? std::move(items[0]) : Json(std::move(items)));
}

// An amount of the catalogue as a number in text, or "" if it is none.
std::string price(const directory::Amount& amount) {
  const bool number = !amount.value.empty() && amount.value.find_first_not_of("0123456789.") == std::string::npos;
  return number ? amount.value : std::string();
}

std::string currency(const directory::Amount& amount) { return amount.currency.empty() ? "EUR" : amount.currency; }

Json offer(const Fee& fee) {
  Json out = thing("Offer");
  if (fee.choice == Fee::Choice::free) {
    out.set("price", "0").set("priceCurrency", "EUR");
  } else if (fee.fixed && !price(*fee.fixed).empty()) {
    out.set("price", price(*fee.fixed)).set("priceCurrency", currency(*fee.fixed));
  } else if (fee.choice == Fee::Choice::variable && (fee.least || fee.most)) {
    Json range = thing("PriceSpecification");
    if (fee.least) set_text(range, "minPrice", price(*fee.least));
    if (fee.most) set_text(range, "maxPrice", price(*fee.most));
    range.set("priceCurrency", currency(fee.least ? *fee.least : *fee.most));
    out.set("priceSpecification", std::move(range));
  } else {
    return {};
  }
  return out;
}

std::vector<Json> offers(const Visit& visit, const directory::Service& service) {
  std::vector<Json> out;
  for (const auto& module : service.modules.fees) {
    if (!valid_on(module.head.validity, visit.today)) continue;
    for (const Fee& fee : module.fees) {
      if (!valid_on(fee.validity, visit.today)) continue;
      Json made = offer(fee);
      if (made.is_null()) continue;
      set_text(made, "description", shortened(html::to_plain_text(worded(fee.description, visit.language).text), 160));
      out.push_back(std::move(made));
    }
  }
  return out;
}

std::vector<Json> audiences(const directory::Service& service) {
  std::vector<Json> out;
  for (const std::string& code : service.audience) {
    const char* kind = code == "001" ? "Citizens" : code == "002" ? "Businesses" : nullptr;
    if (kind == nullptr) continue;
    Json audience = thing("Audience");
    audience.set("audienceType", kind);
    out.push_back(std::move(audience));
  }
  return out;
}

Json area_served(const directory::Area& area) {
  Json key = thing("PropertyValue");
  key.set("propertyID", "ARS").set("value", area.key.padded());
  Json out = thing("AdministrativeArea");
  out.set("name", area.short_name).set("identifier", std::move(key));
  return out;
}

Json postal_address(const Address& address) {
  Json out = thing("PostalAddress");
  std::string street = address.street;
  if (!address.house_number.empty()) street += (street.empty() ? "" : " ") + address.house_number;
  set_text(out, "streetAddress", street);
  set_text(out, "postOfficeBoxNumber", address.post_box);
  set_text(out, "postalCode", address.postal_code);
  set_text(out, "addressLocality", address.city);
  out.set("addressCountry", "DE");
  return out;
}

std::vector<Json> opening_hours(const OrganisationalUnit& unit) {
  static constexpr std::array<const char*, 7> days = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                      "Friday", "Saturday", "Sunday"};
  std::vector<Json> out;
  for (const auto& span : unit.hours) {
    if (span.weekday < 1 || span.weekday > 7 || !span.kind.empty()) continue;   // telephone hours are no opening hours
    Json item = thing("OpeningHoursSpecification");
    item.set("dayOfWeek", std::string("https://schema.org/") + days[static_cast<std::size_t>(span.weekday - 1)])
        .set("opens", span.opens)
        .set("closes", span.closes);
    out.push_back(std::move(item));
  }
  return out;
}

std::vector<Json> channels(const Visit& visit, const DescribedService& described, const std::vector<Json>& offices) {
  std::vector<Json> out;
  for (const auto& online : described.here.online) {
    const std::string url = web_url(online.url);
    if (url.empty() || out.size() == most_channels) continue;
    Json channel = thing("ServiceChannel");
    set_text(channel, "name", online.title);
    channel.set("serviceUrl", url).set("availableLanguage", visit.language == "de-simple" ? "de" : visit.language);
    out.push_back(std::move(channel));
  }
  for (const Json& office : offices) {
    const std::string_view id = office.text_or("@id");
    if (id.empty() || office.find("address") == nullptr) continue;
    Json channel = thing("ServiceChannel");
    channel.set("serviceLocation", Json::object({{"@id", id}}));
    out.push_back(std::move(channel));
  }
  return out;
}

}  // namespace

Json government_office(const Visit& visit, const OrganisationalUnit& unit) {
  Json out = thing("GovernmentOffice");
  out.set("name", worded(unit.name, "de").text);
  if (const std::string slug = visit.objects.slug(directory::ObjectKind::unit, unit.id); !slug.empty()) {
    const std::string url = absolute(visit.look, authority_path(slug));
    out.set("@id", url + "#stelle").set("url", url);
  }
  if (const Address* address = directory::visiting_address(unit); address != nullptr) {
    out.set("address", postal_address(*address));
    if (address->latitude && address->longitude) {
      Json point = thing("GeoCoordinates");
      point.set("latitude", *address->latitude).set("longitude", *address->longitude);
      out.set("geo", std::move(point));
    }
  }
  for (const auto& contact : unit.contacts) {
    const char* key = contact.channel == "phone" ? "telephone"
                      : contact.channel == "fax" ? "faxNumber"
                      : contact.channel == "email" ? "email" : nullptr;
    if (key != nullptr && out.find(key) == nullptr) set_text(out, key, contact.value);
    if (contact.channel == "web" && out.find("sameAs") == nullptr) set_text(out, "sameAs", web_url(contact.value));
  }
  set_list(out, "openingHoursSpecification", opening_hours(unit));
  set_text(out, "paymentAccepted", payment_words(unit.payment_methods, visit.say));
  if (unit.parent) {
    if (const auto parent = visit.objects.get<OrganisationalUnit>(*unit.parent)) {
      Json above = thing("GovernmentOrganization");
      above.set("name", worded(parent->name, "de").text);
      out.set("parentOrganization", std::move(above));
    }
  }
  return out;
}

Json government_service(const Visit& visit, const DescribedService& described) {
  const std::string url = absolute(visit.look, described.path, visit.language);
  Json out = thing("GovernmentService");
  out.set("@id", url + "#leistung").set("url", url).set("name", described.title);
  set_text(out, "description", described.description);
  if (const auto key = directory::service_key(described.service); !key.empty()) {
    Json identifier = thing("PropertyValue");
    identifier.set("propertyID", "LeiKa").set("value", key);
    out.set("identifier", std::move(identifier));
  }
  if (described.place != nullptr) out.set("areaServed", area_served(*described.place));
  std::vector<Json> offices, operators;
  for (const auto& role : described.here.roles) {
    for (const auto& brief : role.units) {
      if (offices.size() == most_offices) break;
      const auto unit = visit.objects.get<OrganisationalUnit>(brief.id);
      if (unit) offices.push_back(government_office(visit, *unit));
    }
  }
  set_list(out, "availableChannel", channels(visit, described, offices));
  if (offices.empty() && described.service.publisher) {
    Json publisher = thing("GovernmentOrganization");
    publisher.set("name", described.service.publisher->name);
    if (!described.service.publisher->name.empty()) out.set("provider", std::move(publisher));
  }
  set_list(out, "provider", std::move(offices));
  set_list(out, "offers", offers(visit, described.service));
  set_list(out, "audience", audiences(described.service));
  return out;
}

Json breadcrumb_list(const Visit& visit, const std::vector<Crumb>& crumbs, std::string_view here) {
  std::vector<Json> items;
  const auto add = [&](std::string_view name, const std::string& path) {
    Json item = thing("ListItem");
    item.set("position", items.size() + 1).set("name", name);
    if (!path.empty()) item.set("item", absolute(visit.look, path));
    items.push_back(std::move(item));
  };
  add(visit.say("frame.home"), visit.url("/"));
  for (const Crumb& crumb : crumbs) add(crumb.label, crumb.url);
  add(here, {});
  Json out = thing("BreadcrumbList");
  out.set("itemListElement", std::move(items));
  return out;
}

std::string for_data_block(const Json& json) {
  std::string out;
  for (const char c : json.to_canonical()) {
    switch (c) {
      case '<': out += "\\u003c"; break;
      case '>': out += "\\u003e"; break;
      case '&': out += "\\u0026"; break;
      default: out += c;
    }
  }
  return out;
}

void add_structured(Page& page, std::vector<Json> things) {
  Json graph = Json::object({{"@context", "https://schema.org"}});
  graph.set("@graph", std::move(things));
  page.data.set("json_ld", page::Markup{for_data_block(graph)});
}

}  // namespace verbund::portal
