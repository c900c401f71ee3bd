// SPDX-License-Identifier: EUPL-1.2
// organisationseinheit, onlinedienst and zustaendigkeit. Source: XZuFi 2.2.0/2.3.1 as far as its users show it; names
// of parts not seen in a real message are those of systems that grew from XZuFi, see docs/protocols/xzufi.md.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "directory/formats/xzufi_read.h"

namespace verbund::directory::xzufi {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> channel_codes = {{
    {"01", "email"}, {"02", "phone"}, {"03", "mobile"}, {"04", "fax"}, {"08", "demail"}, {"09", "web"},
    {"EMAIL", "email"}, {"TELEFON", "phone"}, {"FAX", "fax"}, {"MOBILTELEFON", "mobile"}}};

std::string read_channel(const Element& at) {
  std::string code = child_code(at, {"kanal"});
  for (const auto& [given, channel] : channel_codes) {
    if (code == given) return std::string(channel);
  }
  return code;
}

std::optional<double> read_degrees(Scope& scope, const Element& parent, Names names, double limit) {
  const auto* element = child(parent, names);
  if (!element) return std::nullopt;
  const std::string text = text_of(*element);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= -limit && value <= limit)) {
    scope.fault(*element,
                "„" + std::string(cut_utf8(text, 60)) + "“ in " + element->name + " ist keine Koordinate in Grad.");
    return std::nullopt;
  }
  return value;
}

Address read_address(Scope& scope, const Element& at) {
  Address address;
  address.kind = child_code(at, {"typ"});
  address.street = child_text(at, {"strasse"});
  address.house_number = child_text(at, {"hausnummer"});
  address.post_box = child_text(at, {"postfach"});
  address.postal_code = child_text(at, {"postleitzahl", "plz"});
  address.city = child_text(at, {"ort"});
  address.district = child_text(at, {"ortsteil"});
  address.supplement = child_text(at, {"zusatz", "anschriftzusatz"});
  if (const auto* coding = child(at, {"verwaltungspolitischeKodierung"})) {
    address.area = child_code(*coding, {"regionalschluessel"});
    address.municipality = child_code(*coding, {"gemeindeschluessel"});
    address.country = child_code(*coding, {"nation"});
  }
  if (const auto* point = child(at, {"geokodierung"})) {
    // x is the longitude, y the latitude in the systems of EPSG:4326 we know; other systems are not turned into
    // degrees.
    const std::string system = to_lower_ascii(point->attribute("srsName"));
    if (system.empty() || system.find("4326") != std::string::npos) {
      address.longitude = read_degrees(scope, *point, {"x"}, 180);
      address.latitude = read_degrees(scope, *point, {"y"}, 90);
    }
    address.geo_source = child_text(*point, {"herkunft"});  // extension
  }
  address.lift = flag(scope, at, {"kennzeichenAufzug"});
  address.wheelchair_access = flag(scope, at, {"kennzeichenRollstuhlgerecht"});
  address.directions = html_texts(scope, at, {"anfahrt"});             // extension
  address.public_transport = texts(scope, at, {"infoOePNV"});
  address.parking = texts(scope, at, {"infoParkplatz"});
  return address;
}

// 1 Monday ... 7 Sunday, 0 if it is no day of the week.
int read_weekday(const std::string& code) {
  static constexpr std::array<std::string_view, 7> names = {"mo", "di", "mi", "do", "fr", "sa", "so"};
  if (code.size() == 1 && code[0] >= '1' && code[0] <= '7') return code[0] - '0';
  static constexpr std::array<std::string_view, 7> whole = {"montag",  "dienstag", "mittwoch", "donnerstag",
                                                            "freitag", "samstag",  "sonntag"};
  const std::string low = to_lower_ascii(code);
  for (int day = 0; day < 7; ++day) {
    if (low == names[static_cast<std::size_t>(day)] || low == whole[static_cast<std::size_t>(day)]) return day + 1;
  }
  return low == "sonnabend" ? 6 : 0;
}

