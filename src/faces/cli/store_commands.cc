// SPDX-License-Identifier: EUPL-1.2
// Checking the store of a node, and moving it to another database.
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "directory/objects/object_check.h"
#include "faces/cli/keeping_work.h"
#include "faces/cli/run.h"
#include "kits/file/file.h"
#include "network/keeping/log_check.h"
#include "network/log/restored.h"
#include "network/log/verify.h"
#include "network/register/register_outbox.h"
#include "network/sharing/shared_folder.h"

namespace verbund::cli {
namespace {

namespace fs = std::filesystem;
using command::Arguments;
using network::Finding;
using network::LogPlace;

std::string line(const Finding& finding) {
  return finding.what + " - " + finding.todo;
}

Result<void> store_check(const Surroundings& s, const KeepingParts& parts, store::Database& database,
                         const Arguments& a) {
  Bars bars(s.err);
  const auto progress = bars.progress();
  const std::string folder = parts.data_folder(a);
  std::vector<Finding> findings;
  (void)progress("Struktur und Verweise", 0, 0);
  for (auto& what : database.integrity_findings()) {
    findings.push_back({std::move(what), "eine Sicherung zurückholen: verbund restore"});
  }
  std::int64_t bodies = 0;
  (void)progress("Prüfsummen der Objekte", 0, 0);
  const std::string again = "den Bestand neu importieren oder eine Sicherung zurückholen";
  database.read([&](store::Connection& connection) {
    for (auto& what : directory::body_findings(connection, &bodies)) findings.push_back({std::move(what), again});
    for (auto& what : directory::change_findings(connection)) findings.push_back({std::move(what), again});
  });
  std::uint64_t entries = 0;
  for (const bool own : {true, false}) {
    const LogPlace place = own ? LogPlace(folder) : network::members_place(folder);
    const auto outbox = own ? parts.outbox(database) : std::make_unique<network::RegisterOutbox>(database);
    auto found = network::log_findings(place, *outbox, progress);
    if (!found) return pass(found);
    for (auto& one : *found) findings.push_back(std::move(one));
    if (const auto published = network::OwnLog(place, *outbox).published()) entries += published->size;
    if (const auto mark = network::restored(place); !mark)
      findings.push_back({mark.error().text(), "die Sicherung noch einmal zurückholen"});
  }
  if (a.has("json")) {
    Json list = Json(Json::Array{});
    for (const auto& finding : findings) list.push(line(finding));
    print_json(s.out, Json::object({{"sound", findings.empty()},
                                    {"bodies", bodies},
                                    {"entries", static_cast<std::int64_t>(entries)},
                                    {"findings", list}}));
  } else {
    for (const auto& finding : findings) print(s.out, line(finding));
    if (findings.empty()) {
      print(s.out, "In Ordnung: Struktur, Verweise, " + std::to_string(bodies) + " Prüfsummen und " +
                       std::to_string(entries) + " Einträge der eigenen Logs stimmen.");
    }
  }
  if (!findings.empty()) {
    return fail(ErrorCode::conflict, std::to_string(findings.size()) + " findings in the store", "",
                "restore a backup, or import the sources again into a new data folder");
  }
  return {};
}

// A folder means the store in it.
std::string location_of(const std::string& word) {
  return store::is_server(word) || word.ends_with(".sqlite") ? word : (fs::path(word) / network::store_name).string();
}

// That the copy says what the published log says.
Result<std::string> prove_copy(const KeepingParts& parts, store::Database& copy, const std::string& folder,
                               const network::KeepingProgress& progress) {
  std::string out;
  for (const bool own : {true, false}) {
    const LogPlace place = own ? LogPlace(folder) : network::members_place(folder);
    const auto outbox = own ? parts.outbox(copy) : std::make_unique<network::RegisterOutbox>(copy);
    auto published = network::OwnLog(place, *outbox).published();
    if (!published && published.error().code == ErrorCode::not_found) continue;
    if (!published) return pass(published);
    std::int64_t last = 0;
    if (published->size > 0) {
      const std::uint64_t index = (published->size - 1) / tlog::tile_width;
      const tlog::TileId id{tlog::TileId::entries, index,
                            tlog::width_in(published->size, tlog::TileId::entries, index)};
      network::FolderLogSource files(place.folder);
      auto bundle = network::read_bundle(files, id);
      auto entries = bundle ? network::parse_entries(*bundle, id) : std::unexpected(bundle.error());
      if (!entries) return pass(entries);
      last = entries->back().revision;
    }
    const auto root = network::outbox_root(*outbox, published->size, last, progress);
    if (!root || *root != published->root) {
      return fail(ErrorCode::invalid, "the copy does not say what the log says", published->origin,
                  "check the store first: `verbund store check`");
    }
    out += "Log " + published->origin + ": " + std::to_string(published->size) + " Einträge, Wurzel " +
           tlog::to_base64(published->root) + " aus der Kopie nachgerechnet.\n";
  }
  return out;
}

Result<void> store_copy(const Surroundings& s, const KeepingParts& parts, const Arguments& a) {
  Bars bars(s.err);
  const auto progress = bars.progress();
  const std::string folder = parts.data_folder(a);
  auto own = parts.store(a);
  if (!own) return pass(own);
  const std::string from = a.has("from") ? location_of(a.get("from")) : *own;
  const std::string to = location_of(a.get("to"));
  if (from == to) return fail(ErrorCode::usage, "source and target are the same store", "--to");
  if (std::error_code error; !store::is_server(from) && !fs::exists(from, error)) {
    return fail(ErrorCode::not_found, "there is no store", from,
                "--from names a folder with node.sqlite or a database");
  }
  if (store::is_server(from)) {   // what its processes had in common is in its folder again
    auto shared = store::Database::open({.path = from}, parts.migrations);
    if (!shared) return pass(shared);
    if (auto taken = network::pull_all(**shared, folder); !taken) return taken;
  }
  // Who publishes has the log for itself; who writes otherwise waits for the one write transaction below.
  std::optional<file::Lock> lock;
  if (std::error_code error; fs::is_directory(network::log_folder(folder), error)) {
    auto taken = file::Lock::take(network::log_folder(folder) + "/lock");
    if (!taken && taken.error().code == ErrorCode::conflict) {
      return fail(ErrorCode::conflict, "the node runs", folder, "end the service first, then copy");
    }
    if (!taken) return pass(taken);
    lock.emplace(std::move(*taken));
  }
  auto source = store::Database::open({.path = from}, parts.migrations);
  if (!source) return pass(source);
  store::CopyReport report;
  std::string proof;
  const auto prove = [&](store::Database& copy) -> Result<void> {
    auto proven = prove_copy(parts, copy, folder, progress);
    if (!proven) return pass(proven);
    proof = std::move(*proven);
    return {};
  };
  auto done = (*source)->write([&](store::Connection& connection) -> Result<void> {
    auto copied = store::copy_store(connection, {.path = to}, parts.migrations, rows_of(progress), prove);
    if (!copied) return pass(copied);
    report = *copied;
    return {};
  });
  if (!done) return done;
  if (a.has("json")) {
    print_json(s.out, Json::object({{"resumed", report.resumed}, {"rows", report.rows}, {"tables", report.tables}}));
    return {};
  }
  print(s.out, "Kopiert: " + std::to_string(report.tables) + " Tabellen mit " + std::to_string(report.rows) +
                   " Zeilen, jede auf beiden Seiten gelesen und gleich." +
                   (report.resumed ? " Eine unterbrochene Kopie wurde fortgesetzt." : "") + "\n" + proof +
                   "Der Knoten benutzt die Kopie erst, wenn Sie es einstellen: store = \"" +
                   (store::is_server(to) ? "postgresql://..." : "") +
                   "\" in verbund.toml. Benutzen Sie danach nur noch sie.");
  return {};
}

}  // namespace

void add_store_commands(command::Program& program, const Surroundings& s, const KeepingParts& parts) {
  add_keeping_command(program, s, parts, {.path = {"store", "copy"},
       .operands = "",
       .least_words = 0,
       .most_words = 0,
       .summary = "Den Bestand in eine andere Datenbank umziehen",
       .explanation = "Kopiert zwischen SQLite (Ordner) und PostgreSQL (postgresql://...), in jeder Richtung. Eine "
                      "unterbrochene Kopie wird\n"
                      "fortgesetzt. Am Ende ist jede Tabelle auf beiden Seiten gelesen und gleich, und die Wurzel des "
                      "Logs ist aus der\n"
                      "Kopie nachgerechnet. Der Dienst darf dabei nicht laufen.\n\n"
                      "Beispiel: verbund store copy --to /srv/neu --data /var/lib/verbund",
       .options = {{"to", "ZIEL", "Ordner oder Adresse der leeren Datenbank", "", true},
                   {"from", "QUELLE", "Ordner oder Adresse", "der Bestand dieses Knotens", false},
                   json_option},
       .run = {}},
      &store_copy);
  program.add({.path = {"store", "check"},
               .operands = "",
               .least_words = 0,
               .most_words = 0,
               .summary = "Den Datenbestand und die eigenen Logs auf Schäden prüfen",
               .explanation =
                   "Prüft die Struktur der Datenbank, alle Verweise, die Prüfsumme jedes Objekts, ob jedes Objekt so "
                   "dasteht, wie\n"
                   "es zuletzt gemeldet wurde, und jedes eigene Log: Unterschrift, Kacheln, Wurzel, und ob der Bestand "
                   "dasselbe\n"
                   "sagt. Auch im laufenden Betrieb. Eine Zeile je Befund, mit dem, was zu tun ist; dann Status 1.\n\n"
                   "Beispiel: verbund store check",
               .options = {json_option},
               .run = [s, parts](const Arguments& arguments) {
                 return with_store(s, arguments, [&](store::Database& database) {
                   return store_check(s, parts, database, arguments);
                 });
               }});
}

}  // namespace verbund::cli
