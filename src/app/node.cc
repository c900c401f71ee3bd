// SPDX-License-Identifier: EUPL-1.2
#include "app/node.h"

#include <filesystem>

#include "app/demo/demo.h"
#include "app/installation.h"
#include "base/text.h"
#include "commons/incidents/incident_store.h"
#include "commons/voice/feedback_store.h"
#include "directory/learning/search_count_store.h"
#include "directory/objects/object_store.h"
#include "kits/crypto/digest.h"
#include "kits/file/file.h"
#include "network/following/followed_store.h"
#include "network/register/register_store.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::app {
namespace {

constexpr std::size_t settings_limit = 1u << 20;

}  // namespace

std::vector<settings::Definition> setting_definitions() {
  using enum settings::Definition::Type;
  return {
      {"store", text, "",
       "Datenbank: leer für node.sqlite im Datenordner, oder die Adresse einer PostgreSQL-Datenbank "
       "(postgresql://nutzer@host1,host2/name?sslmode=verify-full); {node} darin ist der Name des Datenordners. Das "
       "Kennwort besser in ~/.pgpass", 0, 0},
      {"http.address", text, "127.0.0.1",
       "Adresse, auf der der Knoten antwortet; 0.0.0.0 oder :: für alle, dann nur hinter einem Proxy mit TLS", 0, 0},
      {"http.port", number, "8080", "Port; 0 nimmt einen freien", 0, 65535},
      {"http.threads", number, "0", "Fäden für Ein- und Ausgabe; 0: einer je Rechenkern, höchstens 8", 0, 64},
      {"http.workers", number, "2", "Fäden, die Anfragen bearbeiten", 1, 64},
      {"http.connections", number, "1024", "gleichzeitige Verbindungen; weitere werden abgewiesen", 1, 100000},
      {"http.queue", number, "256", "Anfragen, die auf einen Arbeiter warten; weitere bekommen 503 mit Retry-After", 1, 100000},
      {"http.queue_ms", number, "150", "wie lange eine von ihnen höchstens wartet, in Millisekunden", 1, 60000},
      {"http.drain_seconds", number, "0",
       "so lange antwortet der Knoten nach SIGTERM noch, während /health/ready 503 sagt: ein Lastverteiler schickt "
       "dann niemanden mehr", 0, 300},
      {"operator.address", text, "127.0.0.1",
       "mit Mandanten: Adresse, auf der Zustand und Zahlen aller stehen (/health, /metrics); nicht nach außen", 0, 0},
      {"operator.port", number, "0", "Port dazu; 0: keiner", 0, 65535},
      {"interfaces.requests_per_minute", number, "6000",
       "so viele Anfragen je Minute nehmen die Schnittstellen von einer Adresse an (bei IPv6: von einem "
       "/64-Netz); darüber "
       "Antwort 429. Adressen werden dafür nicht gespeichert. 0: keine Grenze", 0, 60'000'000},
      {"interfaces.client_header", text, "",
       "hinter einem Proxy: Kopfzeile, in der er die Adresse des Anfragenden nennt (x-forwarded-for); nur "
       "setzen, wenn der "
       "Proxy sie immer schreibt. Leer: Adresse der Verbindung, und für den eigenen Rechner keine Grenze", 0, 0},
      {"interfaces.any_origin", flag, "true", "Skripte jeder Webseite dürfen die Schnittstellen lesen (CORS)", 0, 0},
      {"learning.searches", flag, "true",
       "Suchwörter zählen, damit die Redaktion sieht, was nichts findet: ohne Person, Ort und Uhrzeit, ab fünf "
       "Suchen am Tag", 0, 0},
      {"learning.keep_days", number, "400", "so viele Tage bleiben diese Zahlen", 1, 3650},
      {"voice.keep_feedback_days", number, "180", "so viele Tage bleiben Rückmeldungen zu Seiten", 1, 3650},
      {"voice.keep_report_days", number, "180",
       "so viele Tage nach dem Eingang wird eine gemeldete Barriere gelöscht", 30, 3650},
      {"found.indexnow", text, "",
       "Adresse einer Suchmaschine, der geänderte Seiten gemeldet werden (IndexNow); leer: nichts wird gemeldet", 0, 0},
      {"found.indexnow_key", text, "",
       "der Schlüssel dazu, 8 bis 128 Zeichen; der Knoten zeigt ihn unter /SCHLÜSSEL.txt", 0, 0},
      {"log.level", text, "info", "kleinste Stufe: debug, info, warning oder error", 0, 0},
      {"log.format", text, "text", "eine Zeile je Ereignis als text oder json", 0, 0},
      {"network.key_label", text, "verbund-log", "Name des Schlüssels im Token", 0, 0},
      {"network.key_module", text, "",
       "PKCS#11-Modul (/usr/lib/softhsm/libsofthsm2.so), wenn der Schlüssel des Logs in einem Token liegt; leer: in "
       "network/log.key. Gilt für ein neues Log", 0, 0},
      {"network.key_pin_file", text, "", "Datei mit der PIN des Tokens, nur für den Eigentümer lesbar", 0, 0},
      {"network.key_token", text, "", "Name des Tokens", 0, 0},
      {"network.name", text, "",
       "Name des Logs, wenn es angelegt wird, am besten seine Adresse (stadt.example/network/log); leer: aus "
       "look.base_url, sonst zufällig. Ein bestehendes Log behält seinen Namen", 0, 0},
      {"network.operator", text, "",
       "Adresse des Knotens, der das Netz betreibt (http://...); leer: wie bei `verbund node join` genannt", 0, 0},
      {"network.operator_key", text, "",
       "öffentlicher Schlüssel seines Mitgliederlogs; nur zusammen mit network.operator", 0, 0},
      {"adapter.sources", text, "",
       "XZuFi-Bestände, die dieser Knoten abholt und veröffentlicht: Ordner oder Adressen (http://...) mit "
       "index.txt, getrennt durch "
       "Leerzeichen", 0, 0},
      {"adapter.minutes", number, "60", "so oft sieht er nach", 1, 10080},
      {"network.compare_seconds", number, "60",
       "so oft wird für jedes Log bei einer weiteren Adresse nachgefragt, ob dort mehr steht als dort, woher "
       "es kommt", 1, 86400},
      {"network.follow", text, "all",
       "wem der Knoten in seinem Netz folgt: all, none oder eine Liste aus Regionalschlüsseln (01), "
       "Herausgebern und Namen "
       "von Mitgliedern, durch Kommas getrennt", 0, 0},
      {"network.cross_check_seconds", number, "10",
       "so oft fragt der Knoten ein anderes Mitglied, ob es von allen Logs dieselbe Fassung hat", 1, 3600},
      {"network.hub", text, "",
       "Adressen von Knoten (http://land.example), von denen alle Logs geholt werden, getrennt durch "
       "Leerzeichen; ihre "
       "Herausgeber werden gefragt, wenn keiner davon eines gibt. Leer: immer die Herausgeber", 0, 0},
      {"look.name", text, "Verbund", "Name des Portals im Kopf jeder Seite", 0, 0},
      {"look.base_url", text, "",
       "öffentliche Adresse ohne Schrägstrich am Ende (https://portal.example); leer: keine kanonischen "
       "Adressen", 0, 0},
      {"look.place", text, "",
       "Ort, zu dem dieses Portal gehört (Name oder Schlüssel): füllt „Wo?“ vor; in den Sitemaps stehen nur er "
       "und was in ihm liegt", 0, 0},
      {"look.embed_from", text, "*",
       "Webseiten, die Seiten des Portals in einem Rahmen zeigen dürfen (https://www.stadt.example), mehrere durch "
       "Leerzeichen; *: alle; leer: keine", 0, 0},
      {"look.service_line", flag, "true", "Ansicht für die Servicenummer unter /115", 0, 0},
      {"look.operator_name", text, "", "Betreiber für das Impressum", 0, 0},
      {"look.operator_address", text, "", "Anschrift für das Impressum, Zeilen getrennt durch \\n", 0, 0},
      {"look.operator_email", text, "", "E-Mail für das Impressum", 0, 0},
      {"look.enforcement_body", text, "", "Durchsetzungsstelle für die Erklärung zur Barrierefreiheit, Zeilen getrennt durch \\n", 0, 0},
      {"look.privacy_contact", text, "", "Datenschutzbeauftragte und Aufsicht für die Datenschutzerklärung, Zeilen getrennt durch \\n", 0, 0},
  };
}

