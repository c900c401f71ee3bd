// SPDX-License-Identifier: EUPL-1.2
// Keeping a node: backup and restore, checking and copying its store, going on with a restored log.
#include "faces/cli/keeping_commands.h"

#include <filesystem>
#include <utility>

#include "base/text.h"
#include "directory/objects/object_check.h"
#include "directory/objects/object_store.h"
#include "faces/cli/publish.h"
#include "faces/cli/run.h"
#include "kits/command/numbers.h"
#include "kits/file/file.h"
#include "kits/store/copy.h"
#include "kits/store/save.h"
#include "kits/store/text_stock.h"
#include "network/keeping/backup.h"
#include "network/keeping/log_check.h"
#include "network/keeping/restore.h"
#include "network/log/restored.h"
#include "network/log/verify.h"
#include "network/register/register_outbox.h"
#include "network/sharing/shared_folder.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::cli {
namespace {

namespace fs = std::filesystem;
using command::Arguments;
using network::Finding;
using network::LogPlace;

// A bar for each kind of work, one after the other.
class Bars {
 public:
  explicit Bars(std::FILE* out) : out_(out) {}
  network::KeepingProgress progress() {
    return [this](std::string_view what, std::uint64_t done, std::uint64_t of) -> Result<void> {
      if (!bar_ || what != what_) {
        bar_.reset();
        what_ = what;
        bar_ = std::make_unique<command::Progress>(out_, what_, of);
      }
      bar_->bytes(done);
      return {};
    };
  }

