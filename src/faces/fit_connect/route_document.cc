// SPDX-License-Identifier: EUPL-1.2
#include "faces/fit_connect/route_document.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "directory/objects/service_here.h"
#include "kits/html/html.h"

namespace verbund::fit_connect {
namespace {

using directory::Address;
using directory::LocalisedTexts;
using directory::OrganisationalUnit;

constexpr std::size_t most_parents = 8;

void put(Json& out, const char* name, std::string_view value) {
  if (!value.empty()) out.set(name, value);
}
void put_object(Json& out, const char* name, Json value) {
  if (value.if_object() != nullptr && !value.if_object()->empty()) out.set(name, std::move(value));
}

std::string https_only(std::string_view uri) {
  const bool plain = uri.starts_with("https://") && uri.size() > 8 && std::none_of(uri.begin(), uri.end(), [](char c) {
                       return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '<' || c == '>';
                     });
  return plain ? std::string(uri) : std::string();
}

bool is_mail(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != text.npos && at > 0 && text.find('.', at) != text.npos && text.find('@', at + 1) == text.npos &&
         text.find_first_of(" \t<>\"") == text.npos && !text.ends_with('.');
}

// From the top of the administration to the unit: "Stadt Norderstedt - Bürgeramt".
std::string full_name(const OrganisationalUnit& unit, const directory::ObjectStore& objects) {
  std::string name(directory::pick(unit.name, "de"));
  std::optional<directory::ObjectId> above = unit.parent;
  for (std::size_t i = 0; i < most_parents && above; ++i) {
    const auto parent = objects.get<OrganisationalUnit>(*above);
    if (!parent) break;
    name = std::string(directory::pick(parent->name, "de")) + " - " + name;
    above = parent->parent;
  }
  return name;
}

Json address_document(const OrganisationalUnit& unit, std::initializer_list<std::string_view> kinds) {
  Json out = Json(Json::Object{});
  for (const std::string_view kind : kinds) {
    const auto found = std::find_if(unit.addresses.begin(), unit.addresses.end(),
                                    [&](const Address& address) { return address.kind == kind; });
    if (found == unit.addresses.end()) continue;
    if (kind == "003") {
      put(out, "postOfficeBox",
          found->post_box.empty() || found->post_box.starts_with("Postfach") ? found->post_box
                                                                             : "Postfach " + found->post_box);
    } else {
      put(out, "street", found->street);
      put(out, "houseNumber", found->house_number);
      put(out, "additional", found->supplement);
    }
    put(out, "zip", found->postal_code);
    put(out, "city", found->city);
    break;
  }
  return out;
}

void put_contacts(Json& out, const OrganisationalUnit& unit) {
  Json person = Json(Json::Object{});
  for (const auto& contact : unit.contacts) {
    const auto first = [&](const char* name) {
      if (person.find(name) == nullptr) person.set(name, contact.value);
    };
    if (contact.channel == "phone" || contact.channel == "mobile") first("tel");
    if (contact.channel == "fax") first("fax");
    if (contact.channel == "email" && is_mail(contact.value)) first("email");
    if (contact.channel == "contact_form" && out.find("contactFormUrl") == nullptr) {
      put(out, "contactFormUrl", https_only(contact.value));
    }
  }
  if (!person.if_object()->empty()) out.set("contactPersons", Json::array({std::move(person)}));
}

// {"description": {"de": "<p>...</p>"}}, empty without a text.
Json description(const LocalisedTexts& texts) {
  Json languages = Json(Json::Object{});
  for (const auto& text : texts) put(languages, text.language.c_str(), html::sanitise(text.text));
  Json out = Json(Json::Object{});
  put_object(out, "description", std::move(languages));
  return out;
}

Json text_description(const directory::Service& service, std::string_view code) {
  const auto* module = directory::find_text(service.modules, code);
  return module == nullptr ? Json(Json::Object{}) : description(module->content);
}

// The texts about documents, else their titles as a list.
Json documents_description(const directory::Service& service) {
  Json out = text_description(service, directory::text_code::documents);
  if (!out.if_object()->empty()) return out;
  LocalisedTexts lists;
  for (const auto& module : service.modules.documents) {
    for (const auto& document : module.incoming) {
      for (const auto& title : document.title) {
        auto list =
            std::find_if(lists.begin(), lists.end(), [&](const auto& l) { return l.language == title.language; });
        if (list == lists.end()) list = lists.insert(lists.end(), {title.language, "<ul>"});
        list->text += "<li>" + html::escape(title.text) + "</li>";
      }
    }
  }
  for (auto& list : lists) list.text += "</ul>";
  return description(lists);
}

Json deadline_description(const directory::Service& service) {
  LocalisedTexts texts;
  const auto add = [&](const LocalisedTexts& more) {
    for (const auto& text : more) {
      auto there = std::find_if(texts.begin(), texts.end(), [&](const auto& t) { return t.language == text.language; });
      if (there == texts.end())
        texts.push_back(text);
      else
        there->text += text.text;
    }
  };
  for (const auto& module : service.modules.deadlines) {
    add(module.description);
    for (const auto& deadline : module.deadlines) add(deadline.description);
  }
  return description(texts);
}

Json processing_duration(const directory::Service& service) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 9> units = {{{"JAHR", "year"},
                                                                                     {"MONAT", "month"},
                                                                                     {"WOCHE", "week"},
                                                                                     {"TAG", "day"},
                                                                                     {"WERKTAG", "workday"},
                                                                                     {"ARBEITSTAG", "workday"},
                                                                                     {"STUNDE", "hour"},
                                                                                     {"MINUTE", "minute"},
                                                                                     {"SEKUNDE", "second"}}};
  for (const auto& module : service.modules.processing_times) {
    for (const auto& each : module.deadlines) {
      const auto unit =
          std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.first == each.span.unit; });
      if (!each.span.amount || unit == units.end()) continue;
      const bool to = each.span.amount_to && (each.span.unit_to.empty() || each.span.unit_to == each.span.unit);
      return Json::object({{"minDuration", *each.span.amount},
                           {"maxDuration", to ? *each.span.amount_to : *each.span.amount},
                           {"unit", unit->second}});
    }
  }
  return Json(Json::Object{});
}

}  // namespace

