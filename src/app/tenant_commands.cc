// SPDX-License-Identifier: EUPL-1.2
#include "app/tenant_commands.h"

#include <filesystem>
#include <string>
#include <utility>

#include "app/installation.h"
#include "app/own_key.h"
#include "base/text.h"
#include "kits/file/file.h"
#include "kits/json/json.h"

namespace verbund::app {
namespace {

namespace fs = std::filesystem;
using command::Arguments;

constexpr std::size_t settings_limit = 1u << 20;
constexpr const char* take_over =
    "Ein laufender Dienst übernimmt es mit SIGHUP (systemctl reload verbund), sonst beim nächsten Start.\n";

void print(std::FILE* out, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), out);
  std::fflush(out);
}

std::string toml_text(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// Replaces the file of settings by `text`, if an installation can be read from it. Errors: those of reading it.
Result<Installation> settle(const Arguments& arguments, const std::string& file, const std::string& text) {
  const std::string trial = file + ".unfertig";
  if (auto written = file::write(trial, text, file::for_owner); !written) return pass(written);
  Arguments with_trial = arguments;
  with_trial.options["config"] = trial;
  auto read = load_installation(with_trial);
  std::error_code error;
  fs::remove(trial, error);
  if (!read) return pass(read);
  read->file = file;
  return read;
}

std::string file_of(const Installation& all) {
  return all.file.empty() ? (fs::path(all.folder) / "verbund.toml").string() : all.file;
}

Result<std::string> text_of(const std::string& file) {
  auto text = file::read(file, settings_limit);
  if (!text && text.error().code == ErrorCode::not_found) return std::string();
  return text;
}

Result<void> list(const Arguments& arguments, std::FILE* out) {
  auto all = load_installation(arguments);
  if (!all) return pass(all);
  Json document = Json(Json::Array{});
  std::string text;
  for (const auto& [name, tenant] : all->tenants) {
    const std::string store = store::shown(store_place(tenant.folder, tenant.settings));
    const std::string log = own_log_name(tenant.folder).value_or("");
    document.push(Json::object({{"name", name}, {"host", joined(tenant.hosts)}, {"folder", tenant.folder},
                                {"store", store}, {"log", log}}));
    text += name + "\n  Rechnernamen: " + (tenant.hosts.empty() ? "keine" : joined(tenant.hosts)) + "\n  Bestand: " + store +
            "\n  Log: " + (log.empty() ? "noch keines" : log) + "\n";
  }
  if (arguments.has("json")) print(out, document.to_canonical() + "\n");
  else print(out, text.empty() ? "Keine Mandanten: dies ist ein einzelner Knoten.\n" : text);
  return {};
}

Result<void> add(const Arguments& arguments, const Clock& clock, std::FILE* out) {
  const std::string& name = arguments.words[0];
  if (!settings::is_section_name(name)) {
    return fail(ErrorCode::usage, "no name of a tenant: " + std::string(cut_utf8(name, 80)), "",
                "a to z, 0 to 9 and -, at most 40");
  }
  auto before = load_installation(arguments);
  if (!before) return pass(before);
  const std::string file = file_of(*before);
  if (before->tenants.contains(name)) return fail(ErrorCode::conflict, "there is a tenant called " + name, file);
  std::error_code error;
  if (before->tenants.empty() && fs::exists(fs::path(before->folder) / "node.sqlite", error)) {
    return fail(ErrorCode::conflict, "there is one node in this folder", before->folder,
                "an installation of tenants begins in a folder of its own; then `verbund backup` there, `verbund restore` here");
  }
  auto text = text_of(file);
  if (!text) return pass(text);
  std::string section = (text->empty() || text->ends_with('\n') ? "" : "\n") + std::string(text->empty() ? "" : "\n") +
                        "[tenant." + name + "]\nhost = " + toml_text(arguments.get("host")) + "\n";
  if (arguments.has("name")) section += "look.name = " + toml_text(arguments.get("name")) + "\n";
  if (arguments.has("place")) section += "look.place = " + toml_text(arguments.get("place")) + "\n";
  auto after = settle(arguments, file, *text + section);
  if (!after) return pass(after);
  const TenantSettings& tenant = after->tenants.at(name);
  if (tenant.hosts.empty()) return fail(ErrorCode::usage, "no host name", "--host", "write --host stadt.example");
  const bool there = fs::exists(tenant.folder, error);
  if (there && !arguments.has("with-data")) {
    return fail(ErrorCode::conflict, "there is data of a tenant of this name", tenant.folder,
                "take it over with --with-data, or put the folder aside");
  }
  std::string key;
  if (!arguments.has("empty")) {
    auto database = open_store(tenant.folder, tenant.settings, clock);
    if (!database) return pass(database);
    auto signer = own_signer(tenant.folder, tenant.settings, log_name(tenant.settings));
    if (!signer) return pass(signer);
    key = signer->key.to_text();
  }
  if (auto written = file::write(file, *text + section, file::for_owner); !written) return pass(written);
  print(out, "Mandant " + name + " für " + joined(tenant.hosts) + " eingetragen in " + file + "\n" +
                 (key.empty() ? "Noch ohne Daten: verbund restore SICHERUNG --tenant " + name + "\n"
                              : "Daten: " + tenant.folder + "\nÖffentlicher Schlüssel des Logs: " + key + "\n") +
                 take_over);
  return {};
}

// Without the sections of the tenant; all else stays as it is, comments too.
std::string without(std::string_view text, const std::string& name) {
  std::string out;
  bool its = false;
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view word = trim(line);
    if (word.starts_with('[')) {
      const std::string_view header = trim(word.substr(1, word.find(']') - 1));
      its = header == "tenant." + name || header.starts_with("tenant." + name + ".");
    }
    if (!its) out.append(line).append("\n");
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

Result<void> remove(const Arguments& arguments, std::FILE* out) {
  const std::string& name = arguments.words[0];
  auto before = load_installation(arguments);
  if (!before) return pass(before);
  const auto found = before->tenants.find(name);
  if (found == before->tenants.end()) {
    return fail(ErrorCode::not_found, "no tenant is called " + name, before->file, "verbund tenant list names them");
  }
  if (!arguments.has("confirm")) {
    return fail(ErrorCode::usage, "its host names would answer no more: " + joined(found->second.hosts), name,
                "say --confirm; its data stay, `verbund backup --tenant` saves them elsewhere");
  }
  auto text = text_of(before->file);
  if (!text) return pass(text);
  const std::string rest = without(*text, name);
  auto after = settle(arguments, before->file, rest);
  if (!after) return pass(after);
  if (after->tenants.contains(name) || after->tenants.size() + 1 != before->tenants.size()) {
    return fail(ErrorCode::conflict, "its settings are not in sections [tenant." + name + "]", before->file,
                "take them out by hand");
  }
  if (auto written = file::write(before->file, rest, file::for_owner); !written) return pass(written);
  print(out, "Mandant " + name + " ist aus " + before->file + " genommen; seine Daten bleiben, mit dem Schlüssel seines Logs:\n  " +
                 found->second.folder + "\n  " + store::shown(store_place(found->second.folder, found->second.settings)) +
                 "\n" + take_over);
  return {};
}

template <typename Work>
command::Command tenant_command(std::string word, std::FILE* err, Work work) {
  command::Command out;
  out.path = {"tenant", std::move(word)};
  out.run = [err, work](const Arguments& arguments) {
    try {
      const Result<void> done = work(arguments);
      return done ? 0 : command::report(err, "verbund", done.error());
    } catch (const store::Failure& failure) {
      return command::report(err, "verbund", {ErrorCode::unavailable, failure.what(), "", "check free space and access"});
    }
  };
  return out;
}

}  // namespace

void add_tenant_commands(command::Program& program, const Clock& clock, std::FILE* out, std::FILE* err) {
  command::Command listing =
      tenant_command("list", err, [out](const Arguments& arguments) { return list(arguments, out); });
  listing.summary = "Die Mandanten einer Installation nennen";
  listing.explanation = "Ein Mandant ist ein Knoten für sich - Bestand, Schlüssel, Log, Aussehen, Rechnernamen -, von denen ein\n"
                        "Prozess viele trägt. Jeder andere Befehl arbeitet mit --tenant NAME an einem davon.\n\n"
                        "Beispiel: verbund tenant list --data /var/lib/verbund";
  listing.options = {{"json", "", "als JSON", "", false}};
  program.add(std::move(listing));

  command::Command adding =
      tenant_command("add", err, [&clock, out](const Arguments& arguments) { return add(arguments, clock, out); });
  adding.operands = "NAME";
  adding.least_words = adding.most_words = 1;
  adding.summary = "Einen Mandanten anlegen";
  adding.explanation = "Schreibt [tenant.NAME] in die Einstellungsdatei und legt Bestand, Schlüssel und Ordner an\n"
                       "(DATEN/tenants/NAME; mit PostgreSQL ein Schema tenant_NAME). Ein Rechnername gehört nur einem.\n"
                       "Weiteres steht danach in der Datei: alle Einstellungen außer http, log und operator.\n\n"
                       "Beispiel: verbund tenant add norderstedt --host service.norderstedt.example --name \"Stadt Norderstedt\" \\\n"
                       "            --place 010600063063 --data /var/lib/verbund";
  adding.options = {{"host", "NAMEN", "Rechnernamen, mehrere in Anführungszeichen mit Leerzeichen", "", true},
                    {"name", "TITEL", "Name des Portals", "", false},
                    {"place", "ORT", "Ort, zu dem das Portal gehört", "", false},
                    {"empty", "", "nur eintragen; die Daten kommen danach mit `verbund restore`", "", false},
                    {"with-data", "", "Daten übernehmen, die unter diesem Namen schon da sind", "", false}};
  program.add(std::move(adding));

  command::Command removing =
      tenant_command("remove", err, [out](const Arguments& arguments) { return remove(arguments, out); });
  removing.operands = "NAME";
  removing.least_words = removing.most_words = 1;
  removing.summary = "Einen Mandanten nicht mehr anbieten";
  removing.explanation = "Nimmt [tenant.NAME] aus der Einstellungsdatei. Gelöscht wird nichts: Ordner und Bestand bleiben, und\n"
                         "`verbund tenant add NAME --with-data` holt ihn zurück.\n\n"
                         "Beispiel: verbund backup /srv/sicherung --tenant altstadt --data /var/lib/verbund\n"
                         "          verbund tenant remove altstadt --confirm --data /var/lib/verbund";
  removing.options = {{"confirm", "", "ja, seine Rechnernamen sollen nicht mehr antworten", "", false}};
  program.add(std::move(removing));
}

}  // namespace verbund::app