// "08:00:00" -> "08:00".
std::string read_clock_time(Scope& scope, const Element& parent, Names names) {
  const auto* element = child(parent, names);
  const std::string text = element ? text_of(*element) : "";
  const bool sound = text.size() >= 5 && text[2] == ':' && is_digits(text.substr(0, 2)) &&
                     is_digits(text.substr(3, 2)) && text.substr(0, 2) <= "24" && text.substr(3, 2) <= "59" &&
                     text.substr(0, 5) <= "24:00" && (text.size() == 5 || text[5] == ':');
  if (!sound) {
    scope.fault(element ? *element : parent, "„" + std::string(cut_utf8(text, 60)) + "“ ist keine Uhrzeit (hh:mm).");
    return {};
  }
  return text.substr(0, 5);
}

void read_hours(Scope& scope, const Element& at, OrganisationalUnit& unit) {
  for (const auto* group : children(at, {"infoOeffnungszeitenStrukturiert"})) {
    const std::string kind = child_code(*group, {"typ"});
    for (const auto* span : children(*group, {"regulaereZeiten"})) {
      OpeningHours hours;
      hours.weekday = read_weekday(child_code(*span, {"tagesTyp", "wochentag"}));
      if (hours.weekday == 0) continue;  // holidays and the like have no place in the week
      hours.opens = read_clock_time(scope, *span, {"beginn"});
      hours.closes = read_clock_time(scope, *span, {"ende"});
      if (!hours.opens.empty() && !hours.closes.empty() && hours.opens >= hours.closes) {
        scope.fault(*span, "Eine Öffnungszeit endet, bevor sie beginnt (" + hours.opens + "-" + hours.closes + ").");
      }
      hours.kind = kind;
      hours.note = texts(scope, *span, {"zusatz"});
      unit.hours.push_back(std::move(hours));
    }
  }
}

// `name` holds `name` per language; 2.1 and some sources put the text right there.
LocalisedTexts read_name(Scope& scope, const Element& at, Names names) {
  for (const auto* element : children(at, {"name"})) {
    auto inner = texts(scope, *element, names);
    if (!inner.empty()) return inner;
  }
  return texts(scope, at, names);
}

Code read_unit_category(const Element& at) {
  if (child(at, {"code"}) || !child(at, {"id"})) return full_code(at);
  const Identifier id = identifier(at);
  return {id.scheme_uri, id.scheme_version, id.value, child_text(at, {"bezeichnung"})};
}

void read_responsibility_body(Scope& scope, const Element& at, Responsibility& responsibility) {
  responsibility.id = own_id(scope, at);
  responsibility.secondary_ids = identifiers(at, {"idSekundaer"});
  if (auto service = child_object_id(scope, at, {"leistungID", "idLeistung"})) {
    responsibility.service = std::move(*service);
  } else {
    scope.fault(at, "Die Zuständigkeit nennt keine Leistung (leistungID).");
  }
  responsibility.areas = areas(scope, at, {"gebietID", "idGebiet"});
  responsibility.role = child_code(at, {"rolle"});
  responsibility.validity = periods(scope, at);
  responsibility.note = texts(scope, at, {"hinweis", "bemerkung"});
}

}  // namespace

OrganisationalUnit read_unit(Scope& scope, const Element& at) {
  OrganisationalUnit unit;
  unit.id = own_id(scope, at);
  unit.secondary_ids = identifiers(at, {"idSekundaer"});
  unit.parent =
      child_object_id(scope, at, {"uebergeordneteOrganisationseinheitID", "uebergeordneteOrganisationseinheit"});
  unit.name = read_name(scope, at, {"name"});
  unit.short_name = read_name(scope, at, {"kurzbezeichnung", "kurzname"});
  for (const auto* each : children(at, {"synonym"})) unit.other_names.push_back(text_of(*each));
  unit.description = html_texts(scope, at, {"beschreibung"});
  unit.kind = child_text(at, {"art"});  // extension
  for (const auto* each : children(at, {"kategorie"})) unit.categories.push_back(read_unit_category(*each));
  for (const auto* each : children(at, {"anschrift"})) unit.addresses.push_back(read_address(scope, *each));
  for (const auto* each : children(at, {"kommunikation", "erreichbarkeit"})) {
    unit.contacts.push_back({read_channel(*each), child_text(*each, {"kennung"}), texts(scope, *each, {"zusatz"})});
  }
  read_hours(scope, at, unit);
  unit.hours_text = html_texts(scope, at, {"infoOeffnungszeitenText"});
  unit.notes = html_texts(scope, at, {"hinweis"});
  unit.links = links(scope, at, {"internetadresse", "weiterfuehrenderLink"});
  unit.payment_methods = child_codes(at, {"zahlungsweise"});
  unit.version = child_version_info(scope, at);
  unit.languages = language_versions(scope, at);
  unit.validity = periods(scope, at);
  if (unit.name.empty() && !may_lack_title(at)) scope.fault(at, "Die Organisationseinheit hat keinen Namen.");
  return unit;
}

