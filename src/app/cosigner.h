// SPDX-License-Identifier: EUPL-1.2
// Asks the witnesses of the node's network for their cosignatures of what the node publishes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "kits/store/store.h"
#include "kits/tlog/tile.h"
#include "network/membership/member.h"
#include "network/witness/cosigning.h"

namespace verbund::app {

class Cosigner {
 public:
  Cosigner(std::string data_folder, const Clock& clock) : data_folder_(std::move(data_folder)), clock_(clock) {}

  // Takes over who belongs to the network now. Any thread.
  void refresh(store::Database& database);

  // The keys of a log of the network, as the network names them: of a member, or of the membership log. Any thread.
  std::vector<tlog::VerifierKey> keys_of(std::string_view origin) const;

  // The note with the cosignatures of the network's witnesses, as Sequencer::Options::cosign: of at most 32 of them. A
  // log that belongs to no network needs none. Each log by one thread at a time.
  Result<std::string> cosign(const std::string& note, const tlog::TileSource& tiles);
  // Whether it is time to ask again: there are witnesses that have not signed the note, and they are others than those
  // that were asked last, or that was 10 s ago.
  bool due(const std::string& note);

 private:
  struct Asking {
    std::unique_ptr<network::Cosigning> cosigning;
    std::vector<network::WitnessAddress> witnesses;
    std::size_t quorum = 0;
    std::chrono::steady_clock::time_point at{};
  };
  struct Wanted {
    std::vector<network::WitnessAddress> witnesses;
    std::size_t quorum = 0;
    bool members = false;          // it is the membership log
  };
  std::optional<Wanted> wanted(const std::string& origin) const;

  const std::string data_folder_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::int64_t version_ = -1;            // of the register that the rest was made of
  network::Membership membership_;
  network::Policy policy_;
  std::optional<tlog::VerifierKey> members_key_;     // of the membership log
  std::optional<tlog::VerifierKey> own_witness_;
  Asking own_, members_;                 // each belongs to the thread that publishes the log
};

}  // namespace verbund::app
