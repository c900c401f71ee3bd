// SPDX-License-Identifier: EUPL-1.2
#include "app/installation.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "kits/http/host.h"

namespace verbund::app {
namespace {

constexpr std::size_t most_hosts = 64;       // of one tenant

// What stands once for the whole process, or is each tenant's own.
bool is_of_process(std::string_view key) {
  return key.starts_with("http.") || key.starts_with("log.") || key.starts_with("operator.");
}

constexpr std::array own_keys = {"adapter.sources", "found.indexnow_key", "look.base_url", "look.place",
                                 "network.key_label", "network.name"};

bool is_own(std::string_view key) { return std::ranges::find(own_keys, key) != own_keys.end(); }

Result<std::vector<std::string>> read_hosts(const std::string& name, const std::string& text) {
  std::vector<std::string> out;
  const std::string where = "tenant." + name + ".host";
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    const std::string host = http::host_name(word);
    if (host.empty()) {
      return fail(ErrorCode::usage, "no host name: " + std::string(cut_utf8(word, 80)), where,
                  "write stadt.example, without http:// and path, several with spaces");
    }
    if (std::ranges::find(out, host) == out.end()) out.push_back(host);
  }
  if (out.size() > most_hosts) return fail(ErrorCode::usage, "more than 64 host names", where);
  return out;
}

// Of a database for all: each tenant has a schema of its own in it.
Result<std::string> store_of(const std::string& name, const settings::Settings& tenant, const std::string& of_all) {
  std::string store = tenant.text("store");
  if (!store::is_server(store) || store != of_all || store.contains("{node}")) return store;
  if (store.contains("options=")) {
    return fail(ErrorCode::usage, "the store would be the same for all tenants", "store",
                "write {node} where the name of the schema stands: options=-csearch_path%3D{node}");
  }
  std::string schema = "tenant_" + name;
  std::ranges::replace(schema, '-', '_');
  return store + (store.contains('?') ? "&" : "?") + "options=-csearch_path%3D" + schema;
}

std::map<std::string, std::string> environment_of_process() {
  std::map<std::string, std::string> out;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view entry = *variable;
    const std::size_t equals = entry.find('=');
    if (!entry.starts_with("VERBUND_") || equals == std::string_view::npos) continue;
    if (entry.substr(0, equals) != "VERBUND_TENANT") out.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return out;
}

// Commands that are about no node, or about all of an installation.
bool needs_no_tenant(const std::vector<std::string>& path) {
  static const std::set<std::vector<std::string>> words = {
      {"serve"}, {"demo"}, {"settings"}, {"verify"}, {"log", "verify"}};
  return path.front() == "tenant" || words.contains(path);
}

}  // namespace

std::string tenant_folder(const std::string& folder, std::string_view name) {
  return (std::filesystem::path(folder) / "tenants" / name).string();
}

std::string named_tenant(const command::Arguments& arguments) {
  if (arguments.has("tenant")) return arguments.get("tenant");
  const char* const variable = std::getenv("VERBUND_TENANT");
  return variable == nullptr ? "" : variable;
}

settings::Group tenant_group() {
  using enum settings::Definition::Type;
  settings::Group out{"tenant", {}, {}};
  for (settings::Definition& definition : setting_definitions()) {
    if (is_of_process(definition.key)) continue;
    if (is_own(definition.key)) out.own.push_back(std::move(definition));
    else out.may_differ.push_back(definition.key);
  }
  out.own.push_back({"host", text, "", "Rechnernamen, unter denen er antwortet", 0, 0});
  return out;
}

