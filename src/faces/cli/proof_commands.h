// SPDX-License-Identifier: EUPL-1.2
// prove, verify: what was published about a service at a place, checked by anybody.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "directory/finder/answer_objects.h"
#include "faces/cli/cli.h"
#include "network/proof/bundle.h"

namespace verbund::cli {

struct ProofParts {
  std::function<std::string(const command::Arguments&)> data_folder;
  // Proves the stored objects with what the node has in its data folder, on the operator's key where it can.
  std::function<Result<network::Bundle>(store::Database&, const std::string& data_folder,
                                        const std::string& index_folder, const std::vector<directory::ObjectName>&)>
      prove;
};

void add_proof_commands(command::Program& program, const Surroundings& surroundings, const ProofParts& parts);

}  // namespace verbund::cli
