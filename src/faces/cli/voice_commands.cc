// SPDX-License-Identifier: EUPL-1.2
// What people said, for those who can change something: feedback for editors, reports of barriers for the operator.
#include "base/text.h"
#include "commons/incidents/uptime_store.h"
#include "commons/voice/barrier_store.h"
#include "commons/voice/feedback_store.h"
#include "directory/catalogue/service.h"
#include "directory/objects/object_store.h"
#include "directory/organisation/unit.h"
#include "faces/cli/cli.h"
#include "faces/cli/run.h"

namespace verbund::cli {
namespace {

using command::Arguments;
using commons::BarrierStore;
using commons::Feedback;
using commons::FeedbackFilter;
using commons::FeedbackStore;
using directory::ObjectKind;

std::string title_of(const directory::ObjectStore& objects, ObjectKind kind, const directory::ObjectId& id) {
  if (kind == ObjectKind::service) {
    const auto service = objects.get<directory::Service>(id);
    return service ? std::string(directory::citizen_title(*service, "de")) : "(gibt es nicht mehr)";
  }
  const auto unit = objects.get<directory::OrganisationalUnit>(id);
  return unit && !unit->name.empty() ? unit->name.front().text : "(gibt es nicht mehr)";
}

Result<FeedbackFilter> read_filter(const Surroundings& s, const Arguments& a) {
  FeedbackFilter out;
  const auto days = parse_number(a.get("days", "30"));
  if (!days || *days < 1 || *days > 3650) return fail(ErrorCode::usage, "not a number from 1 to 3650", "--days");
  out.last_day = commons::berlin_day(s.clock.now());
  out.first_day = commons::day_plus(out.last_day, 1 - static_cast<int>(*days));
  out.agency = a.get("agency");
  out.only_unhelpful = a.has("unhelpful");
  out.only_texts = a.has("texts");
  const std::string about = a.words.empty() ? a.get("about") : a.words[0];
  if (!about.empty()) {
    auto id = directory::parse_external_id(about);
    if (!id) return pass(id);
    out.subject = *id;
  }
  return out;
}

// A cell of CSV that no spreadsheet takes for a formula. Source: RFC 4180, 2.
std::string cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) text.insert(0, "'");
  if (text.find_first_of("\",;\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string indented(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) out += "      " + std::string(line) + "\n";
  return out;
}

Result<void> feedback_list(const Surroundings& s, store::Database& database, const Arguments& a) {
  auto filter = read_filter(s, a);
  if (!filter) return pass(filter);
  Json items = Json(Json::Array{});
  std::string text, csv = "Tag,Seite,Titel,Ort,Sprache,Hilfreich,Text,Weitergegeben\r\n";
  database.read([&](store::Connection& connection) {
    const directory::ObjectStore objects(connection);
    std::map<std::string, std::string> titles;
    FeedbackStore(connection).each(*filter, [&](const Feedback& one) {
      const std::string id = one.page.empty() ? directory::external_id(one.kind, one.subject) : one.page;
      auto [title, fresh] = titles.try_emplace(id);
      if (fresh) title->second = one.page.empty() ? title_of(objects, one.kind, one.subject) : "Seite des Portals";
      items.push(Json::object({{"day", one.day}, {"about", id}, {"title", title->second}, {"area", one.area},
                               {"language", one.language}, {"helpful", one.helpful}, {"text", one.text},
                               {"forwarded", one.forwarded}}));
      csv += one.day + "," + cell(id) + "," + cell(title->second) + "," + cell(one.area) + "," + one.language + "," +
             (one.helpful ? "ja" : "nein") + "," + cell(one.text) + "," + one.forwarded + "\r\n";
      text += one.day + "  " + (one.helpful ? "ja  " : "nein") + "  " + title->second + "  [" + id + "]\n" +
              (one.text.empty() ? std::string() : indented(one.text));
    });
  });
  if (a.has("file")) {
    if (auto written = write_file(a.get("file"), csv); !written) return written;
  }
  if (a.has("json")) {
    print_json(s.out, Json::object({{"first_day", filter->first_day}, {"last_day", filter->last_day}, {"feedback", items}}));
    return {};
  }
  print(s.out, text.empty() ? "Keine Rückmeldungen.\n" : text);
  if (a.has("file")) print(s.out, "Geschrieben: " + a.get("file"));
  return {};
}

Result<void> feedback_summary(const Surroundings& s, store::Database& database, const Arguments& a) {
  auto filter = read_filter(s, a);
  if (!filter) return pass(filter);
  Json items = Json(Json::Array{});
  std::string text;
  std::int64_t helpful = 0, unhelpful = 0;
  database.read([&](store::Connection& connection) {
    const directory::ObjectStore objects(connection);
    for (const auto& count : FeedbackStore(connection).counts(*filter)) {
      const std::string id = count.page.empty() ? directory::external_id(count.kind, count.subject) : count.page;
      const std::string title = count.page.empty() ? title_of(objects, count.kind, count.subject) : "Seite des Portals";
      helpful += count.helpful;
      unhelpful += count.unhelpful;
      items.push(Json::object({{"about", id}, {"title", title}, {"helpful", count.helpful}, {"unhelpful", count.unhelpful},
                               {"texts", count.texts}, {"waiting", count.waiting}}));
      text += "  " + std::to_string(count.unhelpful) + " nein, " + std::to_string(count.helpful) + " ja, " +
              std::to_string(count.texts) + " Texte  " + title + "  [" + id + "]\n";
    }
  });
  if (a.has("json")) {
    print_json(s.out, Json::object({{"first_day", filter->first_day}, {"last_day", filter->last_day}, {"helpful", helpful},
                                    {"unhelpful", unhelpful}, {"pages", items}}));
    return {};
  }
  print(s.out, "War das hilfreich? " + filter->first_day + " bis " + filter->last_day + ": " + std::to_string(helpful) +
                   " ja, " + std::to_string(unhelpful) + " nein\n" + text);
  return {};
}

// For the editors of one service or authority: what was said since the last time, as a text to send.
Result<void> feedback_forward(const Surroundings& s, store::Database& database, const Arguments& a) {
  auto filter = read_filter(s, a);
  if (!filter) return pass(filter);
  filter->first_day.clear();
  filter->only_waiting = true;
  std::string text;
  std::int64_t helpful = 0, unhelpful = 0;
  auto done = database.write([&](store::Connection& connection) -> Result<void> {
    const directory::ObjectStore objects(connection);
    std::string said;
    FeedbackStore feedback(connection);
    feedback.each(*filter, [&](const Feedback& one) {
      (one.helpful ? helpful : unhelpful) += 1;
      if (!one.text.empty()) said += "\n" + one.day + ", hilfreich: " + (one.helpful ? "ja" : "nein") + "\n" + indented(one.text);
    });
    if (helpful + unhelpful == 0) return fail(ErrorCode::not_found, "nothing new about " + a.words[0]);
    text = "Rückmeldungen zu: " + title_of(objects, filter->subject->first, filter->subject->second) + "\nKennung: " +
           a.words[0] + "\nHilfreich: " + std::to_string(helpful) + " ja, " + std::to_string(unhelpful) + " nein\n" + said;
    if (a.has("file")) {
      if (auto written = write_file(a.get("file"), text); !written) return written;
    }
    feedback.forward(*filter, filter->last_day);
    return {};
  });
  if (!done) return done;
  print(s.out, a.has("file") ? "Geschrieben und als weitergegeben vermerkt: " + a.get("file") : text);
  return {};
}

Json json_of(const commons::BarrierReport& one) {
  return Json::object({{"number", one.number}, {"received", one.received}, {"state", one.state}, {"page", one.page},
                       {"language", one.language}, {"text", one.text}, {"contact", one.contact}, {"answer", one.answer},
                       {"delete_on", one.delete_on}});
}

std::string state_word(std::string_view state) {
  return state == "open" ? "offen" : state == "answered" ? "beantwortet" : "erledigt";
}

Result<void> barrier_list(const Surroundings& s, store::Database& database, const Arguments& a) {
  Json items = Json(Json::Array{});
  std::string text;
  database.read([&](store::Connection& connection) {
    for (const auto& one : BarrierStore(connection).list("")) {
      if (one.state == "closed" && !a.has("all")) continue;
      items.push(json_of(one));
      text += one.number + "  " + state_word(one.state) + "  eingegangen " + one.received + ", wird gelöscht " + one.delete_on +
              (one.page.empty() ? "" : "\n   Seite: " + one.page) +
              (one.contact.empty() ? "\n   Kontakt: keiner" : "\n   Kontakt: " + one.contact) + "\n" + indented(one.text) +
              (one.answer.empty() ? "" : "   Antwort:\n" + indented(one.answer));
    }
  });
  if (a.has("json")) {
    print_json(s.out, Json::object({{"reports", items}}));
  } else {
    print(s.out, text.empty() ? "Keine Meldungen.\n" : text);
  }
  return {};
}

Result<std::string> read_number(const Arguments& a) {
  const std::string number = commons::barrier_number(a.words[0]);
  if (number.empty()) return fail(ErrorCode::usage, "\"" + a.words[0] + "\" is no number of a report", "", "`verbund barrier list` names them");
  return number;
}

Result<void> barrier_answer(const Surroundings& s, store::Database& database, const Arguments& a) {
  auto number = read_number(a);
  if (!number) return pass(number);
  auto done = database.write([&](store::Connection& connection) {
    return BarrierStore(connection).answer(*number, a.words[1], commons::berlin_day(s.clock.now()));
  });
  if (!done) return done;
  print(s.out, "Die Antwort ist mit der Nummer " + *number + " unter /barriere-melden/stand zu lesen.\n"
               "Wer einen Kontakt hinterlassen hat, bekommt sie von Ihnen; danach: verbund barrier close " + *number);
  return {};
}

Result<void> barrier_close(const Surroundings& s, store::Database& database, const Arguments& a) {
  auto number = read_number(a);
  if (!number) return pass(number);
  auto done = database.write([&](store::Connection& connection) { return BarrierStore(connection).close(*number); });
  if (!done) return done;
  print(s.out, "Erledigt: " + *number + ". Der Kontakt ist gelöscht.");
  return {};
}

}  // namespace

void add_voice_commands(command::Program& program, const Surroundings& s) {
  const auto add = [&](command::Command command, Result<void> (*work)(const Surroundings&, store::Database&, const Arguments&)) {
    command.run = [s, work](const Arguments& arguments) {
      return with_store(s, arguments, [&](store::Database& database) { return work(s, database, arguments); });
    };
    program.add(std::move(command));
  };
  const command::Option days{"days", "N", "die letzten N Tage (1 bis 3650)", "30", false};
  const command::Option agency{"agency", "ID", "nur diese Redaktion", "alle", false};
  const command::Option about{"about", "KENNUNG", "nur diese Leistung oder Behörde", "alle", false};
  const command::Option unhelpful{"unhelpful", "", "nur „nein“", "", false};
  const command::Option texts{"texts", "", "nur mit Text", "", false};
  add({.path = {"feedback", "list"}, .operands = "", .least_words = 0, .most_words = 0,
       .summary = "Rückmeldungen zu Seiten („War diese Seite hilfreich?“)",
       .explanation = "Wer geantwortet hat, weiß niemand. Mit --file entsteht eine Tabelle (CSV).\n\n"
                      "Beispiel: verbund feedback list --unhelpful --texts --days 7",
       .options = {days, agency, about, unhelpful, texts, {"file", "DATEI", "auch als Tabelle (CSV) in diese Datei", "", false}, json_option},
       .run = {}}, &feedback_list);
  add({.path = {"feedback", "summary"}, .operands = "", .least_words = 0, .most_words = 0,
       .summary = "Rückmeldungen je Leistung und Behörde gezählt, das meiste „nein“ zuerst",
       .explanation = "Beispiel: verbund feedback summary --agency muenchen", .options = {days, agency, about, json_option},
       .run = {}}, &feedback_summary);
  add({.path = {"feedback", "forward"}, .operands = "KENNUNG", .least_words = 1, .most_words = 1,
       .summary = "Neue Rückmeldungen zu einer Leistung als Text für die Redaktion",
       .explanation = "Schreibt, was seit dem letzten Mal gesagt wurde, und vermerkt es als weitergegeben.\n\n"
                      "Beispiel: verbund feedback forward demo-bund.LB.ausweis-verlust --file an-die-redaktion.txt",
       .options = {{"file", "DATEI", "in diese Datei statt auf den Bildschirm", "", false}}, .run = {}}, &feedback_forward);
  add({.path = {"barrier", "list"}, .operands = "", .least_words = 0, .most_words = 0,
       .summary = "Gemeldete Barrieren, die offen oder beantwortet sind",
       .explanation = "Beispiel: verbund barrier list",
       .options = {{"all", "", "auch erledigte", "", false}, json_option}, .run = {}}, &barrier_list);
  add({.path = {"barrier", "answer"}, .operands = "NUMMER TEXT", .least_words = 2, .most_words = 2,
       .summary = "Eine gemeldete Barriere beantworten",
       .explanation = "Wer die Nummer hat, liest die Antwort im Portal.\n\n"
                      "Beispiel: verbund barrier answer B-7K3QF-9MZ2T \"Danke. Der Knopf hat jetzt einen Namen.\"",
       .options = {}, .run = {}}, &barrier_answer);
  add({.path = {"barrier", "close"}, .operands = "NUMMER", .least_words = 1, .most_words = 1,
       .summary = "Eine gemeldete Barriere als erledigt vermerken und den Kontakt löschen",
       .explanation = "Beispiel: verbund barrier close B-7K3QF-9MZ2T", .options = {}, .run = {}}, &barrier_close);
}

}  // namespace verbund::cli
