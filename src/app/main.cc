// SPDX-License-Identifier: EUPL-1.2
// The composition: builds everything once and hands it down.
#include <cstdio>
#include <string>
#include <vector>

#include "app/cosigner.h"
#include "app/demo/demo.h"
#include "app/demo_network.h"
#include "app/installation.h"
#include "app/node.h"
#include "app/outbox.h"
#include "app/own_key.h"
#include "app/proofs.h"
#include "app/said_mandate.h"
#include "app/serve.h"
#include "app/tenant_commands.h"
#include "faces/cli/cli.h"
#include "faces/cli/keeping_commands.h"
#include "faces/cli/proof_commands.h"
#include "network/log/restored.h"

int main(int count, char** words) {
  using namespace verbund;
  const SystemClock clock;
  command::Program program("verbund", "Verbindet die Portale der Verwaltung: finden, wer wo was macht.",
                           {{"data", "ORDNER", "Datenordner des Knotens", "verbund-data", false},
                            {"config", "DATEI", "Einstellungsdatei", "verbund.toml im Datenordner, wenn vorhanden", false},
                            {"tenant", "NAME", "Mandant, um den es geht, wo eine Installation mehrere trägt", "", false}});
  program.before(app::check_tenant);
  program.add(app::serve_command(clock, stdout, stderr));
  program.add(app::demo_command(clock, stdout, stderr));
  app::add_tenant_commands(program, clock, stdout, stderr);
  const cli::Surroundings surroundings{stdout, stderr, clock, [&clock](const command::Arguments& arguments)
                                           -> Result<std::unique_ptr<store::Database>> {
                                         auto settings = app::load_settings(arguments);
                                         if (!settings) return pass(settings);
                                         return app::open_store(app::data_folder(arguments), *settings, clock);
                                       },
                                       [](const command::Arguments& arguments) {
                                         return app::index_folder(app::data_folder(arguments));
                                       },
                                       [](const command::Arguments& arguments, const std::optional<std::string>& create)
                                           -> Result<tlog::NoteSigner> {
                                         auto settings = app::load_settings(arguments);
                                         if (!settings) return pass(settings);
                                         return app::own_signer(app::data_folder(arguments), *settings, create);
                                       },
                                       [&clock](store::Database& database, const command::Arguments& arguments,
                                                const std::string& note, const tlog::TileSource& tiles) {
                                         app::Cosigner cosigner(app::data_folder(arguments), clock);
                                         cosigner.refresh(database);
                                         return cosigner.cosign(note, tiles);
                                       },
                                       [](const command::Arguments& arguments) {
                                         const auto settings = app::load_settings(arguments);
                                         return settings && store::is_server(settings->text("store"));
                                       },
                                       [](const command::Arguments& arguments) {
                                         return network::may_be_continued(network::LogPlace(app::data_folder(arguments)));
                                       }};
  cli::add_reading_commands(program, surroundings);
  cli::add_voice_commands(program, surroundings);
  cli::add_incident_commands(program, surroundings);
  cli::add_evaluate_command(program, surroundings);
  cli::add_exchange_commands(program, surroundings);
  cli::add_cpsv_command(program, surroundings);
  cli::add_generate_command(program, surroundings, [] { return app::embedded_geography(); });
  const auto log_name = [](const command::Arguments& arguments) -> Result<std::string> {
    auto settings = app::load_settings(arguments);
    if (!settings) return pass(settings);
    return app::log_name(*settings);
  };
  cli::add_network_commands(
      program, surroundings,
      {[](store::Database& database) { return std::make_unique<app::DirectoryOutbox>(database); }, &app::data_folder,
       log_name});
  cli::add_membership_commands(program, surroundings,
                               {&app::data_folder, &app::load_settings, &app::said_mandate});
  cli::add_proof_commands(program, surroundings, {&app::data_folder, &app::prove_objects});
  cli::add_keeping_commands(
      program, surroundings,
      {.outbox = [](store::Database& database) { return std::make_unique<app::DirectoryOutbox>(database); },
       .data_folder = &app::data_folder,
       .settings_file = &app::saved_settings_file,
       .store = &app::store_location,
       .use_own_file = &app::use_own_file,
       .migrations = app::node_migrations(),
       .program = VERBUND_VERSION});
  program.add({.path = {"settings"}, .operands = "", .least_words = 0, .most_words = 0,
               .summary = "Die Einstellungsdatei mit allen Vorgaben ausgeben",
               .explanation = "Beispiel: verbund settings > verbund-data/verbund.toml", .options = {},
               .run = [](const command::Arguments&) {
                 const std::string sample = settings::sample_file(app::setting_definitions());
                 std::fwrite(sample.data(), 1, sample.size(), stdout);
                 return 0;
               }});
  return program.run(std::vector<std::string>(words + 1, words + count), stdout, stderr);
}
