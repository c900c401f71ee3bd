// SPDX-License-Identifier: EUPL-1.2
#include "faces/pvog/documents.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "directory/objects/service_here.h"
#include "faces/pvog/modules.h"
#include "kits/html/html.h"

namespace verbund::pvog {
namespace {

using directory::AreaKey;
using directory::ObjectKind;
using directory::OrganisationalUnit;
using directory::Service;

Json::Array texts(const std::vector<std::string>& list) {
  Json::Array out;
  for (const std::string& text : list) out.emplace_back(text);
  return out;
}

// PVOG knows two languages.
Json::Array languages_of(const std::vector<directory::LanguageVersion>& versions,
                         const directory::LocalisedTexts& title) {
  std::set<std::string> found;
  for (const auto& version : versions) found.insert(version.language);
  for (const auto& text : title) found.insert(text.language);
  Json::Array out;
  for (const char* language : {"de", "en"}) {
    if (found.contains(language)) out.emplace_back(language);
  }
  return out;
}

Json validity_of(const std::vector<directory::Period>& periods) {
  const std::string begin = periods.empty() ? "" : periods[0].begin, end = periods.empty() ? "" : periods[0].end;
  return Json::object({{"from", begin.empty() ? Json() : Json(begin)}, {"to", end.empty() ? Json() : Json(end)}});
}

// Where the text is valid; else the areas of who does it here; else Germany.
Json::Array areas_of(const Service& service, const directory::ServiceAtPlace& at_place) {
  std::set<std::string> found;
  for (const AreaKey& area : service.valid_areas) found.insert(area.padded());
  if (found.empty()) {
    for (const auto& role : at_place.roles) found.insert(role.area.padded());
  }
  if (found.empty()) found.insert(AreaKey().padded());
  return texts({found.begin(), found.end()});
}

Json::Array keys_of(const Service& service) {
  Json::Array out;
  for (const auto& key : service.service_keys) {
    if (key.code.size() == 14) out.emplace_back(key.code);
  }
  return out;
}

Json::Array online_links(const directory::ServiceAtPlace& at_place) {
  Json::Array out;
  for (const auto& online : at_place.online) {
    if (!is_web(online.url)) continue;
    out.push_back(Json::object(
        {{"id", external_id(ObjectKind::online_service, online.id)}, {"title", online.title}, {"uri", online.url}}));
  }
  return out;
}

const directory::LocalisedTexts& title_texts(const Service& service) {
  static const directory::LocalisedTexts none;
  for (const auto code : {directory::text_code::citizen_title, directory::text_code::title}) {
    const auto* module = directory::find_text(service.modules, code);
    if (module != nullptr && !module->content.empty()) return module->content;
  }
  return none;
}

Json changed(const Look& look, ObjectKind kind, const directory::ObjectId& id) {
  const auto at = look.objects.changed_at(kind, id);
  return at ? Json(to_rfc3339(*at)) : Json();
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

// What lists and details share.
Json service_head(const Look& look, const directory::ServiceBrief& brief, const Service& service,
                  const directory::ServiceAtPlace& at_place) {
  const std::string title = html::to_plain_text(directory::citizen_title(service, look.language));
  std::string description = brief.summary;
  if (look.language != "de") {
    for (const auto code : {directory::text_code::teaser, directory::text_code::short_text}) {
      const auto* module = directory::find_text(service.modules, code);
      if (module == nullptr) continue;
      const auto text = directory::pick_exact(module->content, look.language);
      if (text.empty()) continue;
      description = html::to_plain_text(text);
      break;
    }
  }
  Json::Array organisations;
  for (const auto& role : at_place.roles) {
    for (const auto& unit : role.units) organisations.emplace_back(external_id(ObjectKind::unit, unit.id));
  }
  return Json::object({{"id", external_id(ObjectKind::service, brief.id)},
                       {"name", title},
                       {"title", title},
                       {"description", description},
                       {"leikakeys", keys_of(service)},
                       {"ars", areas_of(service, at_place)},
                       {"languages", languages_of(service.languages, title_texts(service))},
                       {"onlineServiceLinks", online_links(at_place)},
                       {"organisationIds", std::move(organisations)},
                       {"sourcePortals", source_portals(service, look.language)},
                       {"lastUpdate", changed(look, ObjectKind::service, brief.id)},
                       {"externalLastUpdate", or_null(service.version.changed_at)}});
}

struct Known {
  std::string_view code;
  const char* name;
};

const char* name_of(std::initializer_list<Known> list, std::string_view code, const char* otherwise) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const Known& known) { return known.code == code; });
  return found == list.end() ? otherwise : found->name;
}