Result<Installation> load_installation(const command::Arguments& arguments) {
  Installation out;
  out.folder = arguments.get("data", "verbund-data");
  out.file = settings_file(arguments);
  std::map<std::string, std::string> flags;
  for (const auto& [flag, key] : {std::pair{"port", "http.port"}, {"address", "http.address"}}) {
    if (arguments.has(flag)) flags[key] = arguments.get(flag);
  }
  auto loaded = settings::Settings::load_several(setting_definitions(), tenant_group(), out.file,
                                                 environment_of_process(), flags);
  if (!loaded) return pass(loaded);
  out.settings = std::move(loaded->all);
  std::map<std::string, std::string> hosts, stores, logs;   // to the name of the tenant
  const auto once = [](auto& seen, const std::string& what, const std::string& name, const char* kind) -> Result<void> {
    const auto [place, added] = seen.emplace(what, name);
    if (added || place->second == name) return {};
    return fail(ErrorCode::usage, std::string(kind) + " " + store::shown(what) + " is that of two tenants",
                "tenant." + place->second + ", tenant." + name, "each has its own");
  };
  for (auto& [name, settings] : loaded->each) {
    TenantSettings tenant{{}, tenant_folder(out.folder, name), std::move(settings)};
    auto named = read_hosts(name, tenant.settings.text("host"));
    if (!named) return pass(named);
    tenant.hosts = std::move(*named);
    auto store = store_of(name, tenant.settings, out.settings.text("store"));
    if (!store) return pass(store);
    tenant.settings.set("store", *store);
    // A log that is made is called by the host, a key in a token by the name: not alike for two.
    if (tenant.settings.text("network.name").empty() && tenant.settings.text("look.base_url").empty()) {
      const std::string host = tenant.hosts.empty() ? name + ".invalid" : tenant.hosts[0];
      tenant.settings.set("network.name", host + "/network/log");
    }
    if (tenant.settings.text("network.key_label") == "verbund-log") {
      tenant.settings.set("network.key_label", "verbund-log-" + name);
    }
    for (const std::string& host : tenant.hosts)
      if (auto one = once(hosts, host, name, "the host"); !one) return pass(one);
    if (auto one = once(stores, store_place(tenant.folder, tenant.settings), name, "the store"); !one) return pass(one);
    if (auto one = once(logs, log_name(tenant.settings), name, "the log"); !one) return pass(one);
    out.tenants.emplace(name, std::move(tenant));
  }
  return out;
}

NodeShare share_among(std::size_t tenants) {
  NodeShare out;
  if (tenants <= 1) return out;
  // Together what one node would take, or a few times as much, with a least that each needs.
  const auto part = [tenants](std::size_t all, std::size_t least, std::size_t most) {
    return std::clamp(all / tenants, least, most);
  };
  out.look_every = std::chrono::milliseconds(std::clamp<std::size_t>(tenants, 5, 250));
  out.page_bytes = part(96u << 20, 256u << 10, out.page_bytes);
  out.compressed_bytes = part(64u << 20, 128u << 10, out.compressed_bytes);
  out.clients = part(262'144, 1'024, out.clients);
  out.followers = part(128, 2, out.followers);
  out.readers = 2;
  out.cache_kib = static_cast<std::int64_t>(part(128 * 1024, 512, 8 * 1024));
  out.connections = store::shared_connections({.readers = 8, .writers = 4});
  out.writer_cache_kib = static_cast<std::int64_t>(part(256 * 1024, 2'048, 64 * 1024));
  return out;
}

std::string saved_settings_file(const command::Arguments& arguments) {
  return named_tenant(arguments).empty() ? settings_file(arguments) : std::string();
}

Result<void> check_tenant(const std::vector<std::string>& path, const command::Arguments& arguments) {
  const std::string name = named_tenant(arguments);
  const char* const list = "verbund tenant list names them";
  if (!name.empty() && !settings::is_section_name(name)) {
    return fail(ErrorCode::usage, "no name of a tenant: " + std::string(cut_utf8(name, 80)), "--tenant", list);
  }
  if (name.empty() && needs_no_tenant(path)) return {};
  std::error_code error;
  if (name.empty() && !std::filesystem::exists(settings_file(arguments), error)) return {};
  auto all = load_installation(arguments);
  if (!all) return name.empty() ? Result<void>() : pass(all);   // a command that needs the settings says what is wrong
  if (name.empty() && !all->tenants.empty()) {
    return fail(ErrorCode::usage, "this installation carries tenants", all->file,
                "say which: --tenant NAME; " + std::string(list));
  }
  if (!name.empty() && !all->tenants.contains(name)) {
    return fail(ErrorCode::not_found, "no tenant is called " + name, all->file, list);
  }
  return {};
}

}  // namespace verbund::app
