// SPDX-License-Identifier: EUPL-1.2
// Modules of leistung and spezialisierung. Source: XZuFi 2.2.0 and 2.3.1, field model of the FIM portal.
#include <algorithm>

#include "base/text.h"
#include "directory/formats/xzufi_read.h"

namespace verbund::directory::xzufi {
namespace {

ModuleHead read_head(Scope& scope, const Element& at) {
  return {child_code(at, {"zugangskanal"}), number(scope, at, {"positionDarstellung"}), child_identifier(at, {"id"}),
          identifiers(at, {"idSekundaer"}), periods(scope, at)};
}

TextModule read_text(Scope& scope, const Element& at) {
  TextModule module;
  module.head = read_head(scope, at);
  module.code = child_code(at, {"leikaTextmodul"});
  if (const auto* kind = child(at, {"individuellesTextmodultyp"}); kind && module.code.empty()) {
    module.individual_kind = full_code(*kind);
  }
  module.title_override = texts(scope, at, {"leikaTextmodulAbweichendeBezeichnung"});
  module.content = html_texts(scope, at, {"inhalt"});
  module.links = links(scope, at, {"weiterfuehrenderLink"});
  return module;
}

// "2026-12-31", or month and day as "--12-31".
std::string read_due_day(Scope& scope, const Element& parent, Names names) {
  const auto* element = child(parent, names);
  if (!element) return {};
  while (text_of(*element).empty() && !element->children.empty()) element = &element->children.front();
  const std::string text = text_of(*element);
  if (text.empty()) return {};
  if (text.size() == 7 && text.starts_with("--") && text[4] == '-' && is_digits(text.substr(2, 2)) &&
      is_digits(text.substr(5, 2)) && text.substr(2, 2) >= "01" && text.substr(2, 2) <= "12" &&
      text.substr(5, 2) >= "01" && text.substr(5, 2) <= "31") {
    return text;
  }
  return day_of(scope, *element);
}

TimeSpan read_span(Scope& scope, const Element& parent) {
  TimeSpan span;
  const auto* choice = child(parent, {"fristauswahl"});
  if (!choice) return span;
  // Both ways to write a choice: by xsi:type, or as an element of its own within.
  if (const auto* inner = child(*choice, {"fristDauer", "fristStichtag"})) choice = inner;
  const auto positive = [&](Names names) {
    auto value = number(scope, *choice, names);
    if (value && *value < 0) scope.fault(*choice, "Die Dauer einer Frist ist negativ.");
    return value;
  };
  span.amount = positive({"dauer"});
  span.unit = child_code(*choice, {"einheit"});
  span.amount_to = positive({"dauerBis"});
  span.unit_to = child_code(*choice, {"einheitBis"});
  span.from = read_due_day(scope, *choice, {"von"});
  span.until = read_due_day(scope, *choice, {"bis"});
  return span;
}

DeadlineModule read_deadlines(Scope& scope, const Element& at, Names names) {
  DeadlineModule module;
  module.head = read_head(scope, at);
  for (const auto* element : children(at, names)) {
    module.deadlines.push_back({child_code(*element, {"typ"}), read_span(scope, *element),
                                html_texts(scope, *element, {"beschreibung"}),
                                number(scope, *element, {"positionDarstellung"}), periods(scope, *element)});
  }
  module.description = html_texts(scope, at, {"beschreibung"});
  module.links = links(scope, at, {"weiterfuehrenderLink"});
  return module;
}

std::optional<Amount> read_amount(Scope& scope, const Element& parent, Names names) {
  const auto* element = child(parent, names);
  if (!element) return std::nullopt;
  Amount amount{text_of(*element), std::string(trim(element->attribute("currencyCode")))};
  if (amount.currency.empty()) amount.currency = trim(element->attribute("currencyID"));
  if (amount.currency.empty()) amount.currency = "EUR";
  const auto point = amount.value.find('.');
  const std::string_view value = amount.value;
  const bool sound = value.size() <= 24 && is_digits(value.substr(0, point)) &&
                     (point == std::string::npos || is_digits(value.substr(point + 1)));
  if (!sound) {
    scope.fault(*element, "„" + std::string(cut_utf8(value, 60)) + "“ in " + element->name +
                              " ist kein Betrag (Ziffern mit Punkt, nicht negativ).");
  }
  return amount;
}

Fee read_fee(Scope& scope, const Element& at) {
  Fee fee;
  fee.kind = child_code(at, {"typ"});
  if (const auto* choice = child(at, {"kostenauswahl"})) {
    std::string_view type = type_of(*choice);
    if (const auto* inner = child(*choice, {"kostenFix", "kostenVariabel", "kostenFrei"})) {
      choice = inner;
      type = inner->name;
    }
    const std::string kind = to_lower_ascii(type);
    fee.fixed = read_amount(scope, *choice, {"betrag"});
    fee.least = read_amount(scope, *choice, {"betragUntergrenze"});
    fee.most = read_amount(scope, *choice, {"betragObergrenze"});
    fee.reason = texts(scope, *choice, {"beschreibungVariabilitaet", "beschreibungKostenfreiheit"});
    if (kind == "kostenfix" || (kind.empty() && fee.fixed)) fee.choice = Fee::Choice::fixed;
    else if (kind == "kostenvariabel" || (kind.empty() && (fee.least || fee.most))) fee.choice = Fee::Choice::variable;
    else if (kind == "kostenfrei" || (kind.empty() && child(*choice, {"beschreibungKostenfreiheit"}))) {
      fee.choice = Fee::Choice::free;
    }
    if (choice->attribute("unbestimmt") == "true") fee.choice = Fee::Choice::unknown;  // extension
  }
  fee.description = html_texts(scope, at, {"beschreibung"});
  fee.in_advance = flag(scope, at, {"vorkasse"});
  fee.tariff_links = links(scope, at, {"linkKostenbildung"});
  fee.position = number(scope, at, {"positionDarstellung"});
  fee.validity = periods(scope, at);
  return fee;
}

FeeModule read_fees(Scope& scope, const Element& at) {
  FeeModule module;
  module.head = read_head(scope, at);
  for (const auto* element : children(at, {"kosten"})) module.fees.push_back(read_fee(scope, *element));
  module.description = html_texts(scope, at, {"beschreibung"});
  module.links = links(scope, at, {"weiterfuehrenderLink"});
  return module;
}

// 2.2.0: the document itself; 2.3.1: dokumentEingehend {pflichtangabetyp, kennzeichenAusloeser, dokument}.
Document read_document(Scope& scope, const Element& at) {
  Document document;
  document.obligation = child_code(at, {"pflichtangabetyp"});
  document.obligation_reasons = full_codes(at, {"pflichtangabeGrundKontextabhaengigkeit"});
  document.is_trigger = flag(scope, at, {"kennzeichenAusloeser"});
  const auto* inner = child(at, {"dokument"});
  const Element& body = inner ? *inner : at;
  if (const auto* kind = child(body, {"art", "typ"})) {
    document.kind_unlisted = child_text(*kind, {"nichtGelisteterWert"});
    const bool only_unlisted = !document.kind_unlisted.empty() && !child(*kind, {"code"});
    document.kind = only_unlisted ? "" : code_of(*kind);
  }
  document.title = texts(scope, body, {"bezeichnung"});
  document.description = html_texts(scope, body, {"beschreibung"});
  document.forms = identifiers(body, {"formularReferenz", "referenzFormularID"});
  document.signature = child_code(body, {"angabeSignatur"});
  return document;
}

DocumentModule read_documents(Scope& scope, const Element& at) {
  DocumentModule module;
  module.head = read_head(scope, at);
  for (const auto* each : children(at, {"dokumentEingehend"})) module.incoming.push_back(read_document(scope, *each));
  for (const auto* each : children(at, {"dokumentAusgehend"})) module.outgoing.push_back(read_document(scope, *each));
  module.description_incoming = html_texts(scope, at, {"beschreibungEingehend", "beschreibung"});
  module.description_outgoing = html_texts(scope, at, {"beschreibungAusgehend"});
  module.links = links(scope, at, {"weiterfuehrenderLink"});
  return module;
}

SearchTermModule read_terms(Scope& scope, const Element& at) {
  SearchTermModule module;
  module.head = read_head(scope, at);
  for (const auto* element : children(at, {"begriffImKontext"})) {
    const std::string kind = child_code(*element, {"typ"});
    for (const auto* term : children(*element, {"begriff"})) {
      std::string language = language_of(scope, *term);
      module.terms.push_back({language.empty() ? "de" : std::move(language), text_of(*term), kind});
    }
  }
  return module;
}

SourcePortalModule read_portal(Scope& scope, const Element& at) {
  SourcePortalModule module;
  module.head = read_head(scope, at);
  module.language = language_of(scope, at);
  module.uri = child_text(at, {"uri"});
  module.title = child_text(at, {"titel"});
  for (const auto* each : children(at, {"dynamischeParameter", "dynamischerParameter"})) {
    module.parameters.push_back({child_code(*each, {"typ"}), child_text(*each, {"parameterName"})});
  }
  return module;
}

}  // namespace

Modules read_modules(Scope& scope, const Element& parent) {
  Modules modules;
  for (const auto& element : parent.children) {
    const std::string name = to_lower_ascii(element.name);
    if (!name.starts_with("modul")) continue;
    if (name == "modultext" || name == "modultextindividuell") {
      modules.texts.push_back(read_text(scope, element));
    } else if (name == "modulfrist") {
      modules.deadlines.push_back(read_deadlines(scope, element, {"frist"}));
    } else if (name == "modulbearbeitungsdauer") {
      modules.processing_times.push_back(read_deadlines(scope, element, {"bearbeitungsdauer"}));
    } else if (name == "modulkosten") {
      modules.fees.push_back(read_fees(scope, element));
    } else if (name == "modulbegriffimkontext") {
      modules.search_terms.push_back(read_terms(scope, element));
    } else if (name == "modulfachlichefreigabe") {
      modules.approvals.push_back({read_head(scope, element), day(scope, element, {"fachlichFreigegebenAm"}),
                                   texts(scope, element, {"fachlichFreigegebenDurch"})});
    } else if (name == "modulauskunftshinweis") {
      modules.advice.push_back({read_head(scope, element), html_texts(scope, element, {"inhalt"}),
                                links(scope, element, {"weiterfuehrenderLink"})});
    } else if (name == "moduldokument") {
      modules.documents.push_back(read_documents(scope, element));
    } else if (name == "modulursprungsportal") {
      modules.source_portals.push_back(read_portal(scope, element));
    }
  }
  return modules;
}

}  // namespace verbund::directory::xzufi
