// SPDX-License-Identifier: EUPL-1.2
// What the commands that keep a node have in common. Internal to faces/cli.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "faces/cli/keeping_commands.h"
#include "kits/command/command.h"
#include "kits/store/copy.h"
#include "network/keeping/backup.h"

namespace verbund::cli {

// A bar for each kind of work, one after the other.
class Bars {
 public:
  explicit Bars(std::FILE* out) : out_(out) {}
  network::KeepingProgress progress();

 private:
  std::FILE* out_;
  std::string what_;
  std::unique_ptr<command::Progress> bar_;
};

store::CopyProgress rows_of(const network::KeepingProgress& progress);

using KeepingWork = Result<void> (*)(const Surroundings&, const KeepingParts&, const command::Arguments&);
// Runs `work`; what goes wrong with a store is an error that says what to do.
void add_keeping_command(command::Program& program, const Surroundings& s, const KeepingParts& parts,
                         command::Command command, KeepingWork work);

void add_store_commands(command::Program& program, const Surroundings& s, const KeepingParts& parts);   // check, copy

}  // namespace verbund::cli
