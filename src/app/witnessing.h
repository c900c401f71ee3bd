// SPDX-License-Identifier: EUPL-1.2
// A node as a witness of its network, and as one whose checkpoints are witnessed.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "kits/log/log.h"
#include "kits/metrics/metrics.h"
#include "kits/store/store.h"
#include "network/membership/member.h"
#include "network/witness/cosigning.h"
#include "network/witness/witness.h"

namespace verbund::app {

// What a witness is called whose log is called `log_name`: "stadt.example/network/witness".
std::string witness_name(std::string log_name);

class Witnessing {
 public:
  // Makes the key with which the node cosigns if there is none. Without a key (unreadable, a full disk) the node is no
  // witness, and says so in the log.
  Witnessing(std::string data_folder, const std::string& log_name, const Clock& clock, const log::Log& log,
             metrics::Registry& registry);

  // Takes over who belongs to the network now. Any thread.
  void refresh(store::Database& database);

  // Null: no witness. Lives as long as this.
  network::Witness* witness() { return witness_.get(); }
  // A fork that somebody tried is logged and counted.
  void answered(const network::Witness::Answer& answer);

  // The note with the cosignatures of the network's witnesses, as Sequencer::Options::cosign. A node that belongs to no
  // network needs none. One thread at a time.
  Result<std::string> cosign(const std::string& note, const tlog::TileSource& tiles);

 private:
  std::vector<tlog::VerifierKey> keys_of(std::string_view origin) const;

  const std::string data_folder_;
  const log::Log log_;
  std::unique_ptr<network::Witness> witness_;
  metrics::Counter& answered_;
  metrics::Counter& forks_;

  mutable std::mutex mutex_;
  std::int64_t version_ = -1;            // of the register that the two below were made of
  network::Membership membership_;
  std::int64_t quorum_ = 0;

  // Of the thread that publishes.
  std::unique_ptr<network::Cosigning> cosigning_;
  std::vector<network::WitnessAddress> asked_;
  std::int64_t asked_quorum_ = -1;
};

}  // namespace verbund::app
