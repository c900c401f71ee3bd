// SPDX-License-Identifier: EUPL-1.2
// backup, restore, node continue, store check, store copy.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "faces/cli/cli.h"

namespace verbund::cli {

// What these commands need of the composition.
struct KeepingParts {
  std::function<std::unique_ptr<network::Outbox>(store::Database&)> outbox;
  std::function<std::string(const command::Arguments&)> data_folder;
  std::function<std::string(const command::Arguments&)> settings_file;  // "": there is none
  std::function<Result<std::string>(const command::Arguments&)> store;  // its file or address
  // The restored data folder uses node.sqlite in it, whatever its settings said. True: they said something else.
  std::function<Result<bool>(const std::string& data_folder)> use_own_file;
  std::vector<store::Migration> migrations;
  std::string program;  // version
};

void add_keeping_commands(command::Program& program, const Surroundings& surroundings, const KeepingParts& parts);

}  // namespace verbund::cli
