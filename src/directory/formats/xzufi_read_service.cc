// SPDX-License-Identifier: EUPL-1.2
// leistung and spezialisierung. Source: XZuFi 2.2.0 and 2.3.1, field model of the FIM portal.
#include <algorithm>

#include "base/text.h"
#include "directory/formats/xzufi_read.h"

namespace verbund::directory::xzufi {
namespace {

// 2.2.0 gives a code or a whole category, 2.3.1 a code; the identifier takes what there is.
Identifier read_group(const Element& at) {
  if (child(at, {"id"})) return identifier(at);
  Identifier group = identifier(at);
  group.value = code_of(at);
  if (group.scheme_uri.empty()) group.scheme_uri = trim(at.attribute("listURI"));
  if (group.scheme_version.empty()) group.scheme_version = trim(at.attribute("listVersionID"));
  return group;
}

Structure read_structure(Scope& scope, const Element& parent) {
  Structure structure;
  const auto* at = child(parent, {"struktur"});
  if (!at) return structure;
  if (const auto* group = child(*at, {"leistungsgruppierungLeika", "leistungsgruppierung"})) {
    structure.group = read_group(*group);
  }
  if (auto id = child_identifier(*at, {"leistungsobjektID"})) structure.object_id = std::move(*id);
  const auto* act = child(*at, {"verrichtungLeika", "verrichtung"});
  if (act) {
    const auto* inner = child(*act, {"verrichtungLeika", "verrichtung"});
    structure.act = full_code(inner ? *inner : *act);
  }
  structure.detail = texts(scope, *at, {"verrichtungsdetail"});
  const std::string type = to_lower_ascii(type_of(*at));
  if (type == "leistungsstrukturobjekt") structure.kind = "object";
  else if (type == "leistungsstrukturobjektmitverrichtung") structure.kind = "object_with_act";
  else if (type == "leistungsstrukturobjektmitverrichtungunddetail") structure.kind = "object_with_act_and_detail";
  else if (!structure.detail.empty()) structure.kind = "object_with_act_and_detail";
  else if (act) structure.kind = "object_with_act";
  else structure.kind = "object";
  if (type == "leistungsstruktur") structure.kind.clear();  // the abstract type: kind not given
  return structure;
}

// 2.2.0 referenzLeiKa is a code, 2.3.1 referenzLeistungsschluessel an identifier whose text is the key.
Code read_service_key(const Element& at) {
  Code key = full_code(at);
  std::erase(key.code, ' ');
  if (key.list_uri.empty()) key.list_uri = trim(at.attribute("schemeURI"));
  if (key.list_version.empty()) key.list_version = trim(at.attribute("schemeVersionID"));
  if (key.name.empty()) key.name = trim(at.attribute("bezeichnung"));  // extension
  return key;
}

Category read_category(Scope& scope, const Element& at) {
  Category category;
  if (auto id = child_identifier(at, {"id"})) category.id = std::move(*id);
  category.secondary_ids = identifiers(at, {"idSekundaer"});
  category.parent = child_identifier(at, {"uebergeordneteKategorieID"});
  category.children = identifiers(at, {"untergeordneteKategorieID"});
  category.name = texts(scope, at, {"bezeichnung"});
  category.description = texts(scope, at, {"beschreibung"});
  if (const auto* kind = child(at, {"klasse"})) {
    if (auto id = child_identifier(*kind, {"id"})) category.class_id = std::move(*id);
    category.class_kind = child_code(*kind, {"typ"});
    category.class_name = texts(scope, *kind, {"bezeichnung"});
  }
  return category;
}

std::optional<Publisher> read_publisher(Scope& scope, const Element& parent) {
  const auto* at = child(parent, {"herausgeber"});
  if (!at) return std::nullopt;
  Publisher publisher;
  if (auto id = child_identifier(*at, {"id"})) publisher.id = std::move(*id);
  publisher.secondary_ids = identifiers(*at, {"idSekundaer"});
  publisher.name = child_text(*at, {"bezeichnung"});
  publisher.short_name = child_text(*at, {"kurzbezeichnung"});
  publisher.description = texts(scope, *at, {"beschreibung"});
  return publisher;
}

void read_sdg(const Element& at, Service& service) {
  service.sdg = child_codes(at, {"informationsbereichSDG"});
  if (const auto* both = child(at, {"informationsbereicheSDG"})) {
    auto first = child_codes(*both, {"informationsbereichSDG1", "sdg1"});
    service.sdg.insert(service.sdg.end(), first.begin(), first.end());
    service.sdg2 = child_codes(*both, {"informationsbereichSDG2", "sdg2"});
  }
}

void read_single_contact(Scope& scope, const Element& at, Service& service) {
  service.single_contact = child_codes(at, {"durchfuehrbarEinheitlicheStelle"});
  if (!service.single_contact.empty()) return;
  if (auto offered = flag(scope, at, {"kennzeichenEA"})) service.single_contact.push_back(*offered ? "11" : "00");
}

// 2.2.0: codes; 2.3.1: {staatsangehoerigkeit[], staatengruppe[]}.
void read_nationalities(const Element& at, Service& service) {
  for (const auto* element : children(at, {"relevantFuerStaatsangehoerigkeit"})) {
    const auto single = full_codes(*element, {"staatsangehoerigkeit"});
    const auto groups = full_codes(*element, {"staatengruppe"});
    service.nationalities.insert(service.nationalities.end(), single.begin(), single.end());
    service.nationalities.insert(service.nationalities.end(), groups.begin(), groups.end());
    if (child(*element, {"code"}) || !text_of(*element).empty()) service.nationalities.push_back(full_code(*element));
  }
}

}  // namespace

bool has_title(const Modules& modules) {
  return std::any_of(modules.texts.begin(), modules.texts.end(), [](const TextModule& module) {
    return (module.code == text_code::title || module.code == text_code::citizen_title) && !module.content.empty();
  });
}

Service read_service(Scope& scope, const Element& at) {
  Service service;
  service.id = own_id(scope, at);
  service.secondary_ids = identifiers(at, {"idSekundaer"});
  service.structure = read_structure(scope, at);
  for (const auto* key : children(at, {"referenzLeistungsschluessel", "referenzLeiKa"})) {
    service.service_keys.push_back(read_service_key(*key));
  }
  service.modules = read_modules(scope, at);
  service.typing = full_codes(at, {"typisierung"});
  service.assurance_level = child_code(at, {"vertrauensniveau"});
  service.audience = child_codes(at, {"leistungsadressat"});
  service.written_form = flag(scope, at,
                              {"kennzeichenFormularSchriftformerfordernis", "kennzeichenSchriftformerfordernis",
                               "kennzeichenSchritformerfordernis"});
  service.in_person = flag(scope, at, {"kennzeichenFormularPersoenlich"});
  service.informal = flag(scope, at, {"kennzeichenFormularFormlos", "kennzeichenFormlos"});
  for (const auto* each : children(at, {"kategorie"})) service.categories.push_back(read_category(scope, *each));
  service.classifications = full_codes(at, {"klassifizierung"});
  read_sdg(at, service);
  service.related_services = identifiers(at, {"leistungImKontextID", "idLeistungImKontext"});
  service.processes = identifiers(at, {"prozessID", "idProzess"});
  service.publisher = read_publisher(scope, at);
  service.valid_areas = areas(scope, at, {"gueltigkeitGebietID"});
  read_single_contact(scope, at, service);
  service.industries = full_codes(at, {"relevantFuerWirtschaftszweig"});
  service.legal_forms = full_codes(at, {"relevantFuerRechtsform"});
  read_nationalities(at, service);
  service.catalogue_status = child_code(at, {"statusKatalog"});
  service.library_status = child_code(at, {"statusBibliothek"});
  service.detail_level = child_code(at, {"detailstufe"});
  service.reference_place_kinds = child_codes(at, {"bezugsortTyp"});
  service.version = child_version_info(scope, at);
  service.languages = language_versions(scope, at);
  service.validity = periods(scope, at);
  if (!has_title(service.modules) && !may_lack_title(at)) {
    scope.fault(at, "Die Leistung hat keine Bezeichnung (Textmodul 02 oder 03).");
  }
  return service;
}

Specialisation read_specialisation(Scope& scope, const Element& at) {
  Specialisation specialisation;
  specialisation.id = own_id(scope, at);
  specialisation.secondary_ids = identifiers(at, {"idSekundaer"});
  if (auto service = child_object_id(scope, at, {"leistungID", "idLeistung", "spezialisierteLeistungID"})) {
    specialisation.service = std::move(*service);
  } else {
    scope.fault(at, "Die Spezialisierung nennt keine Leistung (leistungID).");
  }
  specialisation.areas = areas(scope, at, {"gueltigkeitGebietID", "gebietID"});
  if (specialisation.areas.empty()) scope.fault(at, "Die Spezialisierung nennt kein Gebiet (gueltigkeitGebietID).");
  specialisation.modules = read_modules(scope, at);
  specialisation.version = child_version_info(scope, at);
  specialisation.languages = language_versions(scope, at);
  specialisation.validity = periods(scope, at);
  return specialisation;
}

}  // namespace verbund::directory::xzufi
