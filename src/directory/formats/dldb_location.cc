// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"
#include "directory/formats/dldb.h"
#include "directory/formats/dldb_text.h"
#include "kits/html/html.h"

namespace verbund::directory {
namespace {

constexpr std::size_t offers_most = 20'000;
constexpr std::size_t names_most = 50;

// Berlin's words for kinds of offices; "weitere" (others) says nothing.
std::string office_kind(const std::string& office) {
  constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"auslandsamt", "Ausländerbehörde"}, {"buergeramt", "Bürgeramt"},
      {"finanzamt", "Finanzamt"},          {"gesundheitsamt", "Gesundheitsamt"},
      {"jugendamt", "Jugendamt"},          {"kfz-zulassungsstelle", "Kfz-Zulassungsstelle"},
      {"ordnungsamt", "Ordnungsamt"},      {"sozialamt", "Sozialamt"},
      {"standesamt", "Standesamt"},        {"weitere", ""}};
  for (const auto& [word, name] : known) {
    if (office == word) return std::string(name);
  }
  return office;
}

std::optional<double> degrees(const Json& value) {
  if (const auto* number = value.if_double()) return *number;
  if (const auto* whole = value.if_int()) return static_cast<double>(*whole);
  const auto* text = value.if_string();
  if (!text) return std::nullopt;
  double out = 0;
  const auto digits = trim(*text);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), out, std::chars_format::fixed);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return out;
}

// A point in Germany or nothing. Berlin's export of 2016 has one placeholder for all.
void set_point(Address& address, const Json& geo) {
  const auto latitude = degrees(geo["lat"]), longitude = degrees(geo["lon"]);
  if (!latitude || !longitude) return;
  if (*latitude == 53.45 && *longitude == 13.45) return;
  if (*latitude < 47 || *latitude > 55.5 || *longitude < 5.5 || *longitude > 15.5) return;
  address.latitude = latitude;
  address.longitude = longitude;
}

std::optional<Address> address_of(const Json& entry, const std::string& language) {
  const Json& from = entry["address"];
  Address address;
  address.kind = "002";
  address.street = dldb::text(from["street"]);
  address.house_number = dldb::text(from["house_number"]);
  address.postal_code = dldb::text(from["postal_code"]);
  address.city = dldb::text(from["city"]);
  address.supplement = html::to_plain_text(dldb::html_of(dldb::text(from["hint"])));
  if (address.street.empty() && address.postal_code.empty() && address.city.empty()) return std::nullopt;
  set_point(address, entry["geo"]);
  if (auto way = html::to_plain_text(dldb::html_of(dldb::text(entry["transit"]))); !way.empty()) {
    address.public_transport = {{language, std::move(way)}};
  }
  return address;
}

std::vector<Contact> contacts_of(const Json& contact) {
  std::vector<Contact> out;
  const auto add = [&](std::string_view channel, std::string value) {
    if (!value.empty()) out.push_back({std::string(channel), std::move(value), {}});
  };
  add("phone", dldb::text(contact["phone"]));
  add("fax", dldb::text(contact["fax"]));
  const std::string email = dldb::text(contact["email"]);
  if (email.find('@') != std::string::npos && email.find(' ') == std::string::npos) add("email", email);
  add("web", dldb::address(contact["webinfo"], {}, {}));
  add("contact_form", dldb::address(contact["signed_maillink"], {}, {}));
  return out;
}

// "8", "08:00", "8.30" as "08:00".
std::optional<std::string> clock_time(std::string_view text) {
  text = trim(text);
  const auto colon = text.find_first_of(":.");
  const auto hour = parse_number(text.substr(0, colon));
  const auto minute =
      colon == std::string_view::npos ? std::optional<std::int64_t>(0) : parse_number(text.substr(colon + 1));
  if (!hour || !minute || *hour > 24 || *minute > 59 || (*hour == 24 && *minute > 0)) return std::nullopt;
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return two(*hour) + ":" + two(*minute);
}

// "8.00-12.00 Uhr und 14-18 Uhr" as spans; nothing if anything else is said. An appointment or a remark stays prose.
std::vector<OpeningHours> hours_of_day(int weekday, std::string text) {
  for (std::string_view word : {"Uhr", "–", "—", "bis", "und", ";"}) {
    const std::string_view with = word == "–" || word == "—" || word == "bis" ? "-" : word == "Uhr" ? "" : ",";
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word)) text.replace(at, word.size(), with);
  }
  std::vector<OpeningHours> out;
  for (auto span : split(text, ',')) {
    const auto parts = split(span, '-');
    if (parts.size() != 2) return {};
    const auto opens = clock_time(parts[0]), closes = clock_time(parts[1]);
    if (!opens || !closes || *opens >= *closes) return {};
    out.push_back({weekday, *opens, *closes, "", {}});
  }
  return out;
}

