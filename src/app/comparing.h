// SPDX-License-Identifier: EUPL-1.2
// A node that compares: a thread beside the server asks the other members, one after the other, for their copies of the
// logs that this node has too. Who shows different things to different people is found out.
// Source: docs/protocols/network.md, clause 11.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "app/witnessing.h"
#include "base/clock.h"
#include "kits/http/client.h"
#include "kits/log/log.h"
#include "kits/store/store.h"
#include "network/sharing/shared_work.h"
#include "network/witness/comparing.h"

namespace verbund::app {

struct ComparingOptions {
  std::string data_folder;
  std::chrono::seconds every{10};      // another member is asked
  network::SharedWork* work = nullptr; // with other processes of this node, of which one compares; null: there is none
  std::size_t most = 256;              // logs compared with it at once; further ones when its turn comes again
};

class Comparing {
 public:
  // Starts at once and does not block. Without a key to witness with nothing is compared. Requires: all live longer.
  Comparing(store::Database& database, Witnessing& witnessing, ComparingOptions options, const Clock& clock,
            const log::Log& log);

 private:
  void run(const std::stop_token& stop);
  void ask_next(const std::stop_token& stop);
  // The logs that are here: by origin the folder with checkpoint and tiles.
  std::map<std::string, std::string> logs() const;

  store::Database& database_;
  Witnessing& witnessing_;
  const ComparingOptions options_;
  const Clock& clock_;
  const log::Log log_;
  std::size_t turn_ = 0;               // of the member that is asked next
  std::size_t first_ = 0;              // of the log that is compared first
  bool failing_ = false;
  std::jthread thread_;
};

}  // namespace verbund::app