OnlineService read_online_service(Scope& scope, const Element& at) {
  OnlineService service;
  service.id = own_id(scope, at);
  service.secondary_ids = identifiers(at, {"idSekundaer"});
  const auto* purpose = child(at, {"zweck"});  // extension
  service.purpose = purpose ? text_of(*purpose) : "apply";
  service.title = texts(scope, at, {"bezeichnung"});
  service.description = html_texts(scope, at, {"beschreibung"});
  for (const auto* element : children(at, {"link"})) {
    OnlineServiceLink link;
    link.kind = child_code(*element, {"typ"});
    link.language = language_of(scope, *element);
    link.uri = child_text(*element, {"link", "uri", "url"});
    if (link.uri.empty()) link.uri = text_of(*element);
    link.title = child_text(*element, {"titel"});
    service.links.push_back(std::move(link));
  }
  service.assurance_level = child_code(at, {"vertrauensniveau"});
  service.payment_methods = child_codes(at, {"zahlungsweise"});
  for (const auto* each : children(at, {"parameter"})) {
    service.parameters.push_back(
        {child_text(*each, {"name", "parameterName"}), child_text(*each, {"wert", "parameterWert"})});
  }
  service.unit = child_object_id(scope, at, {"organisationseinheitID"});
  service.version = child_version_info(scope, at);
  service.languages = language_versions(scope, at);
  service.validity = periods(scope, at);
  if (service.title.empty() && !may_lack_title(at)) scope.fault(at, "Der Onlinedienst hat keine Bezeichnung.");
  return service;
}

Responsibility read_responsibility(Scope& scope, const Element& at) {
  Responsibility responsibility;
  const auto* body = child(at, {"zustaendigkeit"});
  const auto* holder = child(at, {"uebergeordnetesObjektID"});
  if (!body || !holder) {
    scope.fault(at, body ? "Die Zuständigkeit nennt nicht, wessen sie ist (uebergeordnetesObjektID)."
                         : "Das Übertragungsobjekt enthält keine Zuständigkeit.");
    return responsibility;
  }
  read_responsibility_body(scope, *body, responsibility);
  responsibility.holder = object_id(scope, *holder);
  const auto* id = child(*body, {"id"});
  const std::string by_id = to_lower_ascii(id ? id->attribute("schemeID") : "");
  const std::string by_holder = to_lower_ascii(holder->attribute("schemeID"));
  const bool online =
      by_id.find("onlinedienst") != std::string::npos || (by_id.find("organisationseinheit") == std::string::npos &&
                                                          by_holder.find("onlinedienst") != std::string::npos);
  responsibility.holder_kind = online ? ObjectKind::online_service : ObjectKind::unit;
  return responsibility;
}

Responsibility read_embedded_responsibility(Scope& scope, const Element& at, ObjectKind holder_kind,
                                            const ObjectId& holder) {
  Responsibility responsibility;
  read_responsibility_body(scope, at, responsibility);
  responsibility.holder_kind = holder_kind;
  responsibility.holder = holder;
  if (!is_embedded(responsibility)) {
    Identifier mark;
    mark.value = "eingebettet";
    mark.scheme = embedded_scheme;
    responsibility.secondary_ids.push_back(std::move(mark));
  }
  return responsibility;
}

bool is_embedded(const Responsibility& responsibility) {
  return std::any_of(responsibility.secondary_ids.begin(), responsibility.secondary_ids.end(),
                     [](const Identifier& id) { return id.scheme == embedded_scheme; });
}

}  // namespace verbund::directory::xzufi
