// SPDX-License-Identifier: EUPL-1.2
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "directory/formats/formats.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "finder_bench.h"

namespace verbund::bench {
namespace {

using namespace directory;

void demand(const Result<ImportSummary>& outcome, const char* what) {
  if (outcome) return;
  std::fprintf(stderr, "%s: %s\n", what, outcome.error().text().c_str());
  std::exit(1);
}

constexpr const char* things[] = {
    "Personalausweis", "Reisepass",      "Wohnsitz",       "Fahrzeug",      "Gewerbe",       "Bauantrag",
    "Hundesteuer",     "Geburtsurkunde", "Eheschließung",  "Führerschein",  "Fischerei",     "Waffenbesitz",
    "Schankanlage",    "Abfallbehälter", "Wohngeld",       "Kindergarten",  "Schule",        "Sondernutzung",
    "Baumfällung",     "Denkmal",        "Elterngeld",     "Einbürgerung",  "Aufenthalt",    "Rente",
    "Unterhalt",       "Pflege",         "Veranstaltung",  "Versammlung",   "Kennzeichen",   "Parkausweis",
    "Trinkwasser",     "Immissionsschutz", "Apotheke",     "Hebammen",      "Tierhaltung",   "Forstwirtschaft",
    "Jagd",            "Sprengstoff",    "Gefahrgut",      "Berufsabschluss"};
constexpr const char* acts[] = {"beantragen", "anmelden", "abmelden", "ändern", "verlängern", "Genehmigung",
                                "Erlaubnis", "Bescheinigung", "Anzeige", "Befreiung", "Zuschuss", "Auskunft"};
constexpr const char* kinds[] = {"für Unternehmen", "für Familien", "im Ausland", "vorläufig", "nach Verlust",
                                 "wegen Umzugs", "erstmalig", "für Vereine", "elektronisch", "in besonderen Fällen"};

}  // namespace

void import_reference(store::Database& database, const std::string& folder) {
  const SystemClock clock;
  const ProgressReport quiet = [](std::uint64_t, std::uint64_t, std::uint64_t) {};
  demand(import_gv100ad(database, clock, folder + "/gebiete/gv100ad-2023-11-30.txt", quiet), "areas");
  demand(import_postcodes(database, clock, folder + "/gebiete/plz-ort-ags.csv", quiet), "postal codes");
  const std::string munich = folder + "/kataloge/muenchen-2026-06/", berlin = folder + "/kataloge/berlin-2016/";
  demand(import_dldb(database, clock, munich + "services_de.json", munich + "locations_de.json", "muenchen",
                     *AreaKey::parse("09162"), quiet), "Munich");
  demand(import_dldb(database, clock, berlin + "services_de.json", berlin + "locations_de.json", "berlin",
                     *AreaKey::parse("11"), quiet), "Berlin");
}

void generate(store::Database& database, std::size_t services, std::size_t responsibilities) {
  const auto written = database.write([&](store::Connection& connection) -> Result<void> {
    std::mt19937_64 random(7);
    const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
    ObjectStore objects(connection);
    const Instant now = SystemClock().now();
    std::vector<AreaKey> municipalities;
    AreaStore(connection).each_area([&](const Area& area) {
      if (area.level == AreaLevel::municipality) municipalities.push_back(area.key);
    });
    for (std::size_t i = 0; i < services; ++i) {
      Service service;
      service.id = *make_object_id("G1", std::to_string(i));
      std::string title = std::string(things[below(std::size(things))]) + " " + acts[below(std::size(acts))] + " " +
                          kinds[below(std::size(kinds))];
      if (below(3) == 0) title = std::string(things[below(std::size(things))]) + "-" + title;
      TextModule module;
      module.code = text_code::citizen_title;
      module.content = {{"de", title}};
      service.modules.texts.push_back(module);
      std::string text = "<p>";
      for (int word = 0; word < 120; ++word) {
        text += std::string(things[below(std::size(things))]) + (below(2) == 0 ? " und " : " oder ") +
                acts[below(std::size(acts))] + " Wort" + std::to_string(below(20'000)) + " ";
      }
      module.code = text_code::full_text;
      module.content = {{"de", text + "</p>"}};
      service.modules.texts.push_back(module);
      objects.put(service, "generated", now);
    }
    const std::size_t units = municipalities.size() * 10;
    for (std::size_t i = 0; i < units; ++i) {
      OrganisationalUnit unit;
      unit.id = *make_object_id("G1", std::to_string(i));
      unit.name = {{"de", "Amt " + std::to_string(i)}};
      objects.put(unit, "generated", now);
    }
    for (std::size_t i = 0; i < responsibilities; ++i) {
      Responsibility link;
      link.id = *make_object_id("G1", std::to_string(i));
      const std::size_t place = below(municipalities.size());
      link.holder = *make_object_id("G1", std::to_string(place * 10 + below(10)));
      link.service = *make_object_id("G1", std::to_string(below(services)));
      link.areas = {municipalities[place]};
      link.role = below(4) == 0 ? "02" : "01";
      objects.put(link, "generated", now);
    }
    return {};
  });
  if (!written) {
    std::fprintf(stderr, "%s\n", written.error().text().c_str());
    std::exit(1);
  }
}

}  // namespace verbund::bench
