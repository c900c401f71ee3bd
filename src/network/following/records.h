// SPDX-License-Identifier: EUPL-1.2
// Bodies of a bundle as a source gives them. Source: docs/protocols/network.md, clause 5.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "network/log/log_source.h"

namespace verbund::network {

struct Records {
  unsigned first = 0;                                    // the entry of the bundle that the first one belongs to
  std::vector<std::optional<std::string_view>> bodies;   // at least one; absent ones are not to be had (any more)
  std::shared_ptr<const std::string> bytes;              // what the views look at
};

// Records of the bundle `id` among which that of its entry `wanted` is; nothing of it is verified. A folder of files has
// them only where somebody who reads on from the first one goes on (clause 5.1): there it is read from the first one on.
// Errors: those of the source; invalid (malformed, none, or more than the bundle has).
Result<Records> records_from(LogSource& source, const tlog::TileId& id, unsigned wanted);

}  // namespace verbund::network
