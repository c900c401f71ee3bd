// SPDX-License-Identifier: EUPL-1.2
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/text.h"
#include "faces/cli/cli.h"
#include "faces/cli/followed_words.h"
#include "faces/cli/membership_words.h"
#include "faces/cli/publish.h"
#include "faces/cli/run.h"
#include "kits/file/file.h"
#include "network/log/export.h"
#include "network/log/http_log_source.h"
#include "network/log/own_log.h"
#include "network/log/rotation.h"
#include "network/log/verify.h"
#include "network/register/register_outbox.h"
#include "network/witness/witness.h"

namespace verbund::cli {
namespace {

namespace fs = std::filesystem;
using command::Arguments;

constexpr std::size_t key_text_limit = 4096;

constexpr int most_waits = 100;
constexpr std::chrono::milliseconds one_wait{100};
constexpr std::string_view usual_end = "/network/log";

Result<tlog::NoteSigner> file_signer(const std::string& folder, const std::string& name) {
  auto key = network::load_or_create_key(folder, name);
  if (!key) return pass(key);
  return tlog::NoteSigner(*key);
}

// The key and the log of the members, and what holds for the network as a whole.
Result<tlog::SignerKey> init_operator(const Surroundings& s, store::Database& database, const Arguments& a,
                                      const std::string& folder, std::string_view own_name) {
  if (own_name.ends_with(usual_end)) own_name.remove_suffix(usual_end.size());
  const std::string host(own_name);
  const auto place = network::members_place(folder);
  auto key = network::load_or_create_key(place, host + "/network/members");
  if (!key) return key;
  const auto quorum = parse_number(a.get("quorum", "0"));
  if (!quorum || *quorum > 20) return fail(ErrorCode::usage, "a number from 0 to 20 is needed", "--quorum");
  auto written = database.write([&](store::Connection& connection) -> Result<void> {
    network::RegisterStore members(connection);
    if (!members.is_operator() && !members.members().empty()) {
      return fail(ErrorCode::conflict, "this node is a member of another network", "",
                  "an operator needs a node of its own");
    }
    network::Policy policy = members.policy().value_or(network::Policy{"Netz von " + host, 0});
    if (a.has("title")) policy.title = a.get("title");
    if (a.has("quorum")) policy.quorum = *quorum;
    if (auto good = network::Policy::parse(policy.to_body()); !good) return std::unexpected(good.error());
    members.say(policy, s.clock.now());
    return {};
  });
  if (!written) return pass(written);
  network::RegisterOutbox outbox(database);
  if (auto published = publish_pending(s, a, database, folder, place, outbox); !published) return pass(published);
  return key;
}

Result<void> node_init(const Surroundings& s, const NetworkParts& parts, store::Database& database,
                       const Arguments& a) {
  const std::string folder = parts.data_folder(a);
  std::string name = a.get("name");
  if (name.empty()) {
    auto usual = parts.log_name(a);
    if (!usual) return pass(usual);
    name = *usual;
  }
  const auto signer = s.signer ? s.signer(a, name) : file_signer(folder, name);
  if (!signer) return std::unexpected(signer.error());
  const tlog::VerifierKey* const key = &signer->key;
  if (a.has("name") && key->name != a.get("name")) {
    return fail(ErrorCode::conflict, "the log of this node is called " + key->name, network::key_file(folder),
                "a log keeps its name; a new one needs a new data folder");
  }
  // With it the node cosigns the checkpoints of others; who joins a network says so.
  std::string witness = key->name;
  if (witness.ends_with("/log")) witness.resize(witness.size() - 4);
  if (auto made = network::load_or_create_witness_key(folder, witness + "/witness"); !made) return pass(made);
  const auto outbox = parts.outbox(database);
  const auto here = publish_pending(s, a, database, folder, folder, *outbox, name);
  if (!here) return std::unexpected(here.error());
  const auto published = network::OwnLog(folder, *outbox).published();
  const std::uint64_t size = published ? published->size : 0;
  std::string members;
  std::error_code error;
  Json document = Json::object({{"name", key->name}, {"key", key->to_text()}, {"entries", size}});
  if (a.has("operator")) {
    auto operators = init_operator(s, database, a, folder, key->name);
    if (!operators) return pass(operators);
    const std::string text = operators->verifier().to_text();
    document.set("members_key", text);
    members = "\nDieser Knoten betreibt ein Netz. Mitgliederlog: " + operators->name +
              "\n  Öffentlicher Schlüssel, den alle Mitglieder brauchen: " + text + "\n  Fingerabdruck: " + network::fingerprint(text) +
              "\n  Geheimer Schlüssel, ebenfalls zu sichern: " + network::members_place(folder).key_file;
  }
  if (a.has("json")) {
    print_json(s.out, document);
    return {};
  }
  const std::string secret =
      fs::exists(network::key_file(folder), error)
          ? "\nGeheimer Schlüssel: " + network::key_file(folder) + "\n  Sichern Sie ihn: ohne ihn kann "
            "niemand dieses Log fortsetzen."
          : "\nGeheimer Schlüssel: im Token. Ohne ihn kann niemand dieses Log fortsetzen.";
  print(s.out, "Log: " + key->name + "\nÖffentlicher Schlüssel: " + key->to_text() + "\nEinträge: " +
                   std::to_string(size) + (*here ? "" : " (ein laufender Dienst veröffentlicht weiter)") +
                   secret + members);
  return {};
}

Result<void> node_status(const Surroundings& s, const NetworkParts& parts, store::Database& database,
                         const Arguments& a) {
  const std::string folder = parts.data_folder(a);
  if (auto taken = take_shared(s, a, database, folder); !taken) return taken;
  const auto outbox = parts.outbox(database);
  network::OwnLog log(folder, *outbox);
  auto key = log.key();
  auto checkpoint = log.published();
  const bool published = key && checkpoint;
  if (!published) {
    // A key without a log: made, but nobody has published with it yet.
    const auto made = network::load_key(folder);
    if (!made && made.error().code != ErrorCode::not_found) return std::unexpected(made.error());
    if (!made) {
      return fail(ErrorCode::not_found, "this node has no log yet", folder,
                  "`verbund node init` or `verbund serve` makes it");
    }
    key = made->verifier().to_text();
    checkpoint = tlog::Checkpoint{made->name, 0, tlog::empty_root(), {}};
  }
  std::int64_t last_revision = 0;
  std::string last_at;
  if (checkpoint->size > 0) {
    const std::uint64_t index = (checkpoint->size - 1) / tlog::tile_width;
    const tlog::TileId id{tlog::TileId::entries, index, tlog::width_in(checkpoint->size, tlog::TileId::entries, index)};
    auto bundle = log.tile(id);
    if (!bundle) return pass(bundle);
    auto entries = network::parse_entries(*bundle, id);
    if (!entries) return pass(entries);
    last_revision = entries->back().revision;
    last_at = to_rfc3339(entries->back().at);
  }
  const std::int64_t pending = outbox->last() - last_revision;
  const bool running = !file::Lock::take(network::log_folder(folder) + "/lock");
  const std::string key_text(trim(*key));
  const std::string today = network::day_in_berlin(s.clock.now());
  Json network;
  std::string members;
  std::string followed;
  Json following;
  std::string forks;
  Json forked = Json(Json::Array());
  for (const std::string& origin : network::known_forks(folder)) {
    forks += "ALARM: " + origin + " hat zwei Fassungen (Beweis: " + network::witness_folder(folder) + "/evidence oder " +
             folder + "/network/heard/.../evidence)\n";
    forked.push(origin);
  }
  database.read([&](store::Connection& connection) {
    const network::RegisterStore store(connection);
    network = network_json(store, checkpoint->origin, today);
    members = network_text(store, checkpoint->origin, today);
    following = followed_json(connection);
    followed = followed_text(connection);
  });
  if (a.has("json")) {
    Json document = Json::object({{"name", checkpoint->origin}, {"key", key_text}, {"entries", checkpoint->size},
                                  {"root", tlog::to_base64(checkpoint->root)}, {"pending", pending},
                                  {"publishing", running}, {"published", published}});
    if (!last_at.empty()) document.set("last_entry", last_at);
    if (!network.is_null()) document.set("network", network);
    document.set("following", std::move(following));
    document.set("forked", std::move(forked));
    print_json(s.out, document);
    return {};
  }
  print(s.out, "Log: " + checkpoint->origin + "\nÖffentlicher Schlüssel: " + key_text + "\nEinträge: " +
                   std::to_string(checkpoint->size) + (last_at.empty() ? "" : ", der letzte vom " + last_at) +
                   "\nWurzel: " + tlog::to_base64(checkpoint->root) + "\nNoch nicht im Log: " +
                   std::to_string(pending) + " Änderungen\nVeröffentlichung: " +
                   (running ? "läuft" : "ruht (verbund serve oder verbund log export)") + "\n" +
                   (published ? "" : "Das Log ist noch nicht veröffentlicht: es fehlt `verbund node init` oder "
                                     "`verbund serve`\n") + members + followed + forks);
  return {};
}

Result<void> rotate_key(const Surroundings& s, const NetworkParts& parts, store::Database& database,
                        const Arguments& a) {
  const std::string folder = parts.data_folder(a);
  const network::LogPlace place = a.has("members") ? network::members_place(folder) : network::LogPlace(folder);
  std::error_code error;
  if (!fs::exists(place.key_file, error) && network::FolderLogSource(place.folder).key()) {
    return fail(ErrorCode::conflict, "the key of this log is in a token and stays there", place.folder,
                "this command changes keys in files only");
  }
  auto key = network::prepare_new_key(place);
  if (!key) {
    if (key.error().code == ErrorCode::not_found) key.error().hint = "`verbund node init` makes key and log";
    return pass(key);
  }
  // Whoever publishes takes it over; where nobody does, this process is the one.
  const auto outbox = a.has("members") ? std::make_unique<network::RegisterOutbox>(database) : parts.outbox(database);
  for (int i = 0; i < most_waits && network::new_key_waits(place); ++i) {
    const auto here = publish_pending(s, a, database, folder, place, *outbox);
    if (!here) return std::unexpected(here.error());
    if (!*here) std::this_thread::sleep_for(one_wait);
  }
  if (network::new_key_waits(place)) {
    return fail(ErrorCode::unavailable, "the service that publishes has not taken the new key over yet", place.key_file,
                "it does when it is idle; `verbund node status` shows the key");
  }
  if (a.has("json")) {
    print_json(s.out, Json::object({{"name", key->name}, {"key", key->to_text()}}));
    return {};
  }
  print(s.out, "Neuer Schlüssel des Logs " + key->name + ":\n  " + key->to_text() +
                   "\nÜbergabe veröffentlicht: wer den alten kennt, findet den neuen. Der alte geheime Schlüssel ist "
                   "gelöscht.\nSichern Sie den neuen: " + place.key_file);
  return {};
}

Result<void> log_export(const Surroundings& s, const NetworkParts& parts, store::Database& database,
                        const Arguments& a) {
  const std::string folder = parts.data_folder(a);
  const auto outbox = parts.outbox(database);
  const auto here = publish_pending(s, a, database, folder, folder, *outbox);
  if (!here) return std::unexpected(here.error());
  network::OwnLog log(folder, *outbox);
  command::Progress bar(s.err, "Export", 0);
  auto report = network::export_log(log, a.words[0], [&bar](std::uint64_t done, std::uint64_t) { bar.items(done); });
  if (!report) return pass(report);
  if (a.has("json")) {
    print_json(s.out, Json::object({{"entries", report->size}, {"files_written", report->written}}));
    return {};
  }
  print(s.out, std::to_string(report->size) + " Einträge stehen in " + a.words[0] + " (" +
                   std::to_string(report->written) + " Dateien neu geschrieben).");
  return {};
}

// --key: the text of a verifier key or a file that holds it. Without it the key the log names itself.
Result<tlog::VerifierKey> chosen_key(const Arguments& a, network::LogSource& source) {
  std::string text = a.get("key");
  std::error_code error;
  if (!text.empty() && fs::is_regular_file(text, error)) {
    auto bytes = file::read(text, key_text_limit);
    if (!bytes) return pass(bytes);
    text = *bytes;
  } else if (text.empty()) {
    auto bytes = source.key();
    if (!bytes) return pass(bytes);
    text = *bytes;
  }
  auto key = tlog::VerifierKey::parse(trim(text));
  if (!key) key.error().where = a.has("key") ? "--key" : "key";
  return key;
}

Result<void> verify_from(const Surroundings& s, network::LogSource& source, const Arguments& a) {
  const auto key = chosen_key(a, source);
  if (!key) return std::unexpected(key.error());
  command::Progress bar(s.err, "Log", 0);
  auto report = network::verify_log(source, *key, !a.has("entries-only"),
                                    [&bar](std::uint64_t done, std::uint64_t) { bar.items(done); });
  if (!report) return pass(report);
  const std::string root = tlog::to_base64(report->checkpoint.root);
  if (a.has("json")) {
    print_json(s.out, Json::object({{"valid", true}, {"name", report->checkpoint.origin}, {"key", key->to_text()},
                                    {"key_given", a.has("key")}, {"entries", report->checkpoint.size}, {"root", root},
                                    {"withdrawals", report->withdrawn}, {"bodies", report->bodies},
                                    {"bodies_absent", report->absent}, {"last_entry", to_rfc3339(report->last_at)}}));
    return {};
  }
  std::string text = "In Ordnung: " + std::to_string(report->checkpoint.size) + " Einträge von " +
                     report->checkpoint.origin + ", Wurzel " + root + "\n";
  if (!a.has("entries-only")) {
    text += std::to_string(report->bodies) + " Texte stimmen mit ihren Einträgen überein, " +
            std::to_string(report->absent) + " sind ersetzt, zurückgezogen oder gelöscht.\n";
  }
  if (!a.has("key")) {
    text += "Der Schlüssel stammt aus dem Log selbst. Vergleichen Sie ihn auf anderem Weg und geben Sie ihn mit --key "
            "an:\n  " + key->to_text() + "\n";
  }
  print(s.out, text);
  return {};
}

Result<void> log_verify(const Surroundings& s, const NetworkParts& parts, const Arguments& a) {
  const std::string& where = a.words[0];
  if (where.starts_with("http://") || where.starts_with("https://")) {
    auto source = network::HttpLogSource::at(where, {.busy_time = network::command_patience});
    if (!source) return pass(source);
    return verify_from(s, *source, a);
  }
  std::error_code error;
  if (fs::exists(where + "/network/log/checkpoint", error) || fs::exists(where + "/network/log.key", error)) {
    Arguments node;
    node.options["data"] = where;
    auto database = s.open(node);
    if (!database) return pass(database);
    if (auto taken = take_shared(s, node, **database, where); !taken) return taken;
    const auto outbox = parts.outbox(**database);
    network::OwnLog log(where, *outbox);
    return verify_from(s, log, a);
  }
  if (!fs::exists(where + "/checkpoint", error)) {
    return fail(ErrorCode::not_found, "there is no log", where,
                "name an address (http://...), an export or the data folder of a node");
  }
  network::FolderLogSource source(where);
  return verify_from(s, source, a);
}

}  // namespace

void add_network_commands(command::Program& program, const Surroundings& s, const NetworkParts& parts) {
  const auto add = [&](command::Command command, auto work) {
    command.options.push_back(json_option);
    command.run = [s, parts, work](const Arguments& arguments) {
      return with_store(s, arguments,
                        [&](store::Database& database) { return work(s, parts, database, arguments); });
    };
    program.add(std::move(command));
  };
  add({.path = {"node", "init"}, .operands = "", .least_words = 0, .most_words = 0,
       .summary = "Schlüssel und Log des Knotens anlegen",
       .explanation = "Legt den geheimen Schlüssel an (nur für den Eigentümer lesbar) und veröffentlicht, was das\n"
                      "Verzeichnis enthält. Was schon da ist, bleibt. Der Dienst tut beim ersten Start dasselbe.\n\n"
                      "Beispiel: verbund node init --name stadt.example/network/log",
       .options = {{"name", "NAME", "Name des Logs, am besten seine Adresse", "network.name der Einstellungen", false},
                   {"operator", "", "auch ein Netz betreiben: das Mitgliederlog mit eigenem Schlüssel anlegen", "",
                    false},
                   {"title", "NAME", "Name des Netzes (mit --operator)", "Netz von ADRESSE", false},
                   {"quorum", "N", "so viele Zeugen müssen jeden Kontrollpunkt bestätigen (mit --operator)", "0",
                    false}},
       .run = {}}, &node_init);
  add({.path = {"node", "status"}, .operands = "", .least_words = 0, .most_words = 0,
       .summary = "Was dieser Knoten veröffentlicht hat und was noch aussteht",
       .explanation = "Beispiel: verbund node status --json", .options = {}, .run = {}}, &node_status);
  add({.path = {"node", "rotate-key"}, .operands = "", .least_words = 0, .most_words = 0,
       .summary = "Dem Log einen neuen Schlüssel geben, mit unterschriebener Übergabe",
       .explanation = "Der alte und der neue Schlüssel unterschreiben die Übergabe. Wer dem Log folgt, kennt den neuen\n"
                      "Schlüssel danach von selbst. Der alte geheime Schlüssel wird gelöscht.\n\n"
                      "Beispiel: verbund node rotate-key",
       .options = {{"members", "", "den Schlüssel des Mitgliederlogs (nur der Betreiber eines Netzes)", "", false}},
       .run = {}}, &rotate_key);
  add({.path = {"log", "export"}, .operands = "ORDNER", .least_words = 1, .most_words = 1,
       .summary = "Das Log als Dateien schreiben, die jeder Webserver ausliefern kann",
       .explanation = "Schreibt nur, was noch nicht da ist, den Kontrollpunkt zuletzt.\n\n"
                      "Beispiel: verbund log export /srv/www/network/log", .options = {}, .run = {}}, &log_export);
  program.add({.path = {"log", "verify"}, .operands = "ADRESSE|ORDNER", .least_words = 1, .most_words = 1,
               .summary = "Ein Log ganz prüfen: Unterschrift, Einträge, Baum, Texte",
               .explanation = "Liest das Log eines Knotens über HTTP, einen Export oder einen Datenordner.\n"
                              "Das Protokoll: docs/protocols/network.md.\n\n"
                              "Beispiel: verbund log verify http://localhost:8080 --key log.vkey",
               .options = {{"key", "SCHLÜSSEL", "öffentlicher Schlüssel oder eine Datei mit ihm", "der im Log genannte",
                            false},
                           {"entries-only", "", "die Texte nicht prüfen", "", false}, json_option},
               .run = [s, parts](const Arguments& arguments) {
                 try {
                   const auto done = log_verify(s, parts, arguments);
                   return done ? 0 : command::report(s.err, "verbund", done.error());
                 } catch (const store::Failure& failure) {
                   return command::report(s.err, "verbund",
                                          {ErrorCode::unavailable, failure.what(), arguments.words[0], ""});
                 }
               }});
}

}  // namespace verbund::cli
