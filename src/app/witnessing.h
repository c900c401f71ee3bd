// SPDX-License-Identifier: EUPL-1.2
// A node as a witness of its network, and as one whose checkpoints are witnessed.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "app/cosigner.h"
#include "base/clock.h"
#include "kits/log/log.h"
#include "kits/metrics/metrics.h"
#include "kits/store/store.h"
#include "network/sharing/shared_folder.h"
#include "network/witness/witness.h"

namespace verbund::app {

// What a witness is called whose log is called `log_name`: "stadt.example/network/witness".
std::string witness_name(std::string log_name);

class Witnessing {
 public:
  // Makes the key with which the node cosigns if there is none. Without a key (unreadable, a full disk) the node is no
  // witness, and says so in the log.
  // `shared`: the store that several processes of this node have in common; what was cosigned is in it then, and all of
  // them have one key, which the operator copies: who finds that another one has been used is no witness. Null: this
  // process alone witnesses. Requires: it lives longer.
  Witnessing(std::string data_folder, const std::string& log_name, const Clock& clock, const log::Log& log,
             metrics::Registry& registry, store::Database* shared = nullptr);

  // Null: no witness. Lives as long as this.
  network::Witness* witness() { return witness_.get(); }
  // A fork that somebody tried is logged and counted.
  void answered(const network::Witness::Answer& answer);

  // Takes what other processes have kept, for what shows forks; looks at most once a second. One thread. Throws
  // store::Failure.
  void refresh();

  // One more fork is proven.
  void forked();

  // Whose logs are witnessed, and who witnesses those of this node.
  Cosigner& cosigner() { return cosigner_; }

 private:
  const std::string data_folder_;
  const log::Log log_;
  Result<tlog::SignerKey> key(const std::string& log_name);
  Cosigner cosigner_;
  std::unique_ptr<network::SharedFolder> shared_;
  std::chrono::steady_clock::time_point refreshed_{};
  std::unique_ptr<network::Witness> witness_;
  metrics::Counter& answered_;
  metrics::Counter& forks_;
  std::atomic<std::size_t> told_{0};   // pieces of evidence, last time the log was told
};

}  // namespace verbund::app
