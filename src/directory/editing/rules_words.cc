// SPDX-License-Identifier: EUPL-1.2
// The list of rules, titles, and what is asked of an address and of a period.
#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "directory/editing/rules.h"
#include "kits/html/html.h"

namespace verbund::directory::editing {
namespace {

constexpr std::size_t title_bytes = 200;

std::string shown(std::string_view html_or_text, std::string_view otherwise) {
  const std::string plain = html::to_plain_text(html_or_text);
  return plain.empty() ? std::string(otherwise) : std::string(cut_utf8(plain, title_bytes));
}

}  // namespace

const std::vector<Rule>& all_rules() {
  static const std::vector<Rule> rules = {
      {"documents_missing", "Leistung ohne erforderliche Unterlagen", 2},
      {"duplicate_title", "Gleicher Titel zweimal in einer Redaktion", 2},
      {"fee_missing", "Leistung ohne Gebühr", 2},
      {"language_incomplete", "Titel nicht in allen Sprachen", 1},
      {"legal_basis_missing", "Leistung ohne Rechtsgrundlage", 1},
      {"link_dead", "Verweis ins Leere", 3},
      {"no_online_service", "Leistung ohne Onlinedienst", 1},
      {"no_search_terms", "Leistung ohne Suchbegriffe", 1},
      {"not_changed_for_two_years", "Seit zwei Jahren nicht geändert", 1},
      {"online_service_without_link", "Onlinedienst ohne Adresse", 3},
      {"processing_time_missing", "Leistung ohne Bearbeitungsdauer", 2},
      {"responsibility_area_unknown", "Zuständigkeit für ein unbekanntes Gebiet", 3},
      {"service_without_key", "Leistung ohne Leistungsschlüssel", 1},
      {"service_without_responsible", "Leistung ohne zuständige Stelle", 3},
      {"service_without_text", "Leistung ohne Text", 3},
      {"service_without_title", "Leistung ohne Titel", 3},
      {"unit_without_address", "Organisationseinheit ohne Anschrift", 3},
      {"unit_without_contact", "Organisationseinheit ohne Kontakt", 2},
      {"unit_without_hours", "Organisationseinheit ohne Öffnungszeiten", 2},
      {"validity_over", "Gültigkeit abgelaufen", 3},
  };
  return rules;
}

const Rule& rule(std::string_view id) {
  const auto& rules = all_rules();
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const Rule& one) { return one.id == id; });
  VERBUND_CHECK(found != rules.end());
  return *found;
}

std::string id_key(const ObjectId& id) { return id.agency + "." + id.local; }

std::string title_of(const Service& service) { return shown(citizen_title(service, "de"), "Leistung ohne Titel"); }

std::string title_of(const Specialisation& specialisation) {
  for (std::string_view code : {text_code::citizen_title, text_code::title}) {
    const auto* module = find_text(specialisation.modules, code);
    if (module && !pick(module->content, "de").empty()) return shown(pick(module->content, "de"), "");
  }
  return "Spezialisierung von " + external_id(ObjectKind::service, specialisation.service);
}

std::string title_of(const OrganisationalUnit& unit) {
  const std::string name(cut_utf8(trim(pick(unit.name, "de")), title_bytes));
  return name.empty() ? "Organisationseinheit ohne Namen" : name;
}

std::string title_of(const OnlineService& online) {
  const std::string name(cut_utf8(trim(pick(online.title, "de")), title_bytes));
  return name.empty() ? "Onlinedienst ohne Titel" : name;
}

std::string title_of(const Responsibility& responsibility) {
  return "Zuständigkeit von " + external_id(responsibility.holder_kind, responsibility.holder) + " für " +
         external_id(ObjectKind::service, responsibility.service);
}

bool is_address(std::string_view uri) {
  uri = trim(uri);
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos) return false;
  const auto bad = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '<' || c == '>' || c == '"';
  };
  if (std::any_of(uri.begin(), uri.end(), bad)) return false;
  const std::string scheme = to_lower_ascii(uri.substr(0, colon));
  std::string_view rest = uri.substr(colon + 1);
  if (scheme == "mailto") return rest.find('@') != std::string_view::npos && !rest.starts_with('@');
  if (scheme == "tel") return !rest.empty();
  if (scheme != "http" && scheme != "https") return false;
  if (!rest.starts_with("//")) return false;
  std::string_view host = rest.substr(2);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const auto user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
  host = host.substr(0, host.find(':'));
  const auto dot = host.find('.');
  return dot != std::string_view::npos && dot > 0 && !host.ends_with('.') && host.find("..") == std::string_view::npos;
}

bool is_over(const std::vector<Period>& validity, Instant now) {
  if (validity.empty()) return false;
  return std::all_of(validity.begin(), validity.end(), [&](const Period& period) {
    auto end = parse_time(period.end);
    if (!end) return false;
    if (period.end.size() == 10) *end += std::chrono::hours(24);
    return *end <= now;
  });
}

}  // namespace verbund::directory::editing
