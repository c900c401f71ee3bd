// SPDX-License-Identifier: EUPL-1.2
// find, and what it shares with the other commands that answer from a snapshot.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "directory/finder/finder.h"
#include "faces/cli/cli.h"

namespace verbund::cli {

void add_find_command(command::Program& program, const Surroundings& surroundings);

std::shared_ptr<const directory::Snapshot> read_snapshot(const Surroundings& surroundings, store::Database& database,
                                                         const command::Arguments& arguments);
// One line for each way to do it online: of OnlineBrief or OnlineView.
template <typename Online>
std::string online_lines(const std::vector<Online>& online) {
  std::string text;
  for (const auto& service : online) {
    text += service.purpose == "appointment" ? "   Termin: " : "   online: ";
    text.append(service.title).append("  ").append(service.url).append("\n");
  }
  return text;
}

}  // namespace verbund::cli
