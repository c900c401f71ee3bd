// SPDX-License-Identifier: EUPL-1.2
// What does not work, as the operator tells everybody.
#include "base/text.h"
#include "commons/incidents/incident_store.h"
#include "faces/cli/cli.h"
#include "faces/cli/run.h"

namespace verbund::cli {
namespace {

using command::Arguments;
using commons::Incident;
using commons::IncidentStore;
using commons::IncidentTexts;

// `german` and what stands in --easy and --english (with `suffix`).
IncidentTexts texts_of(const Arguments& a, const std::string& german, const std::string& suffix = "") {
  IncidentTexts out;
  if (!trim(german).empty()) out.emplace("de", german);
  if (const std::string text = a.get("easy" + suffix); !text.empty()) out.emplace("de-simple", text);
  if (const std::string text = a.get("english" + suffix); !text.empty()) out.emplace("en", text);
  return out;
}

Result<std::optional<Instant>> read_time(const Arguments& a, std::string_view option) {
  if (!a.has(option)) return std::optional<Instant>();
  std::string typed = a.get(option);
  if (typed.size() == std::string_view("2026-06-08T22:00").size()) typed += ":00";
  auto at = parse_time(typed);
  if (!at) {
    return fail(ErrorCode::usage, "not a time", "--" + std::string(option), "write 2026-06-08T22:00 (time in Berlin)");
  }
  return std::optional<Instant>(at);
}

Result<std::int64_t> read_number(const Arguments& a) {
  const auto number = parse_number(a.words[0]);
  if (!number) return fail(ErrorCode::usage, "\"" + a.words[0] + "\" is no number", "", "`verbund incident list` names them");
  return *number;
}

Result<void> open(const Surroundings& s, store::Database& database, const Arguments& a) {
  Incident incident;
  auto from = read_time(a, "from");
  if (!from) return pass(from);
  auto until = read_time(a, "until");
  if (!until) return pass(until);
  incident.maintenance = a.has("maintenance");
  if (*until && !incident.maintenance) {
    return fail(ErrorCode::usage, "only a maintenance has a planned end", "--until", "add --maintenance");
  }
  incident.begins = from->value_or(s.clock.now());
  incident.ends = *until;
  incident.part = a.get("part", "all");
  incident.citizens = !a.has("quiet");
  incident.titles = texts_of(a, a.words[0], "-title");
  if (IncidentTexts texts = texts_of(a, a.get("text")); !texts.empty()) incident.updates.push_back({s.clock.now(), std::move(texts)});
  std::int64_t number = 0;
  auto done = database.write([&](store::Connection& connection) -> Result<void> {
    auto opened = IncidentStore(connection).open(incident);
    if (!opened) return pass(opened);
    number = *opened;
    return {};
  });
  if (!done) return done;
  print(s.out, "Vorfall " + std::to_string(number) + " steht unter /status" +
                   (incident.citizens && incident.active(s.clock.now()) ? " und auf jeder Seite." : "."));
  return {};
}

Result<void> update(const Surroundings& s, store::Database& database, const Arguments& a) {
  auto number = read_number(a);
  if (!number) return pass(number);
  auto done = database.write([&](store::Connection& connection) {
    return IncidentStore(connection).update(*number, texts_of(a, a.words[1]), s.clock.now());
  });
  if (!done) return done;
  print(s.out, "Ergänzt: Vorfall " + std::to_string(*number));
  return {};
}

Result<void> close(const Surroundings& s, store::Database& database, const Arguments& a) {
  auto number = read_number(a);
  if (!number) return pass(number);
  auto done = database.write([&](store::Connection& connection) {
    return IncidentStore(connection).close(*number, texts_of(a, a.get("text")), s.clock.now());
  });
  if (!done) return done;
  print(s.out, "Beendet: Vorfall " + std::to_string(*number));
  return {};
}

Result<void> list(const Surroundings& s, store::Database& database, const Arguments& a) {
  const Instant now = s.clock.now();
  Json items = Json(Json::Array{});
  std::string text;
  database.read([&](store::Connection& connection) {
    for (const Incident& one : IncidentStore(connection).list(a.has("all") ? Instant{} : now)) {
      if (one.over(now) && !a.has("all")) continue;
      const std::string title = one.titles.contains("de") ? one.titles.find("de")->second : std::string();
      const std::string state = one.over(now) ? "beendet" : one.planned(now) ? "geplant" : one.maintenance ? "Wartung" : "offen";
      Json updates = Json(Json::Array{});
      text += std::to_string(one.number) + "  " + state + "  " + one.part + "  " + to_rfc3339(one.begins) +
              (one.ends ? " bis " + to_rfc3339(*one.ends) : "") + "  " + title + "\n";
      for (const auto& told : one.updates) {
        const auto german = told.texts.find("de");
        const std::string said = german == told.texts.end() ? "" : german->second;
        text += "   " + to_rfc3339(told.at) + "  " + said + "\n";
        updates.push(Json::object({{"at", to_rfc3339(told.at)}, {"text", said}}));
      }
      Json item = Json::object({{"number", one.number}, {"title", title}, {"part", one.part}, {"maintenance", one.maintenance},
                                {"citizens", one.citizens}, {"active", one.active(now)}, {"begins", to_rfc3339(one.begins)},
                                {"updates", updates}});
      if (one.ends) item.set("ends", to_rfc3339(*one.ends));
      items.push(std::move(item));
    }
  });
  if (a.has("json")) {
    print_json(s.out, Json::object({{"incidents", items}}));
  } else {
    print(s.out, text.empty() ? "Keine Vorfälle.\n" : text);
  }
  return {};
}

}  // namespace

void add_incident_commands(command::Program& program, const Surroundings& s) {
  const auto add = [&](command::Command command, Result<void> (*work)(const Surroundings&, store::Database&, const Arguments&)) {
    command.run = [s, work](const Arguments& arguments) {
      return with_store(s, arguments, [&](store::Database& database) { return work(s, database, arguments); });
    };
    program.add(std::move(command));
  };
  const command::Option text{"text", "TEXT", "was geschehen ist und was Sie tun", "", false};
  const command::Option easy{"easy", "TEXT", "dasselbe in Einfacher Sprache", "", false};
  const command::Option english{"english", "TEXT", "dasselbe auf Englisch", "", false};
  add({.path = {"incident", "open"}, .operands = "TITEL", .least_words = 1, .most_words = 1,
       .summary = "Eine Störung oder Wartung bekannt geben",
       .explanation = "Steht sofort unter /status, im Feed und, solange sie dauert, oben auf jeder Seite.\n"
                      "BEREICH ist all, search, online, directory, publishing oder network.\n\n"
                      "Beispiele: verbund incident open \"Online-Anträge gehen gerade nicht\" --part online --text \"Wir suchen den Grund.\"\n"
                      "           verbund incident open \"Wartung\" --maintenance --from 2026-06-08T22:00 --until 2026-06-08T23:00",
       .options = {{"part", "BEREICH", "was betroffen ist", "all", false}, text, easy, english,
                   {"easy-title", "TITEL", "Titel in Einfacher Sprache", "", false},
                   {"english-title", "TITEL", "Titel auf Englisch", "", false},
                   {"maintenance", "", "geplant, keine Störung", "", false},
                   {"from", "ZEIT", "Beginn", "jetzt", false},
                   {"until", "ZEIT", "geplantes Ende einer Wartung", "", false},
                   {"quiet", "", "nur unter /status, nicht auf jeder Seite", "", false}}, .run = {}}, &open);
  add({.path = {"incident", "update"}, .operands = "NUMMER TEXT", .least_words = 2, .most_words = 2,
       .summary = "Zu einer Störung sagen, wie es steht",
       .explanation = "Beispiel: verbund incident update 1 \"Grund gefunden. In einer Stunde geht es wieder.\"",
       .options = {easy, english}, .run = {}}, &update);
  add({.path = {"incident", "close"}, .operands = "NUMMER", .least_words = 1, .most_words = 1,
       .summary = "Eine Störung oder Wartung beenden",
       .explanation = "Beispiel: verbund incident close 1 --text \"Alles geht wieder. Grund war ein voller Datenträger.\"",
       .options = {text, easy, english}, .run = {}}, &close);
  add({.path = {"incident", "list"}, .operands = "", .least_words = 0, .most_words = 0,
       .summary = "Störungen und Wartungen, die dauern oder geplant sind",
       .explanation = "Beispiel: verbund incident list --all",
       .options = {{"all", "", "auch beendete", "", false}, json_option}, .run = {}}, &list);
}

}  // namespace verbund::cli
