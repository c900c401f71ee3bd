// SPDX-License-Identifier: EUPL-1.2
#include "directory/editing/rules.h"

#include <algorithm>

#include "base/text.h"

namespace verbund::directory::editing {
namespace {

constexpr std::size_t links_told = 10;   // dead links of one object that are told
constexpr std::chrono::days two_years{730};

bool says_something(const LocalisedTexts& texts) {
  return std::any_of(texts.begin(), texts.end(), [](const LocalisedText& one) { return !trim(one.text).empty(); });
}

bool has_text(const Modules& modules, std::initializer_list<std::string_view> codes) {
  return std::any_of(modules.texts.begin(), modules.texts.end(), [&](const TextModule& module) {
    return std::find(codes.begin(), codes.end(), module.code) != codes.end() &&
           (says_something(module.content) || !module.links.empty());
  });
}

bool has_title_in(const Service& service, std::string_view language) {
  for (const auto& module : service.modules.texts) {
    const bool title = module.code == text_code::citizen_title || module.code == text_code::title;
    if (title && !pick_exact(module.content, language).empty()) return true;
  }
  return false;
}

void check_link(std::string_view uri, std::size_t& told, const Tell& tell) {
  if (is_address(uri) || told >= links_told) return;
  ++told;
  tell("link_dead", "Der Link \"" + std::string(cut_utf8(uri, 100)) +
                        "\" ist keine vollständige Adresse. Berichtigen oder entfernen Sie ihn.");
}

void check_links(const Modules& modules, std::size_t& told, const Tell& tell) {
  const auto all = [&](const auto& list) {
    for (const auto& module : list) {
      for (const auto& link : module.links) check_link(link.uri, told, tell);
    }
  };
  all(modules.texts);
  all(modules.deadlines);
  all(modules.processing_times);
  all(modules.fees);
  all(modules.documents);
  all(modules.advice);
  for (const auto& module : modules.fees) {
    for (const auto& fee : module.fees) {
      for (const auto& link : fee.tariff_links) check_link(link.uri, told, tell);
    }
  }
  for (const auto& portal : modules.source_portals) check_link(portal.uri, told, tell);
}

void tell_missing(std::string_view article_and_kind, const std::string& id, const Tell& tell) {
  tell("link_dead", "Nennt " + std::string(article_and_kind) + " " + id +
                        ", die es hier nicht gibt. Berichtigen Sie den Verweis oder lassen Sie das Ziel liefern.");
}

void check_age(const VersionInfo& version, const Facts& facts, const Tell& tell) {
  const auto changed = parse_time(version.changed_at);
  if (!changed || *changed + two_years >= facts.now) return;
  const BerlinTime day = to_berlin(*changed);
  tell("not_changed_for_two_years", "Zuletzt geändert am " + std::to_string(day.day) + "." + std::to_string(day.month) +
                                        "." + std::to_string(day.year) + ". Prüfen Sie, ob alles noch stimmt.");
}

// Objects out of date are told once; their other gaps do not matter.
bool over(const std::vector<Period>& validity, const Facts& facts, const Tell& tell) {
  if (!is_over(validity, facts.now)) return false;
  tell("validity_over", "Die Gültigkeit ist abgelaufen. Verlängern Sie sie oder löschen Sie das Objekt.");
  return true;
}

}  // namespace

std::uint16_t flags_of(const Modules& modules) {
  unsigned flags = 0;
  const auto described = [](const auto& list, const auto& entries) {
    return std::any_of(list.begin(), list.end(), [&](const auto& module) {
      return !entries(module).empty() || says_something(module.description);
    });
  };
  if (described(modules.fees, [](const FeeModule& module) { return module.fees; })) flags |= Facts::fee;
  if (described(modules.processing_times, [](const DeadlineModule& module) { return module.deadlines; })) {
    flags |= Facts::processing_time;
  }
  const bool documents =
      std::any_of(modules.documents.begin(), modules.documents.end(), [](const DocumentModule& module) {
        return !module.incoming.empty() || says_something(module.description_incoming);
      });
  if (documents || has_text(modules, {text_code::documents})) flags |= Facts::documents;
  if (has_text(modules, {text_code::legal_basis})) flags |= Facts::legal_basis;
  if (has_text(modules, {text_code::short_text, text_code::full_text, text_code::teaser})) flags |= Facts::text;
  return static_cast<std::uint16_t>(flags);
}

void check(const Service& service, const Facts& facts, const Tell& tell) {
  if (over(service.validity, facts, tell)) return;
  const auto found = facts.services.find(id_key(service.id));
  const unsigned has = flags_of(service.modules) | (found == facts.services.end() ? 0u : found->second);
  const bool titled = !citizen_title(service, "de").empty();
  if (!titled)
    tell("service_without_title", "Der Titel fehlt (Textmodul 03 oder 02). So kann niemand die Leistung finden.");
  if (!(has & Facts::text)) {
    tell("service_without_text",
         "Es gibt weder Kurztext noch Volltext. Schreiben Sie, worum es geht und was zu tun ist.");
  }
  if (!(has & Facts::responsible)) {
    tell("service_without_responsible",
         "Keine Stelle ist zuständig. Ordnen Sie eine Organisationseinheit und ein Gebiet zu.");
  }
  if (!(has & Facts::fee)) {
    tell("fee_missing", "Die Gebühr fehlt. Nennen Sie den Betrag oder sagen Sie, dass es nichts kostet.");
  }
  if (!(has & Facts::documents)) {
    tell("documents_missing", "Die erforderlichen Unterlagen fehlen. Sagen Sie auch, wenn keine nötig sind.");
  }
  if (!(has & Facts::processing_time)) {
    tell("processing_time_missing", "Die Bearbeitungsdauer fehlt. Ein üblicher Zeitraum genügt.");
  }
  if (!(has & Facts::legal_basis)) tell("legal_basis_missing", "Die Rechtsgrundlage fehlt (Textmodul 07).");
  if (!(has & Facts::online)) {
    tell("no_online_service", "Kein Onlinedienst ist zugeordnet. Gibt es einen, ordnen Sie ihn zu.");
  }
  if (service_key(service).empty()) {
    tell("service_without_key",
         "Der Leistungsschlüssel (LeiKa, 14 Ziffern) fehlt. Ohne ihn findet der Verbund sie nicht zusammen.");
  }
  const auto& terms = service.modules.search_terms;
  if (std::all_of(terms.begin(), terms.end(), [](const SearchTermModule& module) { return module.terms.empty(); })) {
    tell("no_search_terms", "Suchbegriffe fehlen. Nennen Sie Wörter, mit denen Menschen danach fragen.");
  }
  if (titled) {
    std::string languages;
    if (!has_title_in(service, "en")) languages = "Englisch";
    if (!has_title_in(service, "de-simple"))
      languages += std::string(languages.empty() ? "" : " und ") + "Leichter Sprache";
    if (!languages.empty()) tell("language_incomplete", "Der Titel fehlt in " + languages + ".");
  }
  std::size_t told = 0;
  check_links(service.modules, told, tell);
  for (const auto& related : service.related_services) {
    if (related.value.empty() || told >= links_told) continue;
    const ObjectId id{related.agency.empty() ? service.id.agency : related.agency, related.value};
    if (facts.services.contains(id_key(id))) continue;
    ++told;
    tell_missing("die Leistung", external_id(ObjectKind::service, id), tell);
  }
  check_age(service.version, facts, tell);
}

void check(const Specialisation& specialisation, const Facts& facts, const Tell& tell) {
  if (over(specialisation.validity, facts, tell)) return;
  std::size_t told = 0;
  if (!facts.services.contains(id_key(specialisation.service))) {
    tell_missing("die Leistung", external_id(ObjectKind::service, specialisation.service), tell);
  }
  check_links(specialisation.modules, told, tell);
  check_age(specialisation.version, facts, tell);
}

void check(const OrganisationalUnit& unit, const Facts& facts, const Tell& tell) {
  if (over(unit.validity, facts, tell)) return;
  const std::string key = id_key(unit.id);
  // An authority that only stands above offices is not visited itself.
  const bool for_citizens = facts.holders.contains(key) || !facts.parents.contains(key);
  if (for_citizens) {
    const bool placed = std::any_of(unit.addresses.begin(), unit.addresses.end(), [](const Address& address) {
      return !address.city.empty() && (!address.street.empty() || !address.post_box.empty());
    });
    if (!placed) tell("unit_without_address", "Die Anschrift fehlt oder ist unvollständig (Straße und Ort).");
    const bool reachable = std::any_of(unit.contacts.begin(), unit.contacts.end(), [](const Contact& contact) {
      return contact.channel != "fax" && contact.channel != "web" && !trim(contact.value).empty();
    });
    if (!reachable) tell("unit_without_contact", "Weder Telefon noch E-Mail noch Kontaktformular sind angegeben.");
    if (unit.hours.empty() && !says_something(unit.hours_text)) {
      tell("unit_without_hours", "Die Öffnungszeiten fehlen. Sagen Sie auch, wenn nur nach Vereinbarung geöffnet ist.");
    }
  }
  if (unit.parent && !facts.units.contains(id_key(*unit.parent))) {
    tell_missing("als übergeordnet die Organisationseinheit", external_id(ObjectKind::unit, *unit.parent), tell);
  }
  std::size_t told = 0;
  for (const auto& link : unit.links) check_link(link.uri, told, tell);
  for (const auto& contact : unit.contacts) {
    if (contact.channel == "web" || contact.channel == "contact_form") check_link(contact.value, told, tell);
  }
  check_age(unit.version, facts, tell);
}

void check(const OnlineService& online, const Facts& facts, const Tell& tell) {
  if (over(online.validity, facts, tell)) return;
  if (std::none_of(online.links.begin(), online.links.end(),
                   [](const auto& link) { return !trim(link.uri).empty(); })) {
    tell("online_service_without_link",
         "Der Onlinedienst hat keine Adresse. Nennen Sie den Link, unter dem er beginnt.");
  }
  std::size_t told = 0;
  for (const auto& link : online.links) {
    if (!trim(link.uri).empty()) check_link(link.uri, told, tell);
  }
  if (online.unit && !facts.units.contains(id_key(*online.unit))) {
    tell_missing("die Organisationseinheit", external_id(ObjectKind::unit, *online.unit), tell);
  }
  check_age(online.version, facts, tell);
}

void check(const Responsibility& responsibility, const Facts& facts, const Tell& tell) {
  if (over(responsibility.validity, facts, tell)) return;
  if (!facts.services.contains(id_key(responsibility.service))) {
    tell_missing("die Leistung", external_id(ObjectKind::service, responsibility.service), tell);
  }
  const bool by_unit = responsibility.holder_kind == ObjectKind::unit;
  if (!(by_unit ? facts.units : facts.online_services).contains(id_key(responsibility.holder))) {
    tell_missing(by_unit ? "die Organisationseinheit" : "mit einem Onlinedienst die Kennung",
                 external_id(responsibility.holder_kind, responsibility.holder), tell);
  }
  if (facts.areas.empty()) return;
  for (const auto& area : responsibility.areas) {
    // A key is known if it is an area or stands above one: a town of its own has the association key of itself.
    const auto at = facts.areas.lower_bound(area);
    const bool known = at != facts.areas.end() && area.contains(*at);
    if (known && !facts.ended_areas.contains(area)) continue;
    tell("responsibility_area_unknown", "Das Gebiet " + area.padded() +
                                            (known ? " gibt es nicht mehr." : " kennt das Gemeindeverzeichnis nicht.") +
                                            " Nennen Sie den heutigen Regionalschlüssel.");
    break;
  }
}

}  // namespace verbund::directory::editing
