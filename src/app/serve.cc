// SPDX-License-Identifier: EUPL-1.2
#include "app/serve.h"

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "app/demo/demo.h"
#include "app/node.h"
#include "app/node_parts.h"
#include "app/passing_folder.h"
#include "app/running_node.h"
#include "app/waiting_room.h"
#include "network/log/restored.h"

namespace verbund::app {
namespace {

Result<void> serve(const command::Arguments& arguments, const Clock& clock, std::FILE* out) {
  block_signals();
  auto settings = load_settings(arguments);
  if (!settings) return pass(settings);
  const bool demonstration = arguments.has("demo");
  std::optional<PassingFolder> passing;
  std::string folder = data_folder(arguments);
  if (demonstration && !arguments.has("data")) {
    passing.emplace();
    if (passing->path().empty()) return no_passing_folder();
    folder = passing->path();
  }
  for (const network::LogPlace& place : {network::LogPlace(folder), network::members_place(folder)}) {
    auto mark = network::restored(place);
    if (!mark) return pass(mark);
    if (*mark && !(*mark)->original_is_gone) return network::may_be_continued(place);
  }
  const log::Log log = make_log(*settings, clock);
  NodeOptions options{folder, std::move(*settings), demonstration, {}};
  if (demonstration) options.prepare = [&clock](store::Database& database) { return load_demo(database, clock); };
  const std::string location = store_place(folder, options.settings);
  const auto drain = std::chrono::seconds(options.settings.number("http.drain_seconds"));
  if (store::is_server(location)) {
    // The database may come later than we do: look for it first, and answer meanwhile.
    const auto look = [&location, &clock]() -> Result<void> {
      auto database = open_store_at(location, clock);
      if (!database) return pass(database);
      return {};
    };
    if (auto there = look(); !there && there.error().code == ErrorCode::unavailable) {
      there = wait_for_database(server_options(options.settings), log, there.error(), look, signal_waits);
      if (!there) return there;
    }
  }
  auto node = RunningNode::start(std::move(options), clock, log);
  if (!node) return pass(node);
  std::fprintf(out, "Verbund antwortet auf %s  (Daten: %s; Ende mit Strg-C)\n", (*node)->address().c_str(), folder.c_str());
  std::fflush(out);
  log.info("stopping", {{"signal", await_signal()}});
  if (drain.count() > 0) {
    (*node)->drain();   // the load balancer sends no more
    std::this_thread::sleep_for(drain);
  }
  return {};
}

}  // namespace

command::Command serve_command(const Clock& clock, std::FILE* out, std::FILE* err) {
  return {.path = {"serve"},
          .operands = "",
          .least_words = 0,
          .most_words = 0,
          .summary = "Portal und Schnittstellen anbieten",
          .explanation = "Antwortet, bis das Programm beendet wird. Änderungen durch andere Befehle (Importe) zeigt es binnen einer\n"
                         "Sekunde. Mit --demo und ohne --data bleiben die Daten nur bis zum Ende.\n\n"
                         "Beispiele: verbund serve --demo\n           verbund serve --data /var/lib/verbund --port 8080",
          .options = {{"demo", "", "die eingebaute Demonstration laden (Norderstedt, Schleswig-Holstein, Bund)", "", false},
                      {"port", "N", "Port", "8080", false},
                      {"address", "ADRESSE", "Adresse, auf der der Knoten antwortet", "127.0.0.1", false}},
          .run = [&clock, out, err](const command::Arguments& arguments) {
            try {
              if (auto served = serve(arguments, clock, out); !served) return command::report(err, "verbund", served.error());
              return 0;
            } catch (const store::Failure& failure) {
              return command::report(err, "verbund", {ErrorCode::unavailable, failure.what(), data_folder(arguments), "check free space and access to the data folder"});
            }
          }};
}

}  // namespace verbund::app
