// SPDX-License-Identifier: EUPL-1.2
// The commands that read and write the directory. No rules of its own: parses, calls the directory, prints.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "directory/geography/area.h"
#include "kits/command/command.h"
#include "kits/settings/settings.h"
#include "kits/store/store.h"
#include "kits/tlog/signer.h"
#include "kits/tlog/tile.h"
#include "network/log/entry.h"
#include "network/membership/member.h"

namespace verbund::cli {

struct Surroundings {
  std::FILE* out;
  std::FILE* err;
  const Clock& clock;
  // Opens the store of the node that --data names (created with the areas of Germany if it is not there).
  std::function<Result<std::unique_ptr<store::Database>>(const command::Arguments&)> open;
  // Where that node keeps its index; "": nowhere.
  std::function<std::string(const command::Arguments&)> index_folder = [](const command::Arguments&) {
    return std::string();
  };
  // Who signs the node's own log; where there is no key yet, one called `create` is made, if it is given. Empty: the key
  // in the data folder. Errors: as network::load_key, those of a token.
  std::function<Result<tlog::NoteSigner>(const command::Arguments&, const std::optional<std::string>& create)> signer = {};
  // Who adds the cosignatures of the network's witnesses to a checkpoint that is published (see network::Sequencer).
  // Empty: nobody.
  std::function<Result<std::string>(store::Database&, const command::Arguments&, const std::string& note,
                                    const tlog::TileSource& tiles)> cosign = {};
  // Whether several processes have the logs of that node in common, in its store. Empty: no.
  std::function<bool(const command::Arguments&)> shares_logs = {};
  // Whether something new may be said by that node now. Empty: always. Errors: conflict (restored from a backup, and its
  // network has not said yet how far its log has gone on).
  std::function<Result<void>(const command::Arguments&)> may_import = {};
};

// import gv100ad|postcodes|xzufi|dldb|json, export xzufi|json
void add_exchange_commands(command::Program& program, const Surroundings& surroundings);
// export cpsv
void add_cpsv_command(command::Program& program, const Surroundings& surroundings);
// find, responsible, check, status
void add_reading_commands(command::Program& program, const Surroundings& surroundings);
// feedback list|summary|forward, barrier list|answer|close
void add_voice_commands(command::Program& program, const Surroundings& surroundings);
// incident open|update|close|list
void add_incident_commands(command::Program& program, const Surroundings& surroundings);
// evaluate
void add_evaluate_command(command::Program& program, const Surroundings& surroundings);

// What the program knows of Germany without any file.
struct Geography {
  std::vector<directory::Area> areas;
  std::vector<directory::PostalCodeEntry> postal_codes;
  std::string day;                      // of the list of areas
};
// generate; asks for `geography` when it is run.
void add_generate_command(command::Program& program, const Surroundings& surroundings,
                          std::function<Result<Geography>()> geography);
// What the commands of the network need of the composition.
struct NetworkParts {
  std::function<std::unique_ptr<network::Outbox>(store::Database&)> outbox;
  std::function<std::string(const command::Arguments&)> data_folder;
  std::function<Result<std::string>(const command::Arguments&)> log_name;   // for a log that is not there yet
};
// What the commands of membership need of the composition.
struct MembershipParts {
  std::function<std::string(const command::Arguments&)> data_folder;
  std::function<Result<settings::Settings>(const command::Arguments&)> settings;
  // For what the node speaks already: the agencies of its objects, the areas of its responsibilities and their levels.
  std::function<network::Mandate(store::Connection&)> said;
};
// node join|requests|admit|suspend|resume
void add_membership_commands(command::Program& program, const Surroundings& surroundings, const MembershipParts& parts);
// node join, as the other commands of membership. Errors: usage, those of the way to the operator, conflict (it
// refuses).
Result<void> node_join(const Surroundings& surroundings, const MembershipParts& parts, store::Database& database,
                       const command::Arguments& arguments);

// node init|status, log verify|export
void add_network_commands(command::Program& program, const Surroundings& surroundings, const NetworkParts& parts);

}  // namespace verbund::cli
