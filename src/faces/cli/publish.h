// SPDX-License-Identifier: EUPL-1.2
// What commands that change or export a log share.
#pragma once

#include "faces/cli/cli.h"
#include "network/log/own_log.h"

namespace verbund::cli {

// Who signs the log at `place` of the node in `data_folder`. Errors: see Surroundings::signer.
Result<tlog::NoteSigner> signer_of(const Surroundings& surroundings, const command::Arguments& arguments,
                                   const std::string& data_folder, const network::LogPlace& place,
                                   const std::optional<std::string>& create = {});

// Before a command reads logs in the data folder: where several processes have them in common, what they have published
// and heard is taken there first. Errors: as network::pull_all.
Result<void> take_shared(const Surroundings& surroundings, const command::Arguments& arguments,
                         store::Database& database, const std::string& data_folder);

// Publishes what the outbox holds, with the cosignatures of the network, unless another process does so for this log.
// True: published here. `create`: see Surroundings::signer. Errors: not_found (no key yet), those of the sequencer.
Result<bool> publish_pending(const Surroundings& surroundings, const command::Arguments& arguments,
                             store::Database& database, const std::string& data_folder,
                             const network::LogPlace& place, network::Outbox& outbox,
                             const std::optional<std::string>& create = {});

}  // namespace verbund::cli