Json route_document(const directory::Destinations::Route& route, const directory::ServiceAtPlace& at_place,
                    const directory::ObjectStore& objects) {
  Json out = Json::object({{"destinationId", route.destination.id},
                           {"destinationSignature", route.destination.signature},
                           {"origin", "Verbund"}});
  if (const auto unit = objects.get<OrganisationalUnit>(route.unit)) {
    const std::string_view short_name = directory::pick(unit->short_name, "de");
    put(out, "destinationName", full_name(*unit, objects));
    put(out, "destinationShortName", short_name.empty() ? directory::pick(unit->name, "de") : short_name);
    put_object(out, "address", address_document(*unit, {"001", "002"}));
    put_object(out, "postalAddress", address_document(*unit, {"006", "004"}));
    put_object(out, "postOfficeBox", address_document(*unit, {"003"}));
    put_contacts(out, *unit);
  }
  if (const auto service = directory::service_here(objects, route.service, at_place.specialisations)) {
    const directory::Service& here = *service;
    put_object(out, "furtherInformation", text_description(here, directory::text_code::further_information));
    put_object(out, "requiredDocuments", documents_description(here));
    put_object(out, "legalBasis", text_description(here, directory::text_code::legal_basis));
    put_object(out, "deadline", deadline_description(here));
    put_object(out, "processingDuration", processing_duration(here));
  }
  Json parameters = Json(Json::Object{});
  for (const auto& brief : at_place.online) {
    const auto online = objects.get<directory::OnlineService>(brief.id);
    if (!online) continue;
    for (const auto& parameter : online->parameters) {
      if (!parameter.name.empty() && parameters.find(parameter.name) == nullptr) {
        parameters.set(parameter.name, parameter.value);
      }
    }
  }
  put(out, "privacyPolicyUrl", https_only(parameters.text_or("efa.datenschutzerklaerung.url")));
  put_object(out, "customParameters", std::move(parameters));
  return out;
}

}  // namespace verbund::fit_connect