std::string index_folder(const std::string& data_folder) {
  return (std::filesystem::path(data_folder) / "index").string();
}

std::string data_folder(const command::Arguments& arguments) {
  const std::string all = arguments.get("data", "verbund-data");
  const std::string tenant = named_tenant(arguments);
  return tenant.empty() ? all : tenant_folder(all, tenant);
}

std::string settings_file(const command::Arguments& arguments) {
  std::string file = arguments.get("config");
  if (!file.empty()) return file;
  const std::filesystem::path usual = std::filesystem::path(arguments.get("data", "verbund-data")) / "verbund.toml";
  std::error_code error;
  return std::filesystem::exists(usual, error) ? usual.string() : std::string();
}

Result<std::string> store_location(const command::Arguments& arguments) {
  auto settings = load_settings(arguments);
  if (!settings) return pass(settings);
  return store_place(data_folder(arguments), *settings);
}

Result<bool> use_own_file(const std::string& folder) {
  const std::string path = folder + "/verbund.toml";
  auto text = file::read(path, settings_limit);
  if (!text && text.error().code == ErrorCode::not_found) return false;
  if (!text) return pass(text);
  std::string out;
  bool found = false;
  bool top = true;                 // before the first [section]
  for (const std::string_view line : split(*text, '\n')) {
    const std::string_view word = trim(line);
    if (word.starts_with('[')) top = false;
    const bool names = top && word.starts_with("store") && trim(word.substr(5)).starts_with('=');
    found = found || names;
    out += (names ? "# " : "") + std::string(line) + "\n";
  }
  out.pop_back();
  if (!found) return false;
  if (auto written = file::write(path, out, file::for_owner); !written) return pass(written);
  return true;
}

