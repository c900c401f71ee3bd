// SPDX-License-Identifier: EUPL-1.2
// Areas and postal codes of one of our own exports, taken whole by a node that is still empty. Internal to formats.
// Why: docs/decisions/0009-an-empty-node-takes-the-areas-of-an-export.md.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "directory/formats/import.h"
#include "directory/geography/area.h"

namespace verbund::directory {

struct ExportedAreas {
  std::vector<Area> areas;
  std::vector<PostalCodeEntry> codes;
  std::string day;                        // of the newest list, may be empty
  std::string area_path, code_path;       // for messages
};

// Into a node that never had an object: its areas and postal codes become exactly those of the export - also ended ones,
// successors, address words and the day, whatever list it had. Gives false, with nothing changed, where there have been
// objects or the export has no areas. Notes counts in the summary. Errors: invalid (a key, an address word or a postal
// code with its area twice, a postal code of an unknown area).
Result<bool> restore_areas(const ExportedAreas& exported, ImportSink& sink);

}  // namespace verbund::directory
