// SPDX-License-Identifier: EUPL-1.2
// What commands that change or export a log share.
#pragma once

#include "faces/cli/cli.h"
#include "network/log/own_log.h"

namespace verbund::cli {

// Publishes what the outbox holds, unless another process does so for this log. True: published here.
// Errors: not_found (no key yet), those of the sequencer.
Result<bool> publish_pending(const Surroundings& surroundings, const network::LogPlace& place,
                             network::Outbox& outbox);

}  // namespace verbund::cli
