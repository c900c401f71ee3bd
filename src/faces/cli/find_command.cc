// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/find_command.h"

#include "base/text.h"
#include "faces/api/api.h"
#include "faces/cli/explanation.h"
#include "faces/cli/run.h"

namespace verbund::cli {
namespace {

using command::Arguments;
using directory::ObjectKind;
using directory::Snapshot;

std::string hit_lines(const directory::Hit& hit, const directory::PlaceAreas& place, std::size_t rank,
                      const Snapshot& snapshot) {
  const auto service = snapshot.service_of(hit);
  std::string text = std::to_string(rank) + ". ";
  text.append(service.title).append("  [").append(external_id(ObjectKind::service, service.id)).append("]\n");
  if (const auto authority = snapshot.authority_of(hit, place)) {
    text.append("   ").append(authority->name).append(" (").append(snapshot.label(authority->area)).append(")\n");
  }
  std::vector<directory::OnlineView> online;
  snapshot.online_of(hit, place, online);
  return text + online_lines(online);
}

std::string nothing_lines(const directory::SearchAnswer& answer, const Snapshot& snapshot) {
  std::string text = "Nichts gefunden.\n";
  if (!answer.words.empty()) text += "Verstanden wurde:\n" + understood_text(answer);
  if (answer.nearest.empty()) {
    return text + "Versuchen Sie weniger oder andere Wörter, oder rufen Sie 115 an (werktags 8 bis 18 Uhr).\n";
  }
  text += "Am nächsten liegt:\n";
  std::size_t rank = 0;
  for (const auto& hit : answer.nearest) text += hit_lines(hit, answer.place, ++rank, snapshot);
  return text;
}

Result<void> find(const Surroundings& s, store::Database& database, const Arguments& arguments) {
  const auto snapshot = read_snapshot(s, database, arguments);
  auto area = read_place(*snapshot, arguments.get("area"));
  if (!area) return pass(area);
  directory::SearchRequest request;
  std::string words;
  for (const std::string& word : arguments.words) words += (words.empty() ? "" : " ") + word;
  request.query = words;
  const auto limit = parse_number(arguments.get("limit", "10"));
  if (!limit || *limit < 1 || *limit > 100) return fail(ErrorCode::usage, "not a number from 1 to 100", "--limit");
  request.area = *area;
  request.limit = static_cast<std::size_t>(*limit);
  const auto answer = snapshot->search(request);
  std::vector<directory::HitExplanation> why;
  if (arguments.has("explain")) why = snapshot->explain(request);
  if (arguments.has("json")) {
    Json document = api::hits_document(request, answer, *snapshot);
    Json::Array& hits = *document.if_object()->find("hits")->second.if_array();
    for (std::size_t i = 0; i < why.size() && i < hits.size(); ++i) hits[i].set("why", explanation_document(why[i]));
    print_json(s.out, document);
    return {};
  }
  std::string text = answer.corrected.empty() ? "" : "Verstanden als: " + answer.corrected + "\n";
  if (answer.hits.empty()) {
    text += nothing_lines(answer, *snapshot);
  } else if (api::tells_words(answer)) {
    text += "Verstanden wurde:\n" + understood_text(answer);
  }
  for (std::size_t i = 0; i < answer.hits.size(); ++i) {
    text += hit_lines(answer.hits[i], answer.place, i + 1, *snapshot);
    if (i < why.size()) text += explanation_text(why[i]);
  }
  print(s.out, text);
  return {};
}

}  // namespace

std::shared_ptr<const Snapshot> read_snapshot(const Surroundings& s, store::Database& database,
                                              const Arguments& arguments) {
  return directory::Finder(database, s.index_folder(arguments), s.clock.now()).snapshot();
}

void add_find_command(command::Program& program, const Surroundings& s) {
  program.add({.path = {"find"}, .operands = "SUCHWORTE...", .least_words = 1, .most_words = 50,
               .summary = "Leistungen suchen, wie ein Mensch sie nennt",
               .explanation = "Mit --explain steht unter jedem Treffer, warum er dort steht: was jedes Wort der Anfrage\n"
                              "in dieser Leistung traf, wie viel es wog und was der Ort ausmachte.\n\n"
                              "Beispiele: verbund find \"Perso verloren\" --area 22846\n"
                              "           verbund find \"Perso verloren\" --area 22846 --limit 3 --explain",
               .options = {area_option,
                           {"limit", "N", "höchstens so viele Treffer (1 bis 100)", "10", false},
                           {"explain", "", "je Treffer sagen, warum er dort steht", "", false},
                           json_option},
               .run = [s](const Arguments& arguments) {
                 return with_store(s, arguments,
                                   [&](store::Database& database) { return find(s, database, arguments); });
               }});
}

}  // namespace verbund::cli
