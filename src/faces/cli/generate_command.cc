// SPDX-License-Identifier: EUPL-1.2
#include <charconv>

#include "base/text.h"
#include "directory/workload/workload.h"
#include "faces/cli/cli.h"
#include "faces/cli/run.h"

namespace verbund::cli {
namespace {

using command::Arguments;

Result<directory::WorkloadOptions> read_options(const Arguments& arguments) {
  directory::WorkloadOptions options;
  const std::string scale = arguments.get("scale", "1"), seed = arguments.get("seed", "1");
  const auto [end, error] = std::from_chars(scale.data(), scale.data() + scale.size(), options.scale);
  if (error != std::errc() || end != scale.data() + scale.size()) {
    return fail(ErrorCode::usage, "\"" + scale + "\" is no number", "--scale", "for example 0.01");
  }
  const auto number = parse_number(seed);
  if (!number) return fail(ErrorCode::usage, "\"" + seed + "\" is no whole number", "--seed", "for example 1");
  options.seed = static_cast<std::uint64_t>(*number);
  return options;
}

Result<void> generate(const Surroundings& s, const Arguments& arguments,
                      const std::function<Result<Geography>()>& geography) {
  auto options = read_options(arguments);
  if (!options) return pass(options);
  auto known = geography();
  if (!known) return pass(known);
  options->areas = std::move(known->areas);
  options->postal_codes = std::move(known->postal_codes);
  options->area_list_day = std::move(known->day);
  command::Progress bar(s.err, "Erzeugen", 0);
  auto summary = directory::generate_workload(*options, arguments.words[0], progress_to(bar));
  if (!summary) return pass(summary);
  bar.finish("");
  print(s.out, "Geschrieben nach " + arguments.words[0] + ":\n" + summary->to_text());
  return {};
}

}  // namespace

void add_generate_command(command::Program& program, const Surroundings& s,
                          std::function<Result<Geography>()> geography) {
  program.add({.path = {"generate"}, .operands = "ORDNER", .least_words = 1, .most_words = 1,
               .summary = "Ein erfundenes Deutschland für Messungen und Tests schreiben",
               .explanation =
                   "Schreibt in einen leeren Ordner: catalogue/ (mit `verbund import json` einzulesen), changes.ndjson\n"
                   "(Änderungen der Reihe nach), queries/ (Suchanfragen mit den gemeinten Leistungen) und points.tsv (wer wo\n"
                   "zuständig ist). Gebiete und Postleitzahlen sind die wirklichen, alles andere ist erfunden. Derselbe Umfang\n"
                   "und dieselbe Zufallszahl ergeben dieselben Bytes. Umfang 1: etwa 11.000 Leistungen, 4 Millionen\n"
                   "Zuständigkeiten, 2 GB.\n\n"
                   "Beispiel: verbund generate --scale 0.01 --seed 1 klein && verbund import json klein/catalogue --data knoten",
               .options = {{"scale", "ZAHL", "Umfang, 0.002 bis 10", "1", false},
                           {"seed", "ZAHL", "Anfang der Zufallszahlen", "1", false}},
               .run = [s, geography = std::move(geography)](const Arguments& arguments) {
                 if (auto done = generate(s, arguments, geography); !done) {
                   return command::report(s.err, "verbund", done.error());
                 }
                 return 0;
               }});
}

}  // namespace verbund::cli