Json address_document(const directory::Address& address) {
  Json out = Json::object({{"code", address.kind},
                           {"type", name_of({{"001", "Hausanschrift"},
                                             {"002", "Besucheranschrift"},
                                             {"003", "Postfach"},
                                             {"004", "Großempfängerpostfach"},
                                             {"005", "Lieferanschrift"},
                                             {"006", "Postanschrift"}},
                                            address.kind, "Anschrift")},
                           {"zip", address.postal_code},
                           {"city", address.city}});
  const std::string street = address.street + (address.house_number.empty() ? "" : " " + address.house_number);
  if (!address.street.empty()) out.set("street", street);
  if (!address.post_box.empty()) out.set("postOfficeBox", address.post_box);
  if (!address.supplement.empty()) out.set("additional", address.supplement);
  if (!address.area.empty()) out.set("ars", address.area);
  if (!address.municipality.empty()) out.set("ags", address.municipality);
  if (address.latitude && address.longitude) {
    out.set("geo", Json::object({{"latitude", *address.latitude}, {"longitude", *address.longitude}}));
  }
  if (address.wheelchair_access) out.set("wheelchairAccess", *address.wheelchair_access);
  if (address.lift) out.set("lift", *address.lift);
  return out;
}

Json::Array opening_hours(const OrganisationalUnit& unit) {
  static constexpr const char* days[] = {"",           "Montag",  "Dienstag", "Mittwoch",
                                         "Donnerstag", "Freitag", "Samstag",  "Sonntag"};
  Json::Array out;
  for (const auto& hours : unit.hours) {
    if (hours.weekday < 1 || hours.weekday > 7) continue;
    out.push_back(Json::object({{"weekday", hours.weekday},
                                {"day", days[hours.weekday]},
                                {"opens", hours.opens},
                                {"closes", hours.closes},
                                {"kind", hours.kind}}));
  }
  return out;
}

}  // namespace

Json service_document(const Look& look, const directory::ServiceBrief& brief, bool modules) {
  const auto at_place = look.snapshot.at_place(brief.id, look.area);
  const auto service = directory::service_here(look.objects, brief.id, at_place.specialisations);
  if (!service) return nullptr;
  Json out = service_head(look, brief, *service, at_place);
  if (modules) out.set("details", details_of(*service, look.language));
  return out;
}

