// SPDX-License-Identifier: EUPL-1.2
// Whether a node's own log, its key and its store say the same.
#pragma once

#include <string>
#include <vector>

#include "network/keeping/backup.h"
#include "network/log/entry.h"
#include "network/log/own_log.h"

namespace verbund::network {

// What is not as it should be, and what to do about it, in German, one line each.
struct Finding {
  std::string what;
  std::string todo;
};

// Reads the whole published log: signature of the checkpoint, every tile, the root; then that the outbox says the same
// entries in the same order and has left none out; the first entry that differs is named. Also while others publish:
// what comes meanwhile is not looked at. No log yet: none. Memory does not grow with the log. Errors: those of
// `progress`.
Result<std::vector<Finding>> log_findings(const LogPlace& place, Outbox& outbox, const KeepingProgress& progress);

// The root of the log that the first entries of the outbox give, up to the one of revision `last`; `size`: how many
// there must be. Errors: conflict (there are more or fewer), those of `progress`.
Result<tlog::Hash> outbox_root(Outbox& outbox, std::uint64_t size, std::int64_t last, const KeepingProgress& progress);

}  // namespace verbund::network
