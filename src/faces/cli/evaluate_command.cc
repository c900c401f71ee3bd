// SPDX-License-Identifier: EUPL-1.2
#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "directory/evaluation/evaluate.h"
#include "faces/cli/cli.h"
#include "faces/cli/run.h"

namespace verbund::cli {
namespace {

using command::Arguments;
using directory::Evaluation;
using directory::Measures;
using directory::ObjectKind;
using directory::QueryOutcome;
using directory::Snapshot;

Result<std::string> read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in) return fail(ErrorCode::unavailable, "the file cannot be read", path);
  return std::move(text).str();
}

// "0,853"
std::string in_thousandths(double value) {
  char text[16];
  std::snprintf(text, sizeof text, "%.3f", value);
  std::string out = text;
  if (const std::size_t point = out.find('.'); point != std::string::npos) out[point] = ',';
  return out;
}

std::string measures_line(const std::string& name, const Measures& measures) {
  char head[64];
  std::snprintf(head, sizeof head, "%8zu", measures.queries);
  std::string out = head;
  for (const double value : {measures.success_at_1, measures.success_at_3, measures.success_at_5, measures.mrr,
                             measures.ndcg_at_10}) {
    std::snprintf(head, sizeof head, "%10s", in_thousandths(value).c_str());
    out += head;
  }
  return out + "  " + name + "\n";
}

Json measures_json(const Measures& measures) {
  return Json::object({{"queries", static_cast<std::int64_t>(measures.queries)},
                       {"success_at_1", measures.success_at_1},
                       {"success_at_3", measures.success_at_3},
                       {"success_at_5", measures.success_at_5},
                       {"mrr", measures.mrr},
                       {"ndcg_at_10", measures.ndcg_at_10}});
}

// 0: not among the first ten.
std::size_t first_rank(const QueryOutcome& outcome) {
  return outcome.ranking.ranks.empty() ? 0 : outcome.ranking.ranks.front();
}

std::string to_text(const Evaluation& result, bool verbose) {
  std::string text;
  if (verbose) {
    text += "Rang  Anfrage -> was zuerst kam\n";
    for (const QueryOutcome& outcome : result.outcomes) {
      const std::size_t rank = first_rank(outcome);
      char place[16];
      std::snprintf(place, sizeof place, "%4s  ", rank == 0 ? ">10" : std::to_string(rank).c_str());
      text += place + outcome.query.query;
      if (!outcome.corrected.empty()) text += " (verstanden als: " + outcome.corrected + ")";
      text += " -> ";
      text += outcome.answer.empty() ? "nichts gefunden"
                                     : outcome.answer.front().title + "  [" +
                                           directory::external_id(ObjectKind::service, outcome.answer.front().id) + "]";
      text += "\n";
    }
    for (const auto& query : result.not_in_node) text += "   -  " + query.query + " -> nicht in diesem Knoten\n";
    text += "\n";
  }
  text += "Anfragen  Erfolg@1  Erfolg@3  Erfolg@5       MRR   nDCG@10\n" + measures_line("alle", result.all);
  for (const auto& [kind, measures] : result.kinds) text += measures_line(kind, measures);
  const auto note = [&](std::size_t count, const char* what) {
    if (count > 0) text += std::to_string(count) + " " + what + "\n";
  };
  note(result.not_in_node.size(), "nicht gemessen: keine der genannten Leistungen ist in diesem Knoten");
  note(result.without_service.size(), "nicht gemessen: die Datei nennt keine Leistung");
  note(result.partly_in_node, "gemessen an den Leistungen, die hier sind; weitere genannte fehlen");
  return text;
}