Json service_detail(const Look& look, const directory::ServiceBrief& brief) {
  const auto at_place = look.snapshot.at_place(brief.id, look.area);
  const auto service = directory::service_here(look.objects, brief.id, at_place.specialisations);
  if (!service) return nullptr;
  Json out = service_head(look, brief, *service, at_place);
  out.set("details", details_of(*service, look.language));
  out.set("organisations", responsible_units(at_place));
  out.set("validity", validity_of(service->validity));
  const directory::ApprovalModule* approval =
      service->modules.approvals.empty() ? nullptr : &service->modules.approvals[0];
  out.set("release",
          approval == nullptr
              ? Json()
              : Json::object({{"date", or_null(approval->approved_on)},
                              {"by", html::to_plain_text(directory::pick(approval->approved_by, look.language))}}));
  Json::Array costs;
  for (const auto& module : service->modules.fees) {
    for (const auto& fee : module.fees) {
      const std::string text = fee_text(fee);
      if (!text.empty()) costs.emplace_back(text);
    }
  }
  out.set("costs", std::move(costs));
  const auto* legal = directory::find_text(service->modules, directory::text_code::legal_basis);
  out.set("legalBasis", legal == nullptr ? Json::Array{} : links_of(legal->links, look.language));
  Json::Array situations;
  for (const auto& each : service->classifications) {
    if (each.list_uri.find("pvlagen") != each.list_uri.npos) {
      situations.push_back(Json::object({{"code", each.code}, {"name", each.name}}));
    }
  }
  out.set("situations", std::move(situations));
  out.set("trustLevel", or_null(service->assurance_level));
  Json::Array available = languages_of(service->languages, title_texts(*service));
  out.set("languageComplete", std::find(available.begin(), available.end(), Json(look.language)) != available.end());
  if (service->publisher) out.set("publisher", html::to_plain_text(service->publisher->name));
  return out;
}

Json role_document(std::string_view role) {
  return Json::object({{"code", role.empty() ? "01" : role},
                       {"name", name_of({{"", "Zuständige Stelle"},
                                         {"01", "Zuständige Stelle"},
                                         {"02", "Zuständige Stelle"},
                                         {"03", "Ansprechpunkt"}},
                                        role, "Stelle")}});
}

Json::Array responsible_units(const directory::ServiceAtPlace& at_place) {
  Json::Array out;
  for (const auto& role : at_place.roles) {
    for (const auto& unit : role.units) {
      out.push_back(Json::object(
          {{"id", external_id(ObjectKind::unit, unit.id)}, {"title", unit.name}, {"role", role_document(role.role)}}));
    }
  }
  return out;
}

Json unit_detail(const Look& look, const OrganisationalUnit& unit, std::string_view role) {
  Json::Array addresses, communications, internet;
  for (const auto& address : unit.addresses) addresses.push_back(address_document(address));
  for (const auto& contact : unit.contacts) {
    if (contact.channel == "web" || contact.channel == "contact_form") {
      if (is_web(contact.value)) internet.push_back(Json::object({{"title", contact.value}, {"uri", contact.value}}));
      continue;
    }
    const char* code = name_of({{"email", "01"}, {"phone", "02"}, {"mobile", "03"}, {"fax", "04"}, {"demail", "08"}},
                               contact.channel, "");
    communications.push_back(
        Json::object({{"code", code},
                      {"name", name_of({{"email", "E-Mail"},
                                        {"phone", "Telefon Festnetz"},
                                        {"mobile", "Telefon mobil"},
                                        {"fax", "Fax"},
                                        {"demail", "De-Mail"}},
                                       contact.channel, contact.channel.c_str())},
                      {"value", contact.value},
                      {"note", or_null(html::to_plain_text(directory::pick(contact.note, look.language)))}}));
  }
  for (Json& link : links_of(unit.links, look.language)) internet.push_back(std::move(link));
  std::string more;
  for (const auto* texts : {&unit.description, &unit.hours_text, &unit.notes}) {
    more += html::sanitise(directory::pick(*texts, look.language));
  }
  const Json::Array languages = languages_of(unit.languages, unit.name);
  const bool complete = std::find(languages.begin(), languages.end(), Json(look.language)) != languages.end();
  Json out = Json::object({{"id", external_id(ObjectKind::unit, unit.id)},
                           {"title", directory::pick(unit.name, look.language)},
                           {"languages", languages},
                           {"languageComplete", complete},
                           {"lastUpdate", changed(look, ObjectKind::unit, unit.id)},
                           {"externalLastUpdate", or_null(unit.version.changed_at)},
                           {"additionalInformation", more},
                           {"location", Json::object({{"addresses", std::move(addresses)},
                                                      {"communications", communications},
                                                      {"openingHours", opening_hours(unit)}})},
                           {"communicationSystems", std::move(communications)},
                           {"internetAddresses", std::move(internet)},
                           {"paymentMethods", texts(unit.payment_methods)},
                           {"role", role_document(role)}});
  // What the directory does not hold: forms, employees and bank accounts of an office.
  for (const char* none : {"forms", "employees", "bankAccounts"}) out.set(none, Json::Array{});
  if (unit.parent) out.set("parentId", external_id(ObjectKind::unit, *unit.parent));
  return out;
}

