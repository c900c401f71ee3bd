// SPDX-License-Identifier: EUPL-1.2
// What all commands share: the edge where errors and engine failures become one line and an exit status.
#pragma once

#include <string>

#include "directory/finder/finder.h"
#include "directory/formats/import.h"
#include "faces/cli/cli.h"
#include "kits/json/json.h"

namespace verbund::cli {

// Opens the node, runs `work`, reports an Error or store::Failure on err. Gives 0, 1 or 2.
int with_store(const Surroundings& surroundings, const command::Arguments& arguments,
               const std::function<Result<void>(store::Database&)>& work);

extern const command::Option area_option, json_option;   // --area ORT, --json
// The place a person named, Germany if none. Errors: not_found; usage, listing the choices if there are several.
Result<directory::AreaKey> read_place(const directory::Snapshot& snapshot, const std::string& words);

void print(std::FILE* out, std::string_view text);
void print_json(std::FILE* out, const Json& document);

// Replaces what is there. Errors: unavailable.
Result<void> write_file(const std::string& path, std::string_view text);

// A progress bar fed by an import or export; the bar goes to err, so that out stays clean.
directory::ProgressReport progress_to(command::Progress& bar);

// The byte size of a file, or of all files in a folder; 0 if unknown.
std::uint64_t size_on_disk(const std::string& path);

}  // namespace verbund::cli