Json to_json(const Evaluation& result, bool verbose) {
  Json document = measures_json(result.all);
  Json kinds = Json(Json::Object{});
  for (const auto& [kind, measures] : result.kinds) kinds.set(kind, measures_json(measures));
  document.set("kinds", kinds)
      .set("not_in_node", static_cast<std::int64_t>(result.not_in_node.size()))
      .set("without_service", static_cast<std::int64_t>(result.without_service.size()))
      .set("partly_in_node", static_cast<std::int64_t>(result.partly_in_node));
  if (!verbose) return document;
  Json list = Json(Json::Array{});
  for (const QueryOutcome& outcome : result.outcomes) {
    Json one = Json::object({{"query", outcome.query.query},
                             {"line", static_cast<std::int64_t>(outcome.query.line)},
                             {"rank", static_cast<std::int64_t>(first_rank(outcome))}});
    if (!outcome.corrected.empty()) one.set("corrected", outcome.corrected);
    Json first = Json(Json::Array{});
    for (const auto& service : outcome.answer) first.push(directory::external_id(ObjectKind::service, service.id));
    one.set("answer", first);
    list.push(one);
  }
  document.set("per_query", list);
  return document;
}

Result<void> evaluate(const Surroundings& s, store::Database& database, const Arguments& arguments) {
  const std::string path = arguments.words[0];
  const auto text = read_whole(path);
  if (!text) return std::unexpected(text.error());
  const auto in_file = [&](Error error) {
    error.where = path + (error.where.empty() ? "" : ":" + error.where);
    return std::unexpected(std::move(error));
  };
  const auto queries = directory::read_judged_queries(*text);
  if (!queries) return in_file(queries.error());
  if (queries->empty()) return fail(ErrorCode::invalid, "there is no query in the file", path);
  std::shared_ptr<const Snapshot> snapshot;
  std::optional<directory::ServiceNames> names;
  database.read([&](store::Connection& connection) {
    snapshot = Snapshot::build(connection, s.clock.now(), {.search_terms = !arguments.has("without-terms")});
    names.emplace(connection);
  });
  auto area = read_place(*snapshot, arguments.get("area"));
  if (!area) return pass(area);
  const auto result = directory::evaluate(*snapshot, *names, *queries, *area);
  if (!result) return in_file(result.error());
  if (arguments.has("json")) {
    print_json(s.out, to_json(*result, arguments.has("verbose")));
  } else {
    print(s.out, to_text(*result, arguments.has("verbose")));
  }
  return {};
}

}  // namespace

void add_evaluate_command(command::Program& program, const Surroundings& s) {
  program.add(
      {.path = {"evaluate"}, .operands = "DATEI", .least_words = 1, .most_words = 1,
       .summary = "Messen, wie gut die Suche beurteilte Anfragen beantwortet",
       .explanation =
           "DATEI ist eine Tabelle mit den Spalten Anfrage, passende Leistungen (durch Komma getrennt) und, wenn gewünscht,\n"
           "Ort und Art der Anfrage; Spalten durch Tabulator oder Komma getrennt, eine Kopfzeile wird erkannt. Leistungen\n"
           "heißen dort wie hier (L100002.LB.121345242), nur mit ihrer örtlichen Kennung (121345242) oder mit ihrem\n"
           "Leistungsschlüssel (14 Ziffern).\n\n"
           "Erfolg@n: Anteil der Anfragen mit einer passenden Leistung unter den ersten n Treffern. MRR: Mittel von 1 durch\n"
           "Rang der ersten passenden. nDCG@10: Güte der ganzen Reihenfolge. Alles über die ersten zehn Treffer, 1 ist das\n"
           "Beste.\n\n"
           "Beispiel: verbund evaluate anfragen.tsv --area 22846 --verbose",
       .options = {area_option,
                   {"without-terms", "", "ohne die Suchbegriffe, die Redaktionen vergeben haben", "", false},
                   {"verbose", "", "je Anfrage den Rang und was zuerst kam", "", false},
                   json_option},
       .run = [s](const Arguments& arguments) {
         return with_store(s, arguments, [&](store::Database& database) { return evaluate(s, database, arguments); });
       }});
}

}  // namespace verbund::cli
