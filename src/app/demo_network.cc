// SPDX-License-Identifier: EUPL-1.2
#include "app/demo_network.h"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/demo/demo.h"
#include "app/node.h"
#include "app/passing_folder.h"
#include "app/running_node.h"
#include "app/witnessing.h"
#include "base/text.h"
#include "network/log/own_log.h"
#include "network/register/register_store.h"

namespace verbund::app {
namespace {

namespace fs = std::filesystem;
using network::Member;

struct Party {
  const char* folder;            // below the data folder; also its catalogue (data/demo/<folder>.json)
  const char* title;
  network::Mandate mandate;
  const char* place;             // of its portal
};

// Source: data/demo/README.md. The agencies are those of the catalogues.
const std::vector<Party>& parties() {
  static const std::vector<Party> all = {
      {"norderstedt", "Stadt Norderstedt",
       {{"demo-norderstedt"}, {}, {"010600063063"}, {"municipality"}}, "010600063063"},
      {"schleswig-holstein", "Land Schleswig-Holstein",
       {{"demo-sh"}, {}, {"01"}, {"association", "district", "municipality", "state"}}, ""},
      // For places that have no member of their own, the federation names the offices too (the narrowest mandate decides).
      {"bund", "Bund",
       {{"demo-bund"}, {}, {""}, {"association", "district", "federation", "municipality", "state"}}, ""},
  };
  return all;
}
constexpr std::size_t operator_index = 1;   // the state keeps the list of members

std::string name_of(const Party& party) { return std::string(party.folder) + ".example/network/log"; }

struct Running {
  std::string folder;
  tlog::VerifierKey key, witness_key;
  std::unique_ptr<RunningNode> node;
};

Result<Running> start(const Party& party, const std::string& data, std::int64_t port, const Clock& clock) {
  const std::string folder = data + "/" + party.folder;
  std::map<std::string, std::string> flags = {{"http.port", std::to_string(port)}, {"look.name", party.title},
                                              {"look.place", party.place}};
  // Three nodes in one database: each in a schema of its own.
  if (const char* place = std::getenv("VERBUND_STORE"); place && std::string_view(place).contains("{node}"))
    flags["store"] = place;
  std::error_code error;
  const std::string file = folder + "/verbund.toml";
  auto settings = settings::Settings::load(setting_definitions(), fs::exists(file, error) ? file : "", {}, flags);
  if (!settings) return pass(settings);
  auto key = network::load_or_create_key(folder, name_of(party));
  if (!key) return pass(key);
  auto witness = network::load_or_create_witness_key(folder, witness_name(key->name));
  if (!witness) return pass(witness);
  NodeOptions options{folder, std::move(*settings), true, {}};
  const std::string catalogue = std::string(party.folder) + ".json";
  options.prepare = [&clock, catalogue](store::Database& database) -> Result<void> {
    auto loaded = load_demo_catalogue(database, clock, catalogue);
    if (!loaded) return pass(loaded);
    return {};
  };
  const log::Log log = make_log(options.settings, clock);
  auto node = RunningNode::start(std::move(options), clock, log);
  if (!node) return pass(node);
  return Running{folder, key->verifier(), witness->verifier(), std::move(*node)};
}

// The operator admits all three; each learns whom it belongs to. What was so already stays as it is.
Result<void> admit(const std::vector<Running>& nodes, const Clock& clock) {
  const Running& chief = nodes[operator_index];
  auto key = network::load_or_create_key(network::members_place(chief.folder),
                                         std::string(parties()[operator_index].folder) + ".example/network/members");
  if (!key) return pass(key);
  auto said = chief.node->database().write([&](store::Connection& connection) -> Result<void> {
    network::RegisterStore members(connection);
    members.say(network::Policy{"Verbund Vorführung", 0}, clock.now());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      // An operator may have changed its mind since: only what is new is said of a member that is there.
      Member member = members.member(nodes[i].key.name).value_or(Member());
      if (member.name.empty()) {
        member.name = nodes[i].key.name;
        member.title = parties()[i].title;
        member.mandate = parties()[i].mandate;
      }
      member.key = nodes[i].key.to_text();
      member.witness_key = nodes[i].witness_key.to_text();
      member.addresses = {nodes[i].node->address()};
      members.say(member, clock.now());
    }
    return {};
  });
  if (!said) return said;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i == operator_index) continue;
    auto home = nodes[i].node->database().write([&](store::Connection& connection) -> Result<void> {
      network::RegisterStore members(connection);
      const network::Home now{chief.node->address(), key->verifier().to_text()};
      const auto before = members.home();
      // Another port of the same network is no other network.
      if (!before || before->key != now.key || before->address != now.address) members.set_home(now);
      return {};
    });
    if (!home) return home;
  }
  return {};
}

