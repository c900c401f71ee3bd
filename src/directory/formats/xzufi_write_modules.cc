// SPDX-License-Identifier: EUPL-1.2
// Modules of leistung and spezialisierung. Source: XZuFi 2.3.1, field model of the FIM portal.
#include "directory/formats/xzufi_writer.h"

namespace verbund::directory::xzufi {
namespace {

constexpr std::string_view text_list = "urn:de:xzufi:codeliste:leistungstextmodulleika";
constexpr std::string_view text_list_version = "20240216";

void write_head(Out& out, const ModuleHead& head) {
  out.code("zugangskanal", head.channel);
  out.number("positionDarstellung", head.position);
  if (head.id) out.identifier("id", *head.id);
  out.identifiers("idSekundaer", head.secondary_ids);
  out.periods(head.validity);
}

void write_text(Out& out, const TextModule& module) {
  const bool individual = module.code.empty();
  out.open(individual ? "modulTextIndividuell" : "modulText");
  write_head(out, module.head);
  if (individual) {
    out.code("individuellesTextmodultyp", module.individual_kind);
  } else {
    out.code("leikaTextmodul", module.code, text_list, text_list_version);
  }
  out.texts("leikaTextmodulAbweichendeBezeichnung", module.title_override);
  out.texts("inhalt", module.content);
  out.links("weiterfuehrenderLink", module.links);
  out.close();
}

void write_span(Out& out, const TimeSpan& span) {
  if (span == TimeSpan{}) return;
  const bool dates = !span.from.empty() || !span.until.empty();
  out.open("fristauswahl", dates ? "FristStichtag" : "FristDauer");
  out.number("dauer", span.amount);
  out.code("einheit", span.unit);
  out.number("dauerBis", span.amount_to);
  out.code("einheitBis", span.unit_to);
  out.leaf("von", span.from);
  out.leaf("bis", span.until);
  out.close();
}

void write_deadlines(Out& out, const DeadlineModule& module, std::string_view name, std::string_view entry) {
  out.open(name);
  write_head(out, module.head);
  for (const auto& deadline : module.deadlines) {
    out.open(entry);
    out.code("typ", deadline.kind);
    write_span(out, deadline.span);
    out.texts("beschreibung", deadline.description);
    out.number("positionDarstellung", deadline.position);
    out.periods(deadline.validity);
    out.close();
  }
  out.texts("beschreibung", module.description);
  out.links("weiterfuehrenderLink", module.links);
  out.close();
}

void write_amount(Out& out, std::string_view name, const std::optional<Amount>& amount) {
  if (!amount) return;
  out.open(name);
  out.attribute("currencyCode", amount->currency);
  out.raw_text(amount->value);
  out.close();
}

void write_fee(Out& out, const Fee& fee) {
  out.open("kosten");
  out.code("typ", fee.kind);
  const bool unknown = fee.choice == Fee::Choice::unknown;
  if (!unknown || fee.fixed || fee.least || fee.most || !fee.reason.empty()) {
    const bool free = fee.choice == Fee::Choice::free;
    out.open("kostenauswahl", unknown                              ? ""
                              : free                               ? "KostenFrei"
                              : fee.choice == Fee::Choice::variable ? "KostenVariabel"
                                                                   : "KostenFix");
    if (unknown) out.attribute("vb:unbestimmt", "true");
    write_amount(out, "betrag", fee.fixed);
    write_amount(out, "betragUntergrenze", fee.least);
    write_amount(out, "betragObergrenze", fee.most);
    out.texts(free ? "beschreibungKostenfreiheit" : "beschreibungVariabilitaet", fee.reason);
    out.close();
  }
  out.texts("beschreibung", fee.description);
  out.flag("vorkasse", fee.in_advance);
  out.links("linkKostenbildung", fee.tariff_links);
  out.number("positionDarstellung", fee.position);
  out.periods(fee.validity);
  out.close();
}

void write_fees(Out& out, const FeeModule& module) {
  out.open("modulKosten");
  write_head(out, module.head);
  for (const auto& fee : module.fees) write_fee(out, fee);
  out.texts("beschreibung", module.description);
  out.links("weiterfuehrenderLink", module.links);
  out.close();
}

void write_document_body(Out& out, const Document& document) {
  if (!document.kind.empty() || !document.kind_unlisted.empty()) {
    out.open("art");
    out.code("code", document.kind);
    out.leaf("nichtGelisteterWert", document.kind_unlisted);
    out.close();
  }
  out.texts("bezeichnung", document.title);
  out.texts("beschreibung", document.description);
  out.identifiers("formularReferenz", document.forms);
  out.code("angabeSignatur", document.signature);
}

// Obligation and trigger belong to incoming documents; on an outgoing one (another format's) they are kept in the same
// place, where readers of the standard pass over them.
void write_document(Out& out, const Document& document, bool incoming) {
  out.open(incoming ? "dokumentEingehend" : "dokumentAusgehend");
  out.code("pflichtangabetyp", document.obligation);
  out.codes("pflichtangabeGrundKontextabhaengigkeit", document.obligation_reasons);
  out.flag("kennzeichenAusloeser", document.is_trigger);
  if (incoming) out.open("dokument");
  write_document_body(out, document);
  if (incoming) out.close();
  out.close();
}

void write_documents(Out& out, const DocumentModule& module) {
  out.open("modulDokument");
  write_head(out, module.head);
  for (const auto& document : module.incoming) write_document(out, document, true);
  for (const auto& document : module.outgoing) write_document(out, document, false);
  out.texts("beschreibungEingehend", module.description_incoming);
  out.texts("beschreibungAusgehend", module.description_outgoing);
  out.links("weiterfuehrenderLink", module.links);
  out.close();
}

void write_terms(Out& out, const SearchTermModule& module) {
  out.open("modulBegriffImKontext");
  write_head(out, module.head);
  for (const auto& term : module.terms) {
    out.open("begriffImKontext");
    out.open("begriff");
    out.language(term.language);
    out.raw_text(term.term);
    out.close();
    out.code("typ", term.kind, "urn:xoev-de:fim:codeliste:begriffimkontexttyp");
    out.close();
  }
  out.close();
}

void write_approval(Out& out, const ApprovalModule& module) {
  out.open("modulFachlicheFreigabe");
  write_head(out, module.head);
  out.leaf("fachlichFreigegebenAm", module.approved_on);
  out.texts("fachlichFreigegebenDurch", module.approved_by);
  out.close();
}

void write_advice(Out& out, const AdviceModule& module) {
  out.open("modulAuskunftshinweis");
  write_head(out, module.head);
  out.texts("inhalt", module.content);
  out.links("weiterfuehrenderLink", module.links);
  out.close();
}

void write_portal(Out& out, const SourcePortalModule& module) {
  out.open("modulUrsprungsportal");
  write_head(out, module.head);
  if (!module.language.empty()) {
    out.open("languageCode");
    out.language_text(module.language);
    out.close();
  }
  out.leaf("uri", module.uri);
  out.leaf("titel", module.title);
  for (const auto& parameter : module.parameters) {
    out.open("dynamischeParameter");
    out.code("typ", parameter.kind);
    out.leaf("parameterName", parameter.name);
    out.close();
  }
  out.close();
}

}  // namespace

void write_modules(Out& out, const Modules& modules) {
  for (const auto& module : modules.texts) write_text(out, module);
  for (const auto& module : modules.deadlines) write_deadlines(out, module, "modulFrist", "frist");
  for (const auto& module : modules.processing_times) {
    write_deadlines(out, module, "modulBearbeitungsdauer", "bearbeitungsdauer");
  }
  for (const auto& module : modules.fees) write_fees(out, module);
  for (const auto& module : modules.documents) write_documents(out, module);
  for (const auto& module : modules.search_terms) write_terms(out, module);
  for (const auto& module : modules.approvals) write_approval(out, module);
  for (const auto& module : modules.advice) write_advice(out, module);
  for (const auto& module : modules.source_portals) write_portal(out, module);
}

}  // namespace verbund::directory::xzufi
