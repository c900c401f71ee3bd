// SPDX-License-Identifier: EUPL-1.2
#include <limits>

#include "directory/adapter/adapter.h"
#include "directory/formats/formats.h"
#include "faces/cli/cli.h"
#include "faces/cli/run.h"

namespace verbund::cli {
namespace {

using command::Arguments;
using command::Command;
using directory::ImportSummary;
using directory::ProgressReport;

constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

const command::Option json_option{"json", "", "Zusammenfassung als ein JSON-Dokument", "", false};
const command::Option source_option{"source", "NAME", "Name der Quelle, der die Objekte von nun an gehören", "aus dem Pfad", false};

using Import = std::function<Result<ImportSummary>(store::Database&, const Arguments&, const ProgressReport&)>;

int run_import_command(const Surroundings& s, const Arguments& arguments, const std::string& title, const Import& import) {
  return with_store(s, arguments, [&](store::Database& database) -> Result<void> {
    if (auto free = s.may_import ? s.may_import(arguments) : Result<void>(); !free) return free;
    std::uint64_t total = 0;
    for (const std::string& word : arguments.words) total += size_on_disk(word);
    command::Progress bar(s.err, title, total);
    auto summary = import(database, arguments, progress_to(bar));
    if (!summary) return pass(summary);
    bar.finish("");
    if (arguments.has("json")) {
      print_json(s.out, summary->to_json());
    } else {
      print(s.out, summary->to_text());
    }
    return {};
  });
}

void add_import(command::Program& program, const Surroundings& s, Command command, const Import& import) {
  command.options.push_back(json_option);
  const std::string title = "Import " + command.path.back();
  command.run = [s, title, import](const Arguments& arguments) { return run_import_command(s, arguments, title, import); };
  program.add(std::move(command));
}

void add_export(command::Program& program, const Surroundings& s, std::string format, std::string explanation,
                Result<directory::ExportSummary> (*write)(store::Database&, const std::string&, const ProgressReport&)) {
  Command command;
  command.path = {"export", format};
  command.operands = "ORDNER";
  command.least_words = command.most_words = 1;
  command.summary = "Das ganze Verzeichnis als " + format + " in einen leeren Ordner schreiben";
  command.explanation = std::move(explanation);
  command.options = {json_option};
  command.run = [s, format, write](const Arguments& arguments) {
    return with_store(s, arguments, [&](store::Database& database) -> Result<void> {
      command::Progress bar(s.err, "Export " + format, 0);
      auto summary = write(database, arguments.words[0], progress_to(bar));
      if (!summary) return pass(summary);
      bar.finish("");
      Json files = Json(Json::Array{});
      std::string text = "Geschrieben nach " + arguments.words[0] + ":\n";
      for (const auto& [file, objects] : summary->files) {
        files.push(Json::object({{"file", file}, {"objects", objects}}));
        text += "  " + file + ": " + std::to_string(objects) + " Objekte\n";
      }
      if (arguments.has("json")) {
        print_json(s.out, Json::object({{"files", files}}));
      } else {
        print(s.out, text);
      }
      return {};
    });
  };
  program.add(std::move(command));
}

}  // namespace

void add_exchange_commands(command::Program& program, const Surroundings& s) {
  const Clock& clock = s.clock;
  add_import(program, s,
             {.path = {"import", "gv100ad"}, .operands = "DATEI", .least_words = 1, .most_words = 1,
              .summary = "Gemeindeverzeichnis GV100AD von Destatis einlesen",
              .explanation = "Die Datei gilt als vollständige Liste aller Gebiete: neue kommen hinzu, fehlende enden am Tag der\n"
                             "Datei. Dieselbe Datei noch einmal einzulesen ändert nichts.\n\n"
                             "Beispiel: verbund import gv100ad GV100AD_301123.txt",
              .options = {}, .run = {}},
             [&clock](store::Database& database, const Arguments& a, const ProgressReport& report) {
               return directory::import_gv100ad(database, clock, a.words[0], report);
             });
  add_import(program, s,
             {.path = {"import", "postcodes"}, .operands = "DATEI", .least_words = 1, .most_words = 1,
              .summary = "Postleitzahlen und ihre Gemeinden einlesen (CSV)",
              .explanation = "Spalten: osm_id,ags,ort,plz,landkreis,bundesland. Die Datei gilt als vollständige Liste.\n\n"
                             "Beispiel: verbund import postcodes zuordnung_plz_ort.csv",
              .options = {}, .run = {}},
             [&clock](store::Database& database, const Arguments& a, const ProgressReport& report) {
               return directory::import_postcodes(database, clock, a.words[0], report);
             });
  add_import(program, s,
             {.path = {"import", "xzufi"}, .operands = "PFAD...", .least_words = 1, .most_words = any_number,
              .summary = "XZuFi-Transfernachrichten 2.2.0 und 2.3.1 einlesen",
              .explanation = "PFAD ist eine Datei, ein Ordner oder die Adresse eines Ordners (http://...). Ein Ordner mit index.txt ist ein vollständiger Bestand: was nicht\n"
                             "mehr darin steht, wird zurückgezogen. Ein leerer Index oder eine Datei, die kein wohlgeformtes XML ist,\n"
                             "bricht ab, und nichts ändert sich. Ein Objekt mit inhaltlichem Fehler wird übersprungen und genannt.\n\n"
                             "Von einer Adresse kommt nur, was sich geändert hat. `adapter.sources` der Einstellungen tut dasselbe im Dienst.\n\n"
                             "Beispiele: verbund import xzufi lieferung/\n"
                             "           verbund import xzufi http://redaktion.example/xzufi",
              .options = {source_option}, .run = {}},
             [&clock, s](store::Database& database, const Arguments& a, const ProgressReport& report) -> Result<ImportSummary> {
               if (a.words[0].starts_with("http://") || a.words[0].starts_with("https://")) {
                 if (a.words.size() > 1 || a.has("source")) {
                   return fail(ErrorCode::usage, "an address stands alone and is its own source", a.words[0]);
                 }
                 directory::Adapter adapter(a.words[0], s.index_folder(a) + "/adapter");
                 auto taken = adapter.poll(database, clock, report);
                 if (!taken) return pass(taken);
                 return std::move(**taken);   // the first poll takes what there is
               }
               return directory::import_xzufi(database, clock, a.words, a.get("source"), report);
             });
  add_import(program, s,
             {.path = {"import", "dldb"}, .operands = "SERVICES.json LOCATIONS.json", .least_words = 2, .most_words = 2,
              .summary = "Dienstleistungsdatenbank (Berlin, München) einlesen",
              .explanation = "Leistungen und Standorte einer Stadt als vollständiger Bestand.\n\n"
                             "Beispiel: verbund import dldb services_de.json locations_de.json --agency muenchen --area 09162",
              .options = {{"agency", "ID", "Kennung der Redaktion, Teil jeder Objektkennung", "", true},
                          {"area", "ARS", "Gebiet, für das die Stadt zuständig ist (Regionalschlüssel)", "", true}},
              .run = {}},
             [&clock](store::Database& database, const Arguments& a, const ProgressReport& report) -> Result<ImportSummary> {
               auto area = directory::AreaKey::parse(a.get("area"));
               if (!area) return fail(ErrorCode::usage, area.error().message, "--area", "a regional key of 2 to 12 digits, for example 09162");
               return directory::import_dldb(database, clock, a.words[0], a.words[1], a.get("agency"), *area, report);
             });
  add_import(program, s,
             {.path = {"import", "json"}, .operands = "ORDNER", .least_words = 1, .most_words = 1,
              .summary = "Einen Export im eigenen JSON-Format einlesen",
              .explanation = "ORDNER wurde mit `verbund export json` geschrieben. Er gilt als vollständiger Bestand der Quelle.\n\n"
                             "Beispiel: verbund import json sicherung/",
              .options = {source_option}, .run = {}},
             [&clock](store::Database& database, const Arguments& a, const ProgressReport& report) {
               return directory::import_json(database, clock, a.words[0], a.get("source"), report);
             });
  add_export(program, s, "xzufi",
             "Schreibt XZuFi 2.3.1 mit index.txt, dazu Gebiete und Postleitzahlen. In einen leeren Knoten eingelesen ergibt\n"
             "der Export denselben Stand.\n\nBeispiel: verbund export xzufi ausgabe/",
             &directory::export_xzufi);
  add_export(program, s, "json",
             "Schreibt je Art eine Datei mit einem JSON-Objekt pro Zeile und ein Verzeichnis manifest.json.\n\n"
             "Beispiel: verbund export json ausgabe/",
             &directory::export_json);
}

}  // namespace verbund::cli
