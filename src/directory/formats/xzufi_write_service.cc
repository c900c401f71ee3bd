// SPDX-License-Identifier: EUPL-1.2
// leistung and spezialisierung, in the order of the 2.3.1 field model.
#include "directory/formats/xzufi_read.h"
#include "directory/formats/xzufi_writer.h"

namespace verbund::directory::xzufi {
namespace {

void write_structure(Out& out, const Structure& structure) {
  if (structure == Structure{}) return;
  out.open("struktur", structure.kind == "object"            ? "LeistungsstrukturObjekt"
                       : structure.kind == "object_with_act" ? "LeistungsstrukturObjektMitVerrichtung"
                       : structure.kind == "object_with_act_and_detail"
                           ? "LeistungsstrukturObjektMitVerrichtungUndDetail"
                           : "Leistungsstruktur");
  if (structure.group != Identifier{}) {
    out.open("leistungsgruppierungLeika");
    out.scheme_attributes(structure.group);
    out.code_body({.list_uri = "", .list_version = "", .code = structure.group.value, .name = ""});
    out.close();
  }
  if (structure.object_id != Identifier{}) out.identifier("leistungsobjektID", structure.object_id);
  if (structure.act != Code{}) out.code("verrichtungLeika", structure.act);
  out.texts("verrichtungsdetail", structure.detail);
  out.close();
}

// The key itself is the text of the identifier; its name has no place there.
void write_service_key(Out& out, const Code& key) {
  out.open("referenzLeistungsschluessel");
  out.attribute("schemeURI", key.list_uri);
  out.attribute("schemeVersionID", key.list_version);
  out.attribute("vb:bezeichnung", key.name);
  out.raw_text(key.code);
  out.close();
}

void write_category(Out& out, const Category& category) {
  out.open("kategorie");
  out.identifier("id", category.id);
  out.identifiers("idSekundaer", category.secondary_ids);
  if (category.parent) out.identifier("uebergeordneteKategorieID", *category.parent);
  out.identifiers("untergeordneteKategorieID", category.children);
  out.open("klasse");
  out.identifier("id", category.class_id);
  out.code("typ", category.class_kind);
  out.texts("bezeichnung", category.class_name);
  out.close();
  out.texts("bezeichnung", category.name);
  out.texts("beschreibung", category.description);
  out.close();
}

void write_publisher(Out& out, const Publisher& publisher) {
  out.open("herausgeber");
  out.identifier("id", publisher.id);
  out.identifiers("idSekundaer", publisher.secondary_ids);
  out.leaf("bezeichnung", publisher.name);
  out.leaf("kurzbezeichnung", publisher.short_name);
  out.texts("beschreibung", publisher.description);
  out.close();
}

bool is_group_of_states(const Code& code) { return code.list_uri.find("staatengruppe") != std::string::npos; }

void write_nationalities(Out& out, const std::vector<Code>& codes) {
  if (codes.empty()) return;
  out.open("relevantFuerStaatsangehoerigkeit");
  for (const auto& code : codes) {
    if (!is_group_of_states(code)) out.code("staatsangehoerigkeit", code);
  }
  for (const auto& code : codes) {
    if (is_group_of_states(code)) out.code("staatengruppe", code);
  }
  out.close();
}

}  // namespace

void write_object(Out& out, const Service& service) {
  out.open("leistung");
  if (!has_title(service.modules)) out.attribute("vb:ohneBezeichnung", "true");
  out.object_id("id", service.id, "Leistung");
  out.identifiers("idSekundaer", service.secondary_ids);
  write_structure(out, service.structure);
  out.code("statusKatalog", service.catalogue_status);
  out.code("statusBibliothek", service.library_status);
  out.code("detailstufe", service.detail_level);
  for (const auto& key : service.service_keys) write_service_key(out, key);
  out.codes("leistungsadressat", service.audience);
  out.codes("bezugsortTyp", service.reference_place_kinds);
  write_modules(out, service.modules);
  out.codes("typisierung", service.typing);
  out.code("vertrauensniveau", service.assurance_level, "urn:xoev-de:fim:codeliste:vertrauensniveau");
  out.flag("kennzeichenFormularSchriftformerfordernis", service.written_form);
  out.flag("kennzeichenFormularPersoenlich", service.in_person);
  out.flag("kennzeichenFormularFormlos", service.informal);
  for (const auto& category : service.categories) write_category(out, category);
  out.codes("klassifizierung", service.classifications);
  if (!service.sdg.empty() || !service.sdg2.empty()) {
    out.open("informationsbereicheSDG");
    out.codes("informationsbereichSDG1", service.sdg);
    out.codes("informationsbereichSDG2", service.sdg2);
    out.close();
  }
  out.identifiers("leistungImKontextID", service.related_services);
  out.identifiers("prozessID", service.processes);
  if (service.publisher) write_publisher(out, *service.publisher);
  out.areas("gueltigkeitGebietID", service.valid_areas);
  out.codes("durchfuehrbarEinheitlicheStelle", service.single_contact);
  for (const auto& industry : service.industries) {
    out.open("relevantFuerWirtschaftszweig");
    out.code("code", industry);
    out.close();
  }
  out.codes("relevantFuerRechtsform", service.legal_forms);
  write_nationalities(out, service.nationalities);
  out.version(service.version);
  out.languages(service.languages);
  out.periods(service.validity);
  out.close();
}

void write_object(Out& out, const Specialisation& specialisation) {
  out.open("spezialisierung");
  out.object_id("id", specialisation.id, "LeistungSpezialisierung");
  out.identifiers("idSekundaer", specialisation.secondary_ids);
  out.object_id("leistungID", specialisation.service, "Leistung");
  write_modules(out, specialisation.modules);
  out.areas("gueltigkeitGebietID", specialisation.areas);
  out.version(specialisation.version);
  out.languages(specialisation.languages);
  out.periods(specialisation.validity);
  out.close();
}

}  // namespace verbund::directory::xzufi
