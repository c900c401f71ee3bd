// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "base/text.h"
#include "commons/incidents/uptime_store.h"
#include "commons/voice/barrier_store.h"
#include "commons/voice/feedback_store.h"
#include "directory/editing/check.h"
#include "directory/finder/finder.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_check.h"
#include "directory/objects/object_store.h"
#include "faces/api/api.h"
#include "faces/cli/cli.h"
#include "faces/cli/find_command.h"
#include "faces/cli/run.h"
#include "faces/cli/searches.h"

namespace verbund::cli {
namespace {

using command::Arguments;
using directory::AreaKey;
using directory::ObjectKind;
using directory::ObjectStore;
using directory::Snapshot;

Result<directory::ServiceBrief> read_service(const Snapshot& snapshot, const std::string& words, const AreaKey& area) {
  std::optional<directory::ServiceBrief> service;
  if (words.size() == 14 && is_digits(words)) {
    service = snapshot.service_by_key(words, area);
  } else {
    auto id = directory::parse_external_id(ObjectKind::service, words);
    if (!id) return fail(ErrorCode::usage, "\"" + words + "\" names no service", "", "give an id like L100002.LB.121345242 or a 14-digit service key");
    service = snapshot.service(*id);
  }
  if (!service) return fail(ErrorCode::not_found, "there is no service " + words, "", "`verbund find WORDS` lists services with their ids");
  return *service;
}

Result<void> responsible(const Surroundings& s, store::Database& database, const Arguments& arguments) {
  const auto snapshot = read_snapshot(s, database, arguments);
  auto area = read_place(*snapshot, arguments.get("area"));
  if (!area) return pass(area);
  auto service = read_service(*snapshot, arguments.words[0], *area);
  if (!service) return pass(service);
  const auto at_place = snapshot->at_place(service->id, *area);
  if (arguments.has("json")) {
    print_json(s.out, api::responsibilities_document(*service, *area, at_place, *snapshot));
    return {};
  }
  std::string text = service->title + " in " + snapshot->label(*area) + "\n";
  if (at_place.roles.empty()) text += "Niemand ist eingetragen.\n";
  for (const auto& role : at_place.roles) {
    for (const auto& unit : role.units) {
      text += "   Rolle " + role.role + ": " + unit.name + "  [" + directory::external_id(ObjectKind::unit, unit.id) + "] für " +
              snapshot->label(role.area) + "\n";
    }
  }
  text += online_lines(at_place.online);
  print(s.out, text);
  return {};
}

Result<void> check(const Surroundings& s, store::Database& database, const Arguments& arguments) {
  if (arguments.has("searches")) return check_searches(s, database, arguments);
  const auto rules = directory::quality_rules();
  const std::string agency = arguments.get("agency");
  const std::string only = arguments.get("rule");
  if (!only.empty() && !rules.contains(only)) {
    std::string known;
    for (const auto& [rule, name] : rules) known += (known.empty() ? "" : ", ") + rule;
    return fail(ErrorCode::usage, "there is no rule " + only, "--rule", "known rules: " + known);
  }
  std::map<std::string, std::int64_t> counts;
  Json findings = Json(Json::Array{});
  std::string heading;
  database.read([&](store::Connection& connection) {
    directory::check_quality(connection, s.clock, [&](const directory::QualityFinding& finding) {
      if (!agency.empty() && finding.object.agency != agency) return;
      if (!only.empty() && finding.rule != only) return;
      ++counts[finding.rule];
      const std::string id = directory::external_id(finding.kind, finding.object);
      if (arguments.has("json")) {
        findings.push(Json::object({{"rule", finding.rule}, {"object", id}, {"title", finding.title},
                                    {"message", finding.message}, {"weight", finding.weight}}));
        return;
      }
      if (arguments.has("summary")) return;
      if (heading != finding.object.agency) {
        heading = finding.object.agency;
        print(s.out, "\nRedaktion " + heading);
      }
      print(s.out, "  " + std::string(static_cast<std::size_t>(finding.weight), '!') + "  " + finding.title + "  [" + id + "]\n       " + finding.message);
    });
  });
  if (arguments.has("json")) {
    print_json(s.out, Json::object({{"findings", findings}}));
    return {};
  }
  std::string text = counts.empty() ? "Keine Befunde.\n" : "\nZusammenfassung\n";
  for (const auto& [rule, count] : counts) text += "  " + std::to_string(count) + "  " + rules.at(rule) + " (" + rule + ")\n";
  print(s.out, text);
  return {};
}

Result<void> status(const Surroundings& s, store::Database& database, const Arguments& arguments) {
  Json document = Json(Json::Object{});
  std::string text;
  database.read([&](store::Connection& connection) {
    const ObjectStore objects(connection);
    Json counts = Json(Json::Object{});
    text += "Bestand\n";
    for (const ObjectKind kind : directory::all_object_kinds) {
      const auto count = objects.count(kind);
      counts.set(std::string(directory::name(kind)), count);
      text += "  " + std::string(directory::name(kind)) + ": " + std::to_string(count) + "\n";
    }
    Json sources = Json(Json::Array{});
    text += "Quellen\n";
    for (const auto& source : objects.sources()) {
      sources.push(Json::object({{"name", source.name}, {"objects", source.objects}, {"last_delivery", to_rfc3339(source.last_delivery)}}));
      text += "  " + source.name + ": " + std::to_string(source.objects) + " Objekte, zuletzt " + to_rfc3339(source.last_delivery) + "\n";
    }
    const std::string day = directory::AreaStore(connection).list_day();
    const std::string state = directory::state_fingerprint(connection);
    text += "Gebietsstand: " + (day.empty() ? "keiner" : day) + "\nÄnderungen: " + std::to_string(objects.last_sequence()) +
            "\nFingerabdruck des Stands: " + state + "\n";
    if (const auto kept = directory::kept_index(s.index_folder(arguments))) {
      const std::int64_t later = objects.last_sequence() - kept->sequence;
      text += "Suchindex: " + std::to_string(kept->services) + " Leistungen, " + std::to_string(kept->words) +
              " Wörter, gebaut " + to_rfc3339(kept->built) + "\n  Datei: Stand " + std::to_string(kept->sequence) + ", " +
              std::to_string(kept->bytes / 1024) + " KiB; seither geändert: " + std::to_string(later) + "\n";
      document.set("index", Json::object({{"sequence", kept->sequence}, {"bytes", kept->bytes},
                                          {"services", kept->services}, {"words", kept->words},
                                          {"built", to_rfc3339(kept->built)}, {"changes_since", later}}));
    } else {
      text += "Suchindex: noch keiner\n";
    }
    std::int64_t helpful = 0, unhelpful = 0;
    const std::string today = commons::berlin_day(s.clock.now());
    for (const auto& count : commons::FeedbackStore(connection).counts({.first_day = commons::day_plus(today, -29)})) {
      helpful += count.helpful;
      unhelpful += count.unhelpful;
    }
    const auto barriers = static_cast<std::int64_t>(commons::BarrierStore(connection).list("open").size());
    text += "Rückmeldungen in 30 Tagen: " + std::to_string(helpful) + " ja, " + std::to_string(unhelpful) +
            " nein\nGemeldete Barrieren ohne Antwort: " + std::to_string(barriers) + "\n";
    document.set("feedback", Json::object({{"helpful", helpful}, {"unhelpful", unhelpful}})).set("open_barriers", barriers);
    document.set("state", state).set("objects", counts).set("sources", sources).set("areas_as_of", day).set("changes", objects.last_sequence());
  });
  if (arguments.has("json")) {
    print_json(s.out, document);
  } else {
    print(s.out, text);
  }
  return {};
}

}  // namespace

void add_reading_commands(command::Program& program, const Surroundings& s) {
  add_find_command(program, s);
  const auto add = [&](command::Command command, Result<void> (*work)(const Surroundings&, store::Database&, const Arguments&)) {
    command.options.push_back(json_option);
    command.run = [s, work](const Arguments& arguments) {
      return with_store(s, arguments, [&](store::Database& database) { return work(s, database, arguments); });
    };
    program.add(std::move(command));
  };
  add({.path = {"responsible"}, .operands = "LEISTUNG", .least_words = 1, .most_words = 1,
       .summary = "Wer ist an einem Ort für eine Leistung zuständig?",
       .explanation = "LEISTUNG ist eine Kennung (L100002.LB.121345242) oder ein Leistungsschlüssel mit 14 Ziffern.\n\n"
                      "Beispiel: verbund responsible 99115005000000 --area Norderstedt",
       .options = {area_option}, .run = {}}, &responsible);
  add({.path = {"check"}, .operands = "", .least_words = 0, .most_words = 0,
       .summary = "Qualität des Verzeichnisses prüfen: was fehlt, was führt ins Leere",
       .explanation = "Nennt Befunde für die Redaktionen, die schwersten zuerst (!!! = Menschen kommen nicht weiter).\n"
                      "Mit --searches: Suchwörter, die nichts fanden oder deren Treffer kaum jemand öffnete, mit der nächsten\n"
                      "Leistung. Gezählt wird ab fünf Suchen am selben Tag, ohne Person, Ort und Uhrzeit.\n\n"
                      "Beispiele: verbund check --agency muenchen --rule fee_missing\n"
                      "           verbund check --searches --days 7 --file suchen.tsv",
       .options = {{"agency", "ID", "nur diese Redaktion", "alle", false}, {"rule", "REGEL", "nur diese Regel", "alle", false},
                   {"summary", "", "nur die Anzahl je Regel", "", false},
                   {"searches", "", "Suchwörter ohne Treffer oder ohne Klick statt der Befunde", "", false},
                   {"days", "N", "mit --searches: die letzten N Tage (1 bis 3650)", "30", false},
                   {"file", "DATEI", "mit --searches: auch als Tabelle (TSV) in diese Datei", "", false}}, .run = {}}, &check);
  add({.path = {"status"}, .operands = "", .least_words = 0, .most_words = 0,
       .summary = "Was dieser Knoten enthält und woher es kommt", .explanation = "Beispiel: verbund status --json", .options = {}, .run = {}}, &status);
}

}  // namespace verbund::cli
