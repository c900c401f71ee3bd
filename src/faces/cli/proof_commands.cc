// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/proof_commands.h"

#include <filesystem>

#include "base/text.h"
#include "faces/cli/publish.h"
#include "faces/cli/run.h"
#include "kits/file/file.h"
#include "network/proof/verify_bundle.h"

namespace verbund::cli {
namespace {

using command::Arguments;
using directory::ObjectKind;

constexpr std::size_t key_file_limit = 4096;

Result<directory::ServiceBrief> service_of(const directory::Snapshot& snapshot, const std::string& words,
                                           const directory::AreaKey& area) {
  std::optional<directory::ServiceBrief> service;
  if (words.size() == 14 && is_digits(words)) {
    service = snapshot.service_by_key(words, area);
  } else if (const auto id = directory::parse_external_id(ObjectKind::service, words)) {
    service = snapshot.service(*id);
  } else {
    return fail(ErrorCode::usage, "\"" + words + "\" names no service", "",
                "give an id like L100002.LB.121345242 or a 14-digit service key");
  }
  if (service) return *service;
  return fail(ErrorCode::not_found, "there is no service " + words, "",
              "`verbund find WORDS` lists services with their ids");
}

Result<void> prove(const Surroundings& s, const ProofParts& parts, store::Database& database, const Arguments& a) {
  if (auto taken = take_shared(s, a, database, parts.data_folder(a)); !taken) return taken;
  const auto snapshot = directory::Finder(database, s.index_folder(a), s.clock.now()).snapshot();
  auto area = read_place(*snapshot, a.get("area"));
  if (!area) return pass(area);
  auto service = service_of(*snapshot, a.words[0], *area);
  if (!service) return pass(service);
  directory::SayingIndex sayings(s.index_folder(a));
  Result<std::vector<directory::ObjectName>> objects;
  database.read([&](store::Connection& connection) {
    objects = directory::objects_of_answer(*snapshot, connection, sayings, service->id, *area);
  });
  if (!objects) return pass(objects);
  auto bundle = parts.prove(database, parts.data_folder(a), s.index_folder(a), *objects);
  if (!bundle) {
    const bool absent = bundle.error().code == ErrorCode::not_found;
    if (absent) bundle.error().hint = "`verbund node status` says what is published";
    return pass(bundle);
  }
  const std::string out = a.get("output");
  const std::string text = bundle->to_text();
  if (auto written = file::write(out, text); !written) return written;
  if (a.has("json")) {
    Json names = Json(Json::Array{});
    for (const auto& [kind, id] : *objects) names.push(directory::external_id(kind, id));
    print_json(s.out, Json::object({{"file", out}, {"bytes", text.size()}, {"objects", names},
                                    {"by_operator", bundle->membership.has_value()}}));
    return {};
  }
  print(s.out, service->title + " in " + snapshot->label(*area) + ": " + std::to_string(objects->size()) +
                   " Angaben bewiesen in " + out + "\nPrüfen, auch ohne Netz: verbund verify " + out +
                   " --key SCHLÜSSEL" +
                   (bundle->membership ? " (der des Netzbetreibers)" : " (der dieses Logs)"));
  return {};
}

Result<tlog::VerifierKey> read_key(std::string text) {
  std::error_code error;
  if (std::filesystem::is_regular_file(text, error)) {
    auto bytes = file::read(text, key_file_limit);
    if (!bytes) return pass(bytes);
    text = *bytes;
  }
  auto key = tlog::VerifierKey::parse(trim(text));
  if (!key) key.error().where = "--key";
  return key;
}

std::string object_name(const network::Entry& entry) {
  const auto kind = directory::object_kind_from_name(entry.kind);
  return kind ? directory::external_id(*kind, directory::ObjectId{entry.agency, entry.local})
              : entry.agency + " " + entry.kind + " " + entry.local;
}

Json statement_document(const network::Statement& statement) {
  const network::Entry& entry = statement.entry;
  Json out = Json::object({{"object", object_name(entry)}, {"time", to_rfc3339(entry.at)},
                           {"withdrawn", !entry.digest}, {"position", statement.index}});
  if (auto body = parse_json(statement.body, "body"); entry.digest && body) out.set("body", std::move(*body));
  return out;
}

Result<void> verify(const Surroundings& s, const Arguments& a) {
  const auto key = read_key(a.get("key"));
  if (!key) return std::unexpected(key.error());
  auto text = file::read(a.words[0], network::bundle_file_limit);
  if (!text) return pass(text);
  auto bundle = network::Bundle::parse(*text);
  if (!bundle) return pass(bundle);
  auto report = network::verify_bundle(*bundle, *key);
  if (!report) return pass(report);
  Json publishers = Json(Json::Array{});
  std::string lines = "Echt.\n";
  for (std::size_t i = 0; i < bundle->publishers.size(); ++i) {
    const network::BundleReport::Log& log = report->publishers[i];
    lines += (log.title.empty() ? "" : log.title + ", ") + log.checkpoint.origin + " (Log mit " +
             std::to_string(log.checkpoint.size) + " Einträgen):\n";
    Json statements = Json(Json::Array{});
    for (const network::Statement& statement : bundle->publishers[i].statements) {
      lines += "  " + object_name(statement.entry) + (statement.entry.digest ? "" : " (zurückgezogen)") + "  " +
               to_rfc3339(statement.entry.at) + "  Eintrag " + std::to_string(statement.index) + "\n";
      if (a.has("bodies") && !statement.body.empty()) lines += "    " + statement.body + "\n";
      statements.push(statement_document(statement));
    }
    publishers.push(Json::object({{"name", log.checkpoint.origin}, {"title", log.title},
                                  {"log_size", log.checkpoint.size}, {"key", log.key.to_text()},
                                  {"statements", statements}}));
  }
  if (!report->by_operator) {
    lines += "Geprüft mit dem Schlüssel des Logs selbst: Für wen es sprechen darf, sagt nur der Betreiber eines "
             "Netzes.\n";
  }
  if (a.has("json")) {
    print_json(s.out,
               Json::object({{"valid", true}, {"by_operator", report->by_operator}, {"publishers", publishers}}));
    return {};
  }
  print(s.out, lines);
  return {};
}

}  // namespace

void add_proof_commands(command::Program& program, const Surroundings& s, const ProofParts& parts) {
  program.add({.path = {"prove"}, .operands = "LEISTUNG", .least_words = 1, .most_words = 1,
               .summary = "Beweisen, was zu einer Leistung an einem Ort veröffentlicht ist",
               .explanation = "Schreibt eine Datei mit Leistung, Ergänzungen, zuständigen Stellen und Onlinediensten,\n"
                              "mit der jeder ohne Netz prüfen kann, dass sie so im Log stehen.\n\n"
                              "Beispiel: verbund prove demo-bund.LB.ausweis-verlust --area Norderstedt -o karte.beweis",
               .options = {area_option, {"output", "DATEI", "wohin", "", true}, json_option},
               .run = [s, parts](const Arguments& arguments) {
                 return with_store(s, arguments, [&](store::Database& database) {
                   return prove(s, parts, database, arguments);
                 });
               }});
  program.add({.path = {"verify"}, .operands = "DATEI", .least_words = 1, .most_words = 1,
               .summary = "Einen solchen Beweis prüfen, ohne Netz und ohne Datenordner",
               .explanation = "Der Schlüssel ist der des Netzbetreibers, ohne Netz der öffentliche des Logs\n"
                              "(verbund node status). Nehmen Sie ihn nicht von dort, woher der Beweis kommt. Ein\n"
                              "Beweis sagt nicht, dass später nichts anderes gesagt wurde.\n\n"
                              "Beispiel: verbund verify karte.beweis --key schluessel.txt",
               .options = {{"key", "SCHLÜSSEL", "öffentlicher Schlüssel oder eine Datei mit ihm", "", true},
                           {"bodies", "", "die bewiesenen Texte mit ausgeben", "", false}, json_option},
               .run = [s](const Arguments& arguments) {
                 const auto done = verify(s, arguments);
                 return done ? 0 : command::report(s.err, "verbund", done.error());
               }});
}

}  // namespace verbund::cli
