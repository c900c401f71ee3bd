// SPDX-License-Identifier: EUPL-1.2
// The rule of the house about SQL as a function: a statement is a text of the program, never made of data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace verbund::app {

// One line for each statement in `source` (of the file `path`, relative to src/) that is not whole in the text of the
// program. In *_store.cc files what prepare(), execute() and bulk() are given, and the texts of migrations, are string
// literals and names of constants that the same file makes of literals alone, joined by + or chosen by ?:. In other
// files nothing is prepared or executed on a connection. Not looked at: kits/store (the drivers, and copying, whose
// statements are made of names that stand in migrations; its own tests say so) and tests. Source: ARCHITECTURE.md.
std::vector<std::string> sql_violations(std::string_view path, std::string_view source);

}  // namespace verbund::app