Result<settings::Settings> load_settings(const command::Arguments& arguments) {
  auto all = load_installation(arguments);
  if (!all) return pass(all);
  const std::string name = named_tenant(arguments);
  if (name.empty()) return std::move(all->settings);
  const auto tenant = all->tenants.find(name);
  if (tenant == all->tenants.end()) return fail(ErrorCode::not_found, "no tenant is called " + name, all->file);
  return std::move(tenant->second.settings);
}

std::string log_name(const settings::Settings& settings) {
  if (std::string name = settings.text("network.name"); !name.empty()) return name;
  std::string host = settings.text("look.base_url");
  if (const std::size_t scheme = host.find("://"); scheme != std::string::npos) host.erase(0, scheme + 3);
  if (host.empty()) host = "verbund-" + crypto::random_hex(6) + ".invalid";
  return host + "/network/log";
}

Result<void> enter_home(const settings::Settings& settings, store::Database& database) {
  const network::Home home{settings.text("network.operator"), settings.text("network.operator_key")};
  if (home.address.empty() && home.key.empty()) return {};
  if (home.address.empty() || home.key.empty()) {
    return fail(ErrorCode::usage, "network.operator and network.operator_key belong together", "settings",
                "name both or none");
  }
  if (const auto key = tlog::VerifierKey::parse(home.key); !key) {
    return fail(ErrorCode::usage, key.error().message, "settings key network.operator_key");
  }
  return database.write([&](store::Connection& connection) -> Result<void> {
    network::RegisterStore members(connection);
    if (members.home() != home) members.set_home(home);
    return {};
  });
}

std::vector<store::Migration> node_migrations() {
  auto out = directory::directory_migrations();
  for (auto& step : directory::learning_migrations()) out.push_back(std::move(step));
  for (auto& step : commons::voice_migrations()) out.push_back(std::move(step));
  for (auto& step : commons::incident_migrations()) out.push_back(std::move(step));
  for (auto& step : network::following_migrations()) out.push_back(std::move(step));
  for (auto& step : network::register_migrations()) out.push_back(std::move(step));
  for (auto& step : network::sharing_migrations()) out.push_back(std::move(step));
  return out;
}

namespace {

// The last part of the path of a data folder, as the name of a schema may be written.
std::string node_word(const std::string& folder) {
  std::filesystem::path path = std::filesystem::absolute(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  std::string out = to_lower_ascii(path.filename().string());
  for (char& c : out)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) c = '_';
  return out;
}

// "postgresql://host/name?a=b&options=-csearch_path%3Dstadt" -> what stands before and behind it, and "stadt"; an address
// without it as it is, and "".
std::pair<std::string, std::string> without_schema(const std::string& address) {
  static constexpr std::string_view parameter = "options=-csearch_path%3D";
  const std::size_t begin = address.find(parameter);
  if (begin == address.npos || begin == 0) return {address, ""};
  const std::size_t end = std::min(address.find('&', begin), address.size());
  const std::string schema = address.substr(begin + parameter.size(), end - begin - parameter.size());
  if (schema.empty() || schema.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != schema.npos) {
    return {address, ""};
  }
  std::string rest = address.substr(0, begin);
  if (end < address.size()) rest += address.substr(end + 1);
  else rest.pop_back();      // "?" or "&"
  return {rest, schema};
}

Result<std::unique_ptr<store::Database>> open_with(store::Options options, const Clock& clock) {
  auto database = store::Database::open(options, node_migrations());
  if (!database) return pass(database);
  if (auto loaded = load_geography(**database, clock); !loaded) return pass(loaded);
  return database;
}

}  // namespace

std::string store_place(const std::string& folder, const settings::Settings& settings) {
  std::string out = settings.text("store");
  if (out.empty()) return (std::filesystem::path(folder) / "node.sqlite").string();
  for (std::size_t at = out.find("{node}"); at != out.npos; at = out.find("{node}")) out.replace(at, 6, node_word(folder));
  return out;
}

Result<std::unique_ptr<store::Database>> open_store(const std::string& folder, const settings::Settings& settings,
                                                    const Clock& clock, const NodeShare& share) {
  store::Options options;
  options.path = store_place(folder, settings);
  if (share.connections && store::is_server(options.path)) {
    // What differs between nodes of one database is the schema: the rest of the address is the same for all.
    if (auto [path, schema] = without_schema(options.path); !schema.empty()) {
      options.path = std::move(path);
      options.schema = std::move(schema);
      options.connections = share.connections;
    }
  }
  options.readers = share.readers;
  options.cache_kib = share.cache_kib;
  options.writer_cache_kib = share.writer_cache_kib;
  return open_with(std::move(options), clock);
}

Result<std::unique_ptr<store::Database>> open_store(const std::string& folder, const Clock& clock) {
  return open_store_at((std::filesystem::path(folder) / "node.sqlite").string(), clock);
}

Result<std::unique_ptr<store::Database>> open_store_at(const std::string& location, const Clock& clock) {
  store::Options options;
  options.path = location;
  return open_with(std::move(options), clock);
}

}  // namespace verbund::app
