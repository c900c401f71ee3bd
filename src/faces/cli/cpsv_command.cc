// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>
#include <limits>

#include "directory/finder/finder.h"
#include "directory/formats/export_folder.h"
#include "directory/objects/object_store.h"
#include "faces/cli/cli.h"
#include "faces/cli/run.h"
#include "faces/open_data/cpsv.h"

namespace verbund::cli {
namespace {

Result<void> export_cpsv(const Surroundings& s, const command::Arguments& arguments, store::Database& database) {
  const std::string& folder = arguments.words[0];
  if (auto prepared = directory::prepare_export_folder(folder); !prepared) return prepared;
  const directory::Finder finder(database, s.index_folder(arguments), s.clock.now());
  const auto snapshot = finder.snapshot();
  const std::string base = open_data::iri_base(arguments.get("base"));
  std::string text = "Geschrieben nach " + folder + ":\n";
  for (const auto& [name, form] : {std::pair{"dienste.ttl", open_data::RdfForm::turtle},
                                   std::pair{"dienste.jsonld", open_data::RdfForm::json_ld}}) {
    directory::ExportFile file(std::filesystem::path(folder) / name);
    std::size_t services = 0;
    database.read([&](store::Connection& connection) {
      services = open_data::write_cpsv(*snapshot, directory::ObjectStore(connection), base, form, 0,
                                       std::numeric_limits<std::size_t>::max(),
                                       [&](std::string_view piece) { file.write(piece); });
    });
    if (auto finished = file.finish(); !finished) return finished;
    text += "  " + std::string(name) + ": " + std::to_string(services) + " Leistungen\n";
  }
  print(s.out, text);
  return {};
}

}  // namespace

void add_cpsv_command(command::Program& program, const Surroundings& s) {
  program.add({.path = {"export", "cpsv"}, .operands = "ORDNER", .least_words = 1, .most_words = 1,
               .summary = "Alle Leistungen im europäischen Vokabular CPSV-AP 3.2.0 schreiben",
               .explanation = "Schreibt dienste.ttl (Turtle) und dienste.jsonld (JSON-LD) mit demselben Inhalt in einen leeren Ordner.\n\n"
                              "Beispiel: verbund export cpsv ausgabe/ --base https://portal.example",
               .options = {{"base", "ADRESSE", "öffentliche Adresse, mit der die Kennungen beginnen", "urn:verbund:", false}},
               .run = [s](const command::Arguments& arguments) {
                 return with_store(s, arguments, [&](store::Database& database) { return export_cpsv(s, arguments, database); });
               }});
}

}  // namespace verbund::cli
