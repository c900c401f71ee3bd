// SPDX-License-Identifier: EUPL-1.2
// A service of public administration, its texts and what belongs to it; specialisations of a text for an area.
// Source: XZuFi 2.2.0 and 2.3.1 leistung, spezialisierung (German names in brackets); the model is the union of both.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/catalogue/parts.h"
#include "directory/geography/area.h"
#include "directory/identity/object.h"

namespace verbund::directory {

// Codes of text modules. Source: urn:de:xzufi:codeliste:leistungstextmodulleika 20240216.
namespace text_code {
inline constexpr std::string_view title = "02";            // Leistungsbezeichnung
inline constexpr std::string_view citizen_title = "03";    // Leistungsbezeichnung II: use first, else 02
inline constexpr std::string_view short_text = "05";       // Kurztext
inline constexpr std::string_view full_text = "06";        // Volltext
inline constexpr std::string_view legal_basis = "07";      // Rechtsgrundlagen
inline constexpr std::string_view documents = "08";        // Erforderliche Unterlagen
inline constexpr std::string_view requirements = "09";     // Voraussetzungen
inline constexpr std::string_view procedure = "11";        // Verfahrensablauf
inline constexpr std::string_view forms = "14";            // Formulare
inline constexpr std::string_view further_information = "15";
inline constexpr std::string_view notes = "16";            // Hinweise
inline constexpr std::string_view author = "18";           // Urheber
inline constexpr std::string_view competent_body = "22";   // Zuständige Stelle
inline constexpr std::string_view contact_point = "23";    // Ansprechpunkt
inline constexpr std::string_view teaser = "24";
inline constexpr std::string_view appeal = "25";           // Rechtsbehelf
}  // namespace text_code

// [modulText] and, with `code` empty, [modulTextIndividuell].
struct TextModule {
  ModuleHead head;
  std::string code;                   // text_code, empty for an individual module
  Code individual_kind;               // of an individual module
  LocalisedTexts title_override;      // [leikaTextmodulAbweichendeBezeichnung]
  LocalisedTexts content;             // HTML
  std::vector<Link> links;
  bool operator==(const TextModule&) const = default;
};

// A duration ([FristDauer]) or dates ([FristStichtag]); one of both.
struct TimeSpan {
  std::optional<std::int64_t> amount;      // >= 0
  std::string unit;                        // JAHR MONAT WOCHE TAG WERKTAG ARBEITSTAG STUNDE MINUTE SEKUNDE
  std::optional<std::int64_t> amount_to;   // upper end
  std::string unit_to;
  std::string from, until;                 // "2026-12-31", or "--12-31" (month and day)
  bool operator==(const TimeSpan&) const = default;
};

// [Frist]; without kind: [Bearbeitungsdauer].
struct Deadline {
  std::string kind;                   // 001 002 003 005 006 009
  TimeSpan span;
  LocalisedTexts description;         // HTML
  std::optional<std::int64_t> position;
  std::vector<Period> validity;
  bool operator==(const Deadline&) const = default;
};

struct DeadlineModule {               // [modulFrist], [modulBearbeitungsdauer]
  ModuleHead head;
  std::vector<Deadline> deadlines;
  LocalisedTexts description;         // HTML
  std::vector<Link> links;
  bool operator==(const DeadlineModule&) const = default;
};

// Amounts are decimal text as delivered ("46.00"), not negative; currency ISO 4217.
struct Amount {
  std::string value;
  std::string currency;
  bool operator==(const Amount&) const = default;
};

struct Fee {                          // [kosten]
  enum class Choice { unknown, fixed, variable, free };
  std::string kind;                   // 001-018
  Choice choice = Choice::unknown;
  std::optional<Amount> fixed;
  std::optional<Amount> least, most;
  LocalisedTexts reason;              // [beschreibungVariabilitaet], [beschreibungKostenfreiheit]
  LocalisedTexts description;         // HTML
  std::optional<bool> in_advance;     // [vorkasse]
  std::vector<Link> tariff_links;     // [linkKostenbildung]
  std::optional<std::int64_t> position;
  std::vector<Period> validity;
  bool operator==(const Fee&) const = default;
};

struct FeeModule {                    // [modulKosten]
  ModuleHead head;
  std::vector<Fee> fees;
  LocalisedTexts description;         // HTML
  std::vector<Link> links;
  bool operator==(const FeeModule&) const = default;
};

struct Document {                     // [dokument]
  std::string kind;                   // 001-028, 999
  std::string kind_unlisted;          // [nichtGelisteterWert]
  LocalisedTexts title;
  LocalisedTexts description;         // HTML
  std::vector<Identifier> forms;
  std::string signature;              // 001 004 101-104
  std::string obligation;             // 2.3.1 [pflichtangabetyp] 01 02
  std::vector<Code> obligation_reasons;
  std::optional<bool> is_trigger;     // [kennzeichenAusloeser]
  bool operator==(const Document&) const = default;
};

struct DocumentModule {               // [modulDokument]
  ModuleHead head;
  std::vector<Document> incoming;     // what a citizen brings
  std::vector<Document> outgoing;     // what the authority gives
  LocalisedTexts description_incoming;  // HTML; 2.2.0 [beschreibung]
  LocalisedTexts description_outgoing;  // HTML
  std::vector<Link> links;
  bool operator==(const DocumentModule&) const = default;
};

struct SearchTerm {                   // [begriffImKontext]
  std::string language;
  std::string term;
  std::string kind;                   // 001 002 003 999
  bool operator==(const SearchTerm&) const = default;
};

struct SearchTermModule {             // [modulBegriffImKontext]
  ModuleHead head;
  std::vector<SearchTerm> terms;
  bool operator==(const SearchTermModule&) const = default;
};

struct ApprovalModule {               // [modulFachlicheFreigabe]
  ModuleHead head;
  std::string approved_on;            // calendar day
  LocalisedTexts approved_by;
  bool operator==(const ApprovalModule&) const = default;
};

struct AdviceModule {                 // [modulAuskunftshinweis]: for the service line 115, not for citizens
  ModuleHead head;
  LocalisedTexts content;             // HTML
  std::vector<Link> links;
  bool operator==(const AdviceModule&) const = default;
};

struct UrlParameter {
  std::string kind, name;
  bool operator==(const UrlParameter&) const = default;
};

struct SourcePortalModule {           // [modulUrsprungsportal]
  ModuleHead head;
  std::string language, uri, title;
  std::vector<UrlParameter> parameters;
  bool operator==(const SourcePortalModule&) const = default;
};

struct Structure {                    // [struktur]
  std::string kind;                   // "object", "object_with_act", "object_with_act_and_detail"; empty: not given
  Identifier group;                   // [leistungsgruppierung]; 2.3.1 [leistungsgruppierungLeika] as value
  Identifier object_id;               // [leistungsobjektID]
  Code act;                           // [verrichtung/verrichtungLeiKa]
  LocalisedTexts detail;              // [verrichtungsdetail]
  bool operator==(const Structure&) const = default;
};

// [kategorie]; life events are categories whose class says so (see is_life_event).
struct Category {
  Identifier id;
  std::vector<Identifier> secondary_ids;
  std::optional<Identifier> parent;
  std::vector<Identifier> children;
  LocalisedTexts name;
  LocalisedTexts description;
  Identifier class_id;
  std::string class_kind;             // 2.3.1 001-004
  LocalisedTexts class_name;
  bool operator==(const Category&) const = default;
};
// True if the class is named "Lebenslage" (any case, singular or plural) or its scheme or id says pvlagen / lebenslage.
bool is_life_event(const Category& category);

struct Publisher {                    // [herausgeber]
  Identifier id;
  std::vector<Identifier> secondary_ids;
  std::string name, short_name;
  LocalisedTexts description;
  bool operator==(const Publisher&) const = default;
};

// Texts and modules that a service and a specialisation share.
struct Modules {
  std::vector<TextModule> texts;
  std::vector<DeadlineModule> deadlines;
  std::vector<DeadlineModule> processing_times;
  std::vector<FeeModule> fees;
  std::vector<SearchTermModule> search_terms;
  std::vector<ApprovalModule> approvals;
  std::vector<AdviceModule> advice;
  std::vector<DocumentModule> documents;
  std::vector<SourcePortalModule> source_portals;
  bool operator==(const Modules&) const = default;
};

struct Service {
  ObjectId id;
  std::vector<Identifier> secondary_ids;
  Structure structure;
  std::vector<Code> service_keys;     // [referenzLeiKa]: code = 14 digits "99 GGG KKK VVV DDD"
  Modules modules;
  std::vector<Code> typing;           // [typisierung]
  std::string assurance_level;        // [vertrauensniveau] 00 10 15 20 30 40
  std::vector<std::string> audience;  // [leistungsadressat] 001 citizens, 002 businesses, 003 administration
  std::optional<bool> written_form;   // [kennzeichenSchriftformerfordernis]
  std::optional<bool> in_person;      // 2.3.1
  std::optional<bool> informal;       // 2.3.1 [kennzeichenFormlos]
  std::vector<Category> categories;
  std::vector<Code> classifications;
  std::vector<std::string> sdg;       // [informationsbereichSDG / sdg1] 7 digits
  std::vector<std::string> sdg2;      // 2.3.1, 4 digits
  std::vector<Identifier> related_services;   // [idLeistungImKontext]
  std::vector<Identifier> processes;  // [idProzess]
  std::optional<Publisher> publisher;
  std::vector<AreaKey> valid_areas;   // [gueltigkeitGebietID]
  std::vector<std::string> single_contact;    // 2.3.1 codes 00 11 19; 2.2.0 [kennzeichenEA] true = 11, false = 00
  std::vector<Code> industries;       // [relevantFuerWirtschaftszweig]
  std::vector<Code> legal_forms;
  std::vector<Code> nationalities;
  std::string catalogue_status, library_status;   // 2.3.1 1-8
  std::string detail_level;           // 2.3.1 101-105
  std::vector<std::string> reference_place_kinds; // 2.3.1 [bezugsortTyp] 001-005
  VersionInfo version;
  std::vector<LanguageVersion> languages;
  std::vector<Period> validity;
  bool operator==(const Service&) const = default;
};

// A publisher's text for an area on top of a service (often another publisher's). A module here stands instead of the
// service's module of the same kind and code, in the languages it has; what it leaves out stays as it is.
struct Specialisation {
  ObjectId id;
  std::vector<Identifier> secondary_ids;
  ObjectId service;
  std::vector<AreaKey> areas;         // at least one
  Modules modules;
  VersionInfo version;
  std::vector<LanguageVersion> languages;
  std::vector<Period> validity;
  bool operator==(const Specialisation&) const = default;
};

// The text in `language`, else in "de", else the first; "" if there is none. `exact` only `language`.
std::string_view pick(const LocalisedTexts& texts, std::string_view language);
std::string_view pick_exact(const LocalisedTexts& texts, std::string_view language);

// The first module with this code, or null.
const TextModule* find_text(const Modules& modules, std::string_view code);
// Title for citizens: code 03 in the language, else 02, else 03 and 02 in German; never empty if any title is there.
std::string_view citizen_title(const Service& service, std::string_view language);
// The first 14-digit service key, "" if none.
std::string_view service_key(const Service& service);

// The service as it reads in an area: `specialisations` laid over it, largest area first.
// Requires: they belong to the service and their areas contain the place.
Service specialised(const Service& service, const std::vector<Specialisation>& specialisations);

}  // namespace verbund::directory