 private:
  std::FILE* out_;
  std::string what_;
  std::unique_ptr<command::Progress> bar_;
};

store::CopyProgress rows_of(const network::KeepingProgress& progress) {
  return [progress](std::string_view table, std::int64_t rows) {
    return progress(std::string(table) + ", Zeilen", static_cast<std::uint64_t>(rows), 0);
  };
}

std::string logs_text(const network::Manifest& manifest) {
  std::string out;
  for (const network::BackedUpLog& log : manifest.logs) {
    out +=
        "Log " + log.origin + ": " + std::to_string(log.size) + " Einträge, Wurzel " + tlog::to_base64(log.root) + "\n";
  }
  return out.empty() ? "Kein Log: dieser Knoten hat noch nichts veröffentlicht.\n" : out;
}

Json logs_json(const network::Manifest& manifest) {
  Json out = Json(Json::Array{});
  for (const network::BackedUpLog& log : manifest.logs) {
    out.push(Json::object(
        {{"entries", static_cast<std::int64_t>(log.size)}, {"name", log.origin}, {"root", tlog::to_base64(log.root)}}));
  }
  return out;
}

Result<void> backup(const Surroundings& s, const KeepingParts& parts, const Arguments& a) {
  Bars bars(s.err);
  network::BackupSource source;
  source.data_folder = parts.data_folder(a);
  source.settings_file = parts.settings_file(a);
  source.program = parts.program;
  source.copies = !a.has("without-copies");
  auto location = parts.store(a);
  if (!location) return pass(location);
  const bool server = store::is_server(*location);
  source.engine = server ? "postgresql" : "sqlite";
  if (server) {
    auto database = s.open(a);
    if (!database) return pass(database);
    if (auto taken = take_shared(s, a, **database, source.data_folder); !taken) return taken;
  }
  source.save_store = [&](const std::string& file, const network::KeepingProgress& progress) -> Result<void> {
    // Pages are not all of a store that keeps texts elsewhere: a copy, row by row, is.
    if (!server && !store::shares_texts(*location)) {
      std::error_code error;
      const std::uint64_t size = fs::file_size(*location, error);
      return store::save_sqlite(*location, file, [&](std::uint64_t done) { return progress("Bestand", done, size); });
    }
    auto database = s.open(a);
    if (!database) return pass(database);
    Result<void> done;
    (*database)->read([&](store::Connection& connection) {
      auto copied = store::copy_store(connection, {.path = file}, parts.migrations, rows_of(progress));
      if (!copied) done = std::unexpected(std::move(copied.error()));
    });
    return done;
  };
  auto report = network::back_up(source, a.words[0], s.clock.now(), bars.progress());
  if (!report) return pass(report);
  const network::Manifest& manifest = report->manifest;
  if (a.has("json")) {
    print_json(s.out, Json::object({{"bytes", static_cast<std::int64_t>(report->bytes)},
                                    {"files", static_cast<std::int64_t>(report->files)},
                                    {"logs", logs_json(manifest)},
                                    {"secret_key", manifest.secret_key}}));
    return {};
  }
  print(s.out,
        "Gesichert: " + std::to_string(report->files) + " Dateien, " + command::byte_size(report->bytes) + ", in " +
            a.words[0] + "\n" + logs_text(manifest) +
            (manifest.secret_key
                 ? "Darin: der geheime Schlüssel des Logs (nur für Sie lesbar). Wer ihn hat, spricht in Ihrem Namen: "
                   "bewahren Sie die Sicherung wie ihn auf.\n"
             : manifest.logs.empty() ? ""
                                     : "Nicht darin: der geheime Schlüssel, er liegt in einem Token.\n") +
            "Nicht darin: der Schlüssel, mit dem der Knoten für andere bezeugt, und der Suchindex.");
  return {};
}

// What a restored store must say: what its logs say.
Result<std::int64_t> check_store(const KeepingParts& parts, const std::string& file, const network::Manifest& manifest,
                                 const network::KeepingProgress& progress) {
  if (store::shares_texts(file)) {
    return fail(ErrorCode::invalid, "the store of this backup keeps texts elsewhere: it is not all of it", file,
                "take one that `verbund backup` has made");
  }
  auto database = store::Database::open({.path = file}, parts.migrations);
  if (!database) return pass(database);
  for (const network::BackedUpLog& log : manifest.logs) {
    const bool own = log.folder != "network/members";
    const auto outbox = own ? parts.outbox(**database) : std::make_unique<network::RegisterOutbox>(**database);
    const auto root = network::outbox_root(*outbox, log.size, log.last_revision, progress);
    if (!root || *root != log.root) {
      return fail(ErrorCode::invalid,
                  "the store does not say what the log of the backup says: " +
                      (root ? std::string("another root") : root.error().message),
                  log.origin, "this backup is damaged: take an earlier one");
    }
  }
  std::int64_t last = 0;
  (*database)->read([&](store::Connection& connection) { last = directory::ObjectStore(connection).last_sequence(); });
  return last;
}

// A restored node has its files to itself, and no witness key.
Result<void> share_nothing(const KeepingParts& parts, const std::string& file) {
  auto database = store::Database::open({.path = file}, parts.migrations);
  if (!database) return pass(database);
  return (*database)->write([](store::Connection& connection) -> Result<void> {
    network::forget_shared(connection);
    return {};
  });
}

Result<void> restore(const Surroundings& s, const KeepingParts& parts, const Arguments& a) {
  Bars bars(s.err);
  const auto progress = bars.progress();
  const std::string folder = parts.data_folder(a);
  auto location = parts.store(a);
  if (!location) return pass(location);
  if (!a.has("check") && store::is_server(*location)) {
    return fail(ErrorCode::usage, "the setting store names a database, and a backup is restored into a folder", "store",
                "restore without it, then `verbund store copy --to` that database");
  }
  network::RestoreParts how;
  how.original_is_gone = a.has("original-is-gone");
  bool detached = false;
  how.check_store = [&](const std::string& file, const network::Manifest& manifest) -> Result<std::int64_t> {
    auto last = check_store(parts, file, manifest, progress);
    if (!last) return last;
    if (auto alone = share_nothing(parts, file); !alone) return pass(alone);
    auto taken_out = parts.use_own_file(fs::path(file).parent_path().string());
    if (!taken_out) return pass(taken_out);
    detached = *taken_out;
    return last;
  };
  auto report = a.has("check") ? network::verify_backup(a.words[0], progress)
                               : network::restore(a.words[0], folder, how, progress);
  if (!report) return pass(report);
  const network::Manifest& manifest = report->manifest;
  if (a.has("json")) {
    print_json(s.out, Json::object({{"bytes", static_cast<std::int64_t>(report->bytes)},
                                    {"files", static_cast<std::int64_t>(report->files)},
                                    {"logs", logs_json(manifest)},
                                    {"made_at", to_rfc3339(manifest.made_at)}}));
    return {};
  }
  const std::string sound = std::to_string(report->files) + " Dateien, " + command::byte_size(report->bytes) +
                            ", vom " + to_rfc3339(manifest.made_at) + "\n" + logs_text(manifest);
  if (a.has("check")) {
    print(s.out, "Die Sicherung ist in Ordnung: " + sound);
    return {};
  }
  std::string next;
  if (!manifest.logs.empty()) {
    next = how.original_is_gone ? "Der nächste Start von `verbund serve` fragt das Netz, ob das Log seit der Sicherung "
                                  "weitergegangen ist, und "
                                  "veröffentlicht erst danach.\n"
                                : "Dieser Ordner ist zum Ansehen: Er startet nicht, solange das Original laufen kann. "
                                  "Ist es endgültig weg:\n"
                                  "  verbund node continue --original-is-gone --data " +
                                      folder + "\n";
    next += "Bezeugen für andere beginnt mit einem neuen Schlüssel: danach `verbund node join` wiederholen.\n";
  }
  if (!manifest.logs.empty() && !manifest.secret_key) {
    next += "Der Schlüssel des Logs liegt in einem Token: network.key_module und die PIN-Datei müssen hier gelten.\n";
  }
  if (detached)
    next += "Die Einstellung `store` ist auskommentiert: der Bestand liegt jetzt in " + folder + "/node.sqlite.\n";
  print(s.out, "Wiederhergestellt in " + folder + ": " + sound + next);
  return {};
}

Result<void> node_continue(const Surroundings& s, const KeepingParts& parts, const Arguments& a) {
  if (!a.has("original-is-gone")) {
    return fail(ErrorCode::usage, "say that the original is gone for good", "--original-is-gone",
                "two nodes that continue one log are a fork that every member of the network notices");
  }
  const std::string folder = parts.data_folder(a);
  int found = 0;
  for (const LogPlace& place : {LogPlace(folder), network::members_place(folder)}) {
    auto mark = network::restored(place);
    if (!mark) return pass(mark);
    if (!*mark) continue;
    ++found;
    (*mark)->original_is_gone = true;
    (*mark)->without_asking = a.has("without-asking");
    if (auto noted = network::mark_restored(place, **mark); !noted) return noted;
  }
  if (found == 0) return fail(ErrorCode::not_found, "nothing here was restored from a backup", folder);
  print(
      s.out,
      a.has("without-asking")
          ? "Notiert. Der Dienst fragt niemanden: Ist das Log seit der Sicherung weitergegangen, entsteht eine zweite "
            "Fassung, die andere bemerken."
          : "Notiert. Der Dienst fragt das Netz, ob das Log seit der Sicherung weitergegangen ist, und geht dann "
            "weiter.");
  return {};
}

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

void add_keeping_commands(command::Program& program, const Surroundings& s, const KeepingParts& parts) {
  using Work = Result<void> (*)(const Surroundings&, const KeepingParts&, const Arguments&);
  const auto add = [&](command::Command command, Work work) {
    command.run = [s, parts, work](const Arguments& arguments) {
      try {
        if (auto done = work(s, parts, arguments); !done) return command::report(s.err, "verbund", done.error());
        return 0;
      } catch (const store::Failure& failure) {
        return command::report(s.err, "verbund",
                               {ErrorCode::unavailable, failure.what(), "",
                                "nothing was changed; check free space and access, then try again"});
      }
    };
    program.add(std::move(command));
  };
  add({.path = {"backup"},
       .operands = "ORDNER",
       .least_words = 1,
       .most_words = 1,
       .summary = "Alles sichern, was dieser Knoten behalten muss",
       .explanation =
           "Schreibt Bestand, Logs, Kopien der Logs anderer, Schlüssel und Einstellungen, wie sie zu einem Zeitpunkt\n"
           "zusammengehören, in den neuen ORDNER; der Dienst läuft dabei weiter. Der Ordner ist ganz da oder gar "
           "nicht.\n"
           "SHA256SUMS darin nennt die Prüfsumme jeder Datei (sha256sum -c SHA256SUMS), manifest.json Größe und Wurzel "
           "der\n"
           "Logs. Die geheimen Schlüssel der Logs sind darin, nur für den Eigentümer lesbar; Schlüssel in einem Token "
           "nicht.\n\n"
           "Beispiel: verbund backup /srv/sicherung/2026-06-08",
       .options = {{"without-copies", "",
                    "ohne die Kopien der Logs anderer: sie werden nach dem Zurückholen neu geholt", "", false},
                   json_option},
       .run = {}},
      &backup);
  add({.path = {"restore"},
       .operands = "ORDNER",
       .least_words = 1,
       .most_words = 1,
       .summary = "Eine Sicherung zurückholen, in einen neuen Datenordner",
       .explanation = "Vergleicht jede Datei mit ihrer Prüfsumme, rechnet die Logs nach und legt den Datenordner "
                      "(--data) neu an. Ein\n"
                      "zurückgeholter Knoten läuft nicht neben dem Original: Er startet erst, wenn Sie sagen, dass es "
                      "weg ist, und\n"
                      "veröffentlicht erst, wenn das Netz bestätigt, dass das Log seit der Sicherung nicht "
                      "weitergegangen ist; sonst\n"
                      "holt er nach, was fehlt.\n\n"
                      "Beispiele: verbund restore /srv/sicherung/2026-06-08 --check\n"
                      "           verbund restore /srv/sicherung/2026-06-08 --data /var/lib/verbund --original-is-gone",
       .options = {{"check", "", "nur prüfen, ob die Sicherung heil ist", "", false},
                   {"original-is-gone", "", "der gesicherte Knoten läuft nie wieder", "", false},
                   json_option},
       .run = {}},
      &restore);
  add({.path = {"node", "continue"},
       .operands = "",
       .least_words = 0,
       .most_words = 0,
       .summary = "Einen zurückgeholten Knoten weiterführen",
       .explanation = "Beispiel: verbund node continue --original-is-gone --data /var/lib/verbund",
       .options = {{"original-is-gone", "", "der gesicherte Knoten läuft nie wieder", "", false},
                   {"without-asking", "", "nur wenn im Netz dauerhaft niemand mehr antwortet: nicht fragen", "",
                    false}},
       .run = {}},
      &node_continue);
  add({.path = {"store", "copy"},
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
