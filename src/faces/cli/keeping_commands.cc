// SPDX-License-Identifier: EUPL-1.2
// Keeping a node: backup and restore, going on with a restored log.
#include "faces/cli/keeping_commands.h"

#include <filesystem>
#include <utility>

#include "base/text.h"
#include "directory/objects/object_store.h"
#include "faces/cli/keeping_work.h"
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
using network::LogPlace;

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

}  // namespace

void add_keeping_commands(command::Program& program, const Surroundings& s, const KeepingParts& parts) {
  const auto add = [&](command::Command command, KeepingWork work) {
    add_keeping_command(program, s, parts, std::move(command), work);
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
  add_store_commands(program, s, parts);
}

}  // namespace verbund::cli
