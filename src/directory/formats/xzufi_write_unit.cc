// SPDX-License-Identifier: EUPL-1.2
// organisationseinheit, onlinedienst and zustaendigkeitTransferObjekt.
#include <charconv>
#include <utility>

#include "directory/formats/xzufi_parts.h"
#include "directory/formats/xzufi_writer.h"

namespace verbund::directory::xzufi {
namespace {

// Source: XÖV code list of means of communication.
std::string_view channel_code(std::string_view channel) {
  static constexpr std::pair<std::string_view, std::string_view> codes[] = {
      {"email", "01"}, {"phone", "02"}, {"mobile", "03"}, {"fax", "04"}, {"demail", "08"}, {"web", "09"}};
  for (const auto& [name, code] : codes) {
    if (name == channel) return code;
  }
  return channel;
}

void write_degrees(Out& out, std::string_view name, std::optional<double> value) {
  if (!value) return;
  char digits[64];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, *value).ptr;  // shortest text that gives the value back
  out.leaf(name, std::string_view(digits, end));
}

void write_point(Out& out, const Address& address) {
  if (!address.latitude && !address.longitude && address.geo_source.empty()) return;
  out.open("geokodierung");
  out.attribute("srsName", "urn:ogc:def:crs:EPSG::4326");
  write_degrees(out, "x", address.longitude);
  write_degrees(out, "y", address.latitude);
  if (!address.geo_source.empty()) out.extension("herkunft", address.geo_source);
  out.close();
}

void write_address(Out& out, const Address& address) {
  out.open("anschrift");
  out.code("typ", address.kind, "urn:xoev-de:fim:codeliste:xzufi.anschrifttyp", "2.0");
  out.leaf("strasse", address.street);
  out.leaf("hausnummer", address.house_number);
  out.leaf("postfach", address.post_box);
  out.leaf("postleitzahl", address.postal_code);
  out.leaf("ort", address.city);
  out.leaf("ortsteil", address.district);
  if (!address.area.empty() || !address.municipality.empty() || !address.country.empty()) {
    out.open("verwaltungspolitischeKodierung");
    out.code("gemeindeschluessel", address.municipality, "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:ags");
    out.code("regionalschluessel", address.area, "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs");
    out.code("nation", address.country);
    out.close();
  }
  out.leaf("zusatz", address.supplement);
  write_point(out, address);
  out.flag("kennzeichenAufzug", address.lift);
  out.flag("kennzeichenRollstuhlgerecht", address.wheelchair_access);
  out.extension_texts("anfahrt", address.directions);
  out.extension_texts("infoOePNV", address.public_transport);
  out.extension_texts("infoParkplatz", address.parking);
  out.close();
}

void write_contact(Out& out, const Contact& contact) {
  out.open("kommunikation");
  out.code("kanal", channel_code(contact.channel));
  out.leaf("kennung", contact.value);
  out.texts("zusatz", contact.note);
  out.close();
}

// Consecutive spans of one kind make one group.
void write_hours(Out& out, const std::vector<OpeningHours>& hours) {
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const bool first = i == 0 || hours[i].kind != hours[i - 1].kind;
    const bool last = i + 1 == hours.size() || hours[i].kind != hours[i + 1].kind;
    if (first) {
      out.open("infoOeffnungszeitenStrukturiert");
      out.code("typ", hours[i].kind, extension_ns);
    }
    out.open("regulaereZeiten");
    out.code("tagesTyp", std::to_string(hours[i].weekday));
    out.leaf("beginn", hours[i].opens + ":00");
    out.leaf("ende", hours[i].closes + ":00");
    out.texts("zusatz", hours[i].note);
    out.close();
    if (last) out.close();
  }
}

}  // namespace

void write_object(Out& out, const OrganisationalUnit& unit) {
  out.open("organisationseinheit", "OrganisationseinheitErweitert");
  if (unit.name.empty()) out.attribute("vb:ohneBezeichnung", "true");
  out.object_id("id", unit.id, "Organisationseinheit");
  out.identifiers("idSekundaer", unit.secondary_ids);
  if (unit.parent) out.object_id("uebergeordneteOrganisationseinheitID", *unit.parent, "Organisationseinheit");
  out.codes("kategorie", unit.categories);
  if (!unit.name.empty()) {
    out.open("name");
    out.texts("name", unit.name);
    out.texts("kurzbezeichnung", unit.short_name);
    out.close();
  } else {
    out.texts("kurzbezeichnung", unit.short_name);
  }
  for (const auto& name : unit.other_names) out.leaf("synonym", name);
  out.texts("beschreibung", unit.description);
  for (const auto& address : unit.addresses) write_address(out, address);
  for (const auto& contact : unit.contacts) write_contact(out, contact);
  write_hours(out, unit.hours);
  out.texts("infoOeffnungszeitenText", unit.hours_text);
  out.texts("hinweis", unit.notes);
  out.links("internetadresse", unit.links);
  out.codes("zahlungsweise", unit.payment_methods, extension_ns);
  out.version(unit.version);
  out.languages(unit.languages);
  out.periods(unit.validity);
  if (!unit.kind.empty()) out.extension("art", unit.kind);
  out.close();
}

void write_object(Out& out, const OnlineService& service) {
  out.open("onlinedienst", "OnlinedienstErweitert");
  if (service.title.empty()) out.attribute("vb:ohneBezeichnung", "true");
  out.object_id("id", service.id, "Onlinedienst");
  out.identifiers("idSekundaer", service.secondary_ids);
  out.texts("bezeichnung", service.title);
  out.texts("beschreibung", service.description);
  for (const auto& link : service.links) {
    out.open("link");
    out.language(link.language);
    out.code("typ", link.kind, "urn:xoev-de:fim:codeliste:onlinedienstlinktyp", "01");
    out.leaf("link", link.uri);
    out.leaf("titel", link.title);
    out.close();
  }
  out.code("vertrauensniveau", service.assurance_level, "urn:xoev-de:fim:codeliste:vertrauensniveau");
  out.codes("zahlungsweise", service.payment_methods, extension_ns);
  for (const auto& parameter : service.parameters) {
    out.open("parameter");
    out.leaf("name", parameter.name);
    out.leaf("wert", parameter.value);
    out.close();
  }
  if (service.unit) out.object_id("organisationseinheitID", *service.unit, "Organisationseinheit");
  out.version(service.version);
  out.languages(service.languages);
  out.periods(service.validity);
  if (service.purpose != "apply") out.extension("zweck", service.purpose);
  out.close();
}

void write_object(Out& out, const Responsibility& responsibility) {
  const bool online = responsibility.holder_kind == ObjectKind::online_service;
  out.open("zustaendigkeitTransferObjekt");
  out.object_id("uebergeordnetesObjektID", responsibility.holder, online ? "Onlinedienst" : "Organisationseinheit");
  out.open("zustaendigkeit");
  out.object_id("id", responsibility.id, online ? "ZustaendigkeitOnlinedienst" : "ZustaendigkeitOrganisationseinheit");
  out.identifiers("idSekundaer", responsibility.secondary_ids);
  out.object_id("leistungID", responsibility.service, "Leistung");
  out.areas("gebietID", responsibility.areas);
  out.code("rolle", responsibility.role, "urn:xoev-de:fim:codeliste:zustaendigkeitsrolle");
  out.periods(responsibility.validity);
  out.extension_texts("hinweis", responsibility.note);
  out.close();
  out.close();
}

}  // namespace verbund::directory::xzufi
