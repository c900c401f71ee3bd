// SPDX-License-Identifier: EUPL-1.2
// A node that was restored from a backup asks its network whether its log has gone on since, before it says anything:
// two continuations of one log would be a fork. What has been said meanwhile is taken back from those who heard it.
// Source: docs/protocols/network.md, clause 14.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "kits/log/log.h"
#include "kits/store/store.h"
#include "network/log/own_log.h"
#include "network/log/restored.h"

namespace verbund::app {

class Settling {
 public:
  // `hub`: the setting network.hub. Requires: all live longer.
  Settling(store::Database& database, std::string data_folder, std::string hub, const Clock& clock, const log::Log& log)
      : database_(database), data_folder_(std::move(data_folder)), hub_(std::move(hub)), clock_(clock), log_(log) {}

  // True while the own log or the membership log of this folder is marked as restored.
  bool waits() const;

  // Nothing to do where the log at `place` is no restored one. Else asks everybody once; gives how many entries were
  // taken back (own log only), and the mark is gone. Asks at most every 5 s: in between the same error. Errors:
  // unavailable (too few have answered, nobody has what is missing), conflict (the log has gone on and cannot be taken
  // back, is a fork, or its key was changed; the hint says what to do), those of the mark; store::Failure.
  Result<std::uint64_t> settle(const network::LogPlace& place);

 private:
  struct Peer;
  struct Said;
  Result<std::uint64_t> ask(const network::LogPlace& place, const network::RestoredLog& mark);
  std::vector<Peer> peers(const std::string& own_name, std::size_t& quorum) const;
  Said hear(const Peer& peer, const std::string& note, const tlog::VerifierKey& key, std::uint64_t size) const;
  Result<std::uint64_t> take_back(const network::LogPlace& place, const tlog::Checkpoint& ours,
                                  const std::vector<Said>& all);

  store::Database& database_;
  const std::string data_folder_;
  const std::string hub_;
  const Clock& clock_;
  const log::Log log_;
  std::mutex mutex_;
  struct Last {
    std::string folder;
    std::chrono::steady_clock::time_point at{};
    Error error;
  };
  std::vector<Last> last_;  // by place, what kept it from going on
};

}  // namespace verbund::app