Json online_document(const Look& look, const directory::OnlineService& online,
                     const std::vector<directory::ServiceBrief>& services) {
  Json::Array links, list;
  for (const auto& link : online.links) {
    if (!is_web(link.uri)) continue;
    links.push_back(
        Json::object({{"uri", link.uri},
                      {"title", link.title.empty() ? directory::pick(online.title, look.language) : link.title},
                      {"language", or_null(link.language)},
                      {"code", or_null(link.kind)}}));
  }
  for (const auto& service : services) {
    Json::Array keys;
    if (!service.service_key.empty()) keys.emplace_back(service.service_key);
    list.push_back(Json::object({{"lbId", external_id(ObjectKind::service, service.id)},
                                 {"name", service.title},
                                 {"leikakeys", std::move(keys)}}));
  }
  return Json::object({{"id", external_id(ObjectKind::online_service, online.id)},
                       {"title", directory::pick(online.title, look.language)},
                       {"links", std::move(links)},
                       {"trustLevel", or_null(online.assurance_level)},
                       {"serviceDescriptions", std::move(list)}});
}

Json online_detail(const Look& look, const directory::OnlineService& online) {
  std::vector<directory::ServiceBrief> services;
  std::set<std::string> areas;
  for (auto& offer : look.snapshot.offers_of_online(online.id)) {
    for (const AreaKey& area : offer.areas) areas.insert(area.padded());
    services.push_back(std::move(offer.service));
  }
  Json out = online_document(look, online, services);
  Json::Array parameters;
  for (const auto& parameter : online.parameters) {
    parameters.push_back(Json::object({{"name", parameter.name}, {"value", parameter.value}}));
  }
  out.set("description", html::sanitise(directory::pick(online.description, look.language)));
  out.set("ars", texts({areas.begin(), areas.end()}));
  out.set("parameters", std::move(parameters));
  out.set("paymentMethods", texts(online.payment_methods));
  out.set("languages", languages_of(online.languages, online.title));
  out.set("lastUpdate", changed(look, ObjectKind::online_service, online.id));
  out.set("externalLastUpdate", or_null(online.version.changed_at));
  return out;
}

Json location_document(const directory::Snapshot& snapshot, const directory::Area& area, std::string_view asked) {
  const std::vector<std::string> codes = snapshot.postal_codes(area.key);
  const bool named = std::find(codes.begin(), codes.end(), asked) != codes.end();
  const std::string& digits = area.key.digits();
  const auto state =
      digits.size() >= 2 ? snapshot.area(AreaKey::parse(digits.substr(0, 2)).value_or(AreaKey())) : std::nullopt;
  const std::string zip = named ? std::string(asked) : codes.empty() ? "" : codes.front();
  return Json::object({{"name", area.short_name.empty() ? area.name : area.short_name},
                       {"gemeinde", area.short_name.empty() ? area.name : area.short_name},
                       {"label", snapshot.label(area.key)},
                       {"ars", area.key.padded()},
                       {"ags", or_null(directory::municipality_key(area))},
                       {"zip", or_null(zip)},
                       {"zipCodes", texts(codes)},
                       {"zipCodeCount", codes.size()},
                       {"type", area.level == directory::AreaLevel::municipality ? "ORT" : "GEBIET"},
                       {"bundesland", state ? Json(state->name) : Json()}});
}

}  // namespace verbund::pvog
