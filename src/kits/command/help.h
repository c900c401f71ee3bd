// SPDX-License-Identifier: EUPL-1.2
// What the program says about itself.
#pragma once

#include "kits/command/command.h"

namespace verbund::command {

std::string joined(const std::vector<std::string>& path);   // "import xzufi"
// "verbund find [Optionen] ANFRAGE"
std::string usage_line(const std::string& program, const Command& command);
std::string command_help(const std::string& program, const Command& command, const std::vector<Option>& common);
// Of the commands whose path begins with `group` (empty: all).
std::string group_help(const std::string& program, const std::string& about, const std::vector<std::string>& group,
                       const std::vector<Command>& commands, const std::vector<Option>& common);

// The candidate that `word` was most likely meant to be, or "".
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace verbund::command