void read_hours(const Json& times, const std::string& language, OrganisationalUnit& unit) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> days = {
      {{"monday", "Montag"}, {"tuesday", "Dienstag"}, {"wednesday", "Mittwoch"}, {"thursday", "Donnerstag"},
       {"friday", "Freitag"}, {"saturday", "Samstag"}, {"sunday", "Sonntag"}}};
  std::vector<OpeningHours> hours;
  std::string prose;
  bool all_understood = true;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const std::string said = html::to_plain_text(dldb::html_of(dldb::text(times[days[i].first])));
    if (said.empty()) continue;
    prose += "<li>" + std::string(days[i].second) + ": " + html::escape(said) + "</li>";
    auto spans = hours_of_day(static_cast<int>(i) + 1, said);
    all_understood = all_understood && !spans.empty();
    hours.insert(hours.end(), spans.begin(), spans.end());
  }
  const std::string special = dldb::html_of(dldb::text(times["special"]));
  if (all_understood) unit.hours = std::move(hours);
  std::string html = all_understood || prose.empty() ? "" : "<ul>" + prose + "</ul>";
  if (!special.empty()) html += special.starts_with("<") ? special : "<p>" + special + "</p>";
  if (!html.empty()) unit.hours_text = {{language, html::sanitise(html)}};
}

void read_names(const Json& entry, const std::string& language, OrganisationalUnit& unit) {
  const std::string name = dldb::text(entry["name"]), shown = dldb::text(entry["displayName"]);
  unit.name = {{language, shown.empty() ? name : shown}};
  const auto add = [&](std::string other) {
    if (other.empty() || other == unit.name[0].text || unit.other_names.size() >= names_most) return;
    if (std::find(unit.other_names.begin(), unit.other_names.end(), other) == unit.other_names.end()) {
      unit.other_names.push_back(std::move(other));
    }
  };
  add(name);
  if (const auto* more = entry["displayNameAlternatives"].if_array()) {
    for (const auto& one : *more) add(dldb::text(one));
  }
  std::string above = dldb::text(entry["organizationUnit"]);
  if (const auto organisation = dldb::text(entry["organization"]); !organisation.empty()) {
    above += (above.empty() ? "" : ", ") + organisation;
  }
  if (!above.empty()) unit.description = {{language, html::sanitise(html::escape(above))}};
}

}  // namespace

Result<DldbLocation> read_dldb_location(const Json& entry, std::string_view agency) {
  if (!entry.if_object()) return fail(ErrorCode::invalid, "Der Eintrag ist kein Objekt");
  const std::string id = dldb::text(entry["id"]);
  if (id.empty()) return fail(ErrorCode::invalid, "Dem Standort fehlt die id");
  auto object_id = make_object_id(agency, id);
  if (!object_id)
    return fail(ErrorCode::invalid, "Die id des Standorts ist nicht brauchbar: " + object_id.error().message);

  DldbLocation out;
  OrganisationalUnit& unit = out.unit;
  unit.id = std::move(*object_id);
  const std::string language = dldb::language(entry);
  read_names(entry, language, unit);
  if (unit.name[0].text.empty()) return fail(ErrorCode::invalid, "Dem Standort fehlt der Name");
  unit.kind = office_kind(dldb::text(entry["office"]));
  if (auto address = address_of(entry, language)) unit.addresses.push_back(std::move(*address));
  else out.remarks.push_back("Der Standort hat keine Anschrift");
  unit.contacts = contacts_of(entry["contact"]);
  read_hours(entry["opening_times"], language, unit);
  std::string notes;
  for (const Json* note :
       {&entry["contact"]["competence"], &entry["note"], &entry["accessibility"], &entry["payment"]}) {
    const std::string html = dldb::html_of(dldb::text(*note));
    if (!html.empty()) notes += html.starts_with("<") ? html : "<p>" + html + "</p>";
  }
  if (!notes.empty()) unit.notes = {{language, html::sanitise(notes)}};

  // The page of an office is the page to book at it, in Munich; not for offices that citizens do not book at.
  const auto* open = entry["public"].if_bool();
  const std::string page = dldb::address(entry["meta"]["url"], {}, id);
  if (!page.empty() && (!open || *open)) {
    const bool books = page.find("termin") != std::string::npos;
    unit.links.push_back({language, page, books ? "Termin vereinbaren" : "Seite des Standorts", "", std::nullopt});
  }
  unit.version.changed_at = dldb::text(entry["meta"]["lastupdate"]);

  const Json& authority = entry["authority"];
  out.authority = {dldb::text(authority["id"]), dldb::text(authority["name"]),
                   dldb::address(authority["webinfo"], {}, {})};
  if (const auto* services = entry["services"].if_array()) {
    for (const auto& offer : *services) {
      std::string service = dldb::text(offer["service"]);
      if (service.empty()) continue;
      if (out.services.size() >= offers_most) break;
      // Munich fills "onlineprocessing" with the appointment page of the service: that is no application.
      const std::string online = dldb::address(offer["onlineprocessing"]["link"], service, id);
      const std::string appointment = dldb::address(offer["appointment"]["link"], service, id);
      const bool is_appointment = !online.empty() && appointment.starts_with(online);
      out.services.push_back({std::move(service), is_appointment ? std::string() : online});
    }
  }
  return out;
}

Result<OrganisationalUnit> dldb_authority_unit(const DldbAuthority& authority, std::string_view agency) {
  auto id = make_object_id(agency, "behoerde-" + authority.id);
  if (!id) return pass(id);
  OrganisationalUnit unit;
  unit.id = std::move(*id);
  unit.name = {{"de", authority.name}};
  unit.kind = "Behörde";
  if (!authority.web.empty()) unit.contacts.push_back({"web", authority.web, {}});
  return unit;
}

}  // namespace verbund::directory
