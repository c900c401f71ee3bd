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
#include "app/tenants.h"
#include "app/waiting_room.h"

namespace verbund::app {
namespace {

void drain_for(std::int64_t seconds, const std::function<void()>& drain) {
  if (seconds <= 0) return;
  drain();   // the load balancer sends no more
  std::this_thread::sleep_for(std::chrono::seconds(seconds));
}

Result<void> serve_tenants(const command::Arguments& arguments, Installation all, const Clock& clock, std::FILE* out) {
  if (arguments.has("demo")) {
    return fail(ErrorCode::usage, "--demo is for one node", all.file, "leave it out, or name a tenant with --tenant");
  }
  block_reload();
  const log::Log log = make_log(all.settings, clock);
  const std::int64_t drain = all.settings.number("http.drain_seconds");
  const std::string folder = all.folder;
  auto tenants = Tenants::start(std::move(all), clock, log);
  if (!tenants) return pass(tenants);
  // Many need a while until each was tried: signals are heard meanwhile.
  std::jthread telling([&](const std::stop_token& stop) {
    const auto round = (*tenants)->await_first_round(stop);
    if (!round) return;
    std::string text = "Verbund antwortet auf " + (*tenants)->address() + " für " + std::to_string(round->serving) +
                       " Mandanten";
    if (round->failed > 0) text += ", " + std::to_string(round->failed) + " starten nicht (siehe Protokoll)";
    if (!(*tenants)->operator_address().empty()) text += "; Zustand: " + (*tenants)->operator_address() + "/health";
    std::fprintf(out, "%s  (Daten: %s; Ende mit Strg-C)\n", text.c_str(), folder.c_str());
    std::fflush(out);
  });
  std::string_view signal = await_signal(true);
  for (; signal == "SIGHUP"; signal = await_signal(true)) {
    if (auto now = load_installation(arguments); now) (*tenants)->renew(std::move(*now));
    else log.error("settings not taken over", {{"reason", now.error().text()}});
  }
  log.info("stopping", {{"signal", std::string(signal)}});
  telling.request_stop();
  drain_for(drain, [&] { (*tenants)->drain(); });
  return {};
}

Result<void> serve(const command::Arguments& arguments, const Clock& clock, std::FILE* out) {
  block_signals();
  if (named_tenant(arguments).empty()) {
    auto all = load_installation(arguments);
    if (!all) return pass(all);
    if (!all->tenants.empty()) return serve_tenants(arguments, std::move(*all), clock, out);
  }
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
  if (auto may = may_serve(folder); !may) return may;
  const log::Log log = make_log(*settings, clock);
  NodeOptions options{folder, std::move(*settings), demonstration, {}};
  if (demonstration) options.prepare = [&clock](store::Database& database) { return load_demo(database, clock); };
  const std::string location = store_place(folder, options.settings);
  const std::int64_t drain = options.settings.number("http.drain_seconds");
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
  drain_for(drain, [&] { (*node)->drain(); });
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