void say_what_to_try(std::FILE* out, const std::vector<Running>& nodes, const std::string& data) {
  std::string text = "Ein Netz aus drei Knoten läuft (Daten: " + data + "; Ende mit Strg-C)\n";
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::string title = parties()[i].title;
    title.resize(26, ' ');
    text += "  " + title + nodes[i].node->address();
    text += i == operator_index ? "   (führt die Liste der Mitglieder)\n" : "\n";
  }
  const std::string town = nodes[0].node->address();
  const std::string federation = nodes[2].node->address();
  text +=
      "\nJeder Knoten veröffentlicht nur, was er selbst sagt, und folgt den anderen: jeder Eingang findet alles.\n"
      "Versuchen Sie:\n"
      "  Eine Leistung der Stadt, gefunden am Eingang des Bundes:\n"
      "    " + federation + "/suche?q=Hund+anmelden&ort=22846\n"
      "  Wer dazugehört, wie weit jeder ist und was fehlt:\n"
      "    " + town + "/netz\n"
      "  Was ein Knoten von den anderen hat:\n"
      "    build/verbund node status --data " + data + "/bund\n"
      "  Prüfen, was die Stadt veröffentlicht hat:\n"
      "    build/verbund log verify " + town + "\n"
      "  Die Stadt verliert ihr Mandat, ihre Leistungen verschwinden überall; danach wieder aufnehmen:\n"
      "    build/verbund node suspend " + nodes[0].key.name + " --reason Probe --data " + data + "/schleswig-holstein\n"
      "    build/verbund node resume " + nodes[0].key.name + " --data " + data + "/schleswig-holstein\n";
  std::fputs(text.c_str(), out);
  std::fflush(out);
}

Result<void> demo(const command::Arguments& arguments, const Clock& clock, std::FILE* out) {
  block_signals();
  std::optional<PassingFolder> passing;
  std::string data = arguments.get("data");
  if (data.empty()) {
    passing.emplace();
    if (passing->path().empty()) return no_passing_folder();
    data = passing->path();
  }
  const auto first = parse_number(arguments.get("port", "8080"));
  if (!first || *first > 65'533) return fail(ErrorCode::usage, "--port is a number from 0 to 65533");
  std::vector<Running> nodes;
  for (std::size_t i = 0; i < parties().size(); ++i) {
    auto node = start(parties()[i], data, *first == 0 ? 0 : *first + static_cast<std::int64_t>(i), clock);
    if (!node) return pass(node);
    nodes.push_back(std::move(*node));
  }
  if (auto admitted = admit(nodes, clock); !admitted) return admitted;
  say_what_to_try(out, nodes, data);
  await_signal();
  return {};
}

}  // namespace

command::Command demo_command(const Clock& clock, std::FILE* out, std::FILE* err) {
  return {.path = {"demo"},
          .operands = "",
          .least_words = 0,
          .most_words = 0,
          .summary = "Ein Netz aus drei Knoten vorführen: Stadt, Land, Bund",
          .explanation = "Drei Datenordner, drei Logs, drei Ports: Norderstedt, Schleswig-Holstein und der Bund folgen\n"
                         "einander über HTTP. Jeder ist ein gleichwertiger Eingang. Ohne --data bleiben die Daten nur\n"
                         "bis zum Ende.\n\n"
                         "Beispiel: verbund demo --data var/demo",
          .options = {{"port", "N", "erster von drei Ports, die aufeinander folgen; 0: drei freie", "8080", false}},
          .run = [&clock, out, err](const command::Arguments& arguments) {
            try {
              const auto done = demo(arguments, clock, out);
              return done ? 0 : command::report(err, "verbund", done.error());
            } catch (const store::Failure& failure) {
              return command::report(err, "verbund", {ErrorCode::unavailable, failure.what(), arguments.get("data"),
                                                      "check free space and access to the data folder"});
            }
          }};
}

}  // namespace verbund::app
