// SPDX-License-Identifier: EUPL-1.2
// What happens to a catalogue day by day: offices change their hours, responsibilities move, texts are rewritten.
#pragma once

#include <filesystem>

#include "directory/workload/bodies.h"
#include "directory/workload/questions.h"

namespace verbund::directory::workload {

// The catalogue as it was written.
struct Stage {
  const Words& words;
  const Country& country;
  const Plan& plan;
  Bodies& bodies;
  const std::vector<std::uint64_t>& first_link;   // of each service, and the number of all
};

// changes.ndjson below `folder`; each change fits the catalogue after those before it.
Result<void> write_changes(const Stage& stage, const std::filesystem::path& folder, std::uint64_t seed, double scale,
                           FileList& files);

}  // namespace verbund::directory::workload
