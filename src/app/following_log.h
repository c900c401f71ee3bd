// SPDX-License-Identifier: EUPL-1.2
// One log that a node follows: asked, copied, applied, shown. Of Following only.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/following.h"
#include "network/following/follower.h"
#include "network/log/http_log_source.h"

namespace verbund::app {

// One log that is followed. What is wanted of it is set by the coordinator; the rest belongs to the worker that has it.
class Following::Log {
 public:
  using SteadyClock = std::chrono::steady_clock;

  // `shared`: null where no other process of this node follows.
  Log(Following& all, std::string origin, network::Sink& sink, std::shared_ptr<network::SharedFolder> shared);

  // Times of the scheduler; under its lock.
  SteadyClock::time_point due{};
  bool busy = false;
  bool waits = true;          // may wait long for its next checkpoint
  bool again = false;         // its rules changed while it was busy

  network_log::HeardLog heard();

  void want(network::Trust trust, network::Rules rules, std::vector<std::string> addresses);
  void interrupt();

  // Whether this process follows the log; else it takes what another one brings. True: it was otherwise. Any thread.
  bool follow_here(bool here);
  // Whether others have added something that is not in the copy. Any thread.
  bool lacks(std::int64_t added) const { return shared_ && shared_->taken() != added; }
  // For the numbers that are shown. Any thread.
  void applied_elsewhere(const network::FollowedLog& log);

  // Asks once and applies what there is. Gives how long it may rest then.
  SteadyClock::duration poll(const std::stop_token& stop, bool wait);

 private:
  struct Wanted {
    network::Trust trust;
    network::Rules rules;
    std::vector<std::string> addresses;
  };

  // What another process follows.
  SteadyClock::duration take_copy();
  bool take(Wanted wanted);
  bool open();
  SteadyClock::duration ask(const std::stop_token& stop, bool wait);

  // Who gives us the log could keep something back: now and then somebody else is asked, where there is somebody. What
  // he has more is taken from him, and he is asked from then on.
  void compare_others(const std::stop_token& stop);

  bool behind() const { return follower_->state().position < follower_->mirror().size(); }

  // What the outside sees.
  void show();
  void show_copy();
  void done(const network::Fault& fault);
  // Each new trouble is a line in the log.
  void say(const network::Fault& fault);

  SteadyClock::duration failed(const network::Fault& fault);
  SteadyClock::duration failed_over();
  SteadyClock::duration pause();

  Following& all_;
  const std::string origin_;
  network::Sink& sink_;
  const std::string folder_;
  const std::shared_ptr<network::SharedFolder> shared_;
  std::atomic<bool> here_;
  const std::shared_ptr<network::OwnLog> heard_;   // the copy, as it is handed on
  LatestCheckpoint latest_;
  std::atomic<double> applied_{0}, announced_{0}, delay_{0}, missing_{0}, refused_{0}, silent_{0}, alarm_{0};
  std::atomic<double> follows_{0};

  std::mutex mutex_;
  std::optional<Wanted> wanted_;         // not taken yet
  std::stop_source interrupt_;           // of a request that waits
  std::stop_token token_;

  std::optional<Wanted> now_;
  std::unique_ptr<network::Follower> follower_;
  std::optional<network::HttpLogSource> source_;
  std::size_t at_ = 0;                   // the address that is asked
  std::size_t tried_ = 0;                // addresses without success, one after the other
  bool answered_ = false;                // since the start, or since another address is asked
  std::size_t compared_ = 0;             // which of the others was asked last
  SteadyClock::time_point compare_at_{};
  SteadyClock::duration pause_ = std::chrono::milliseconds(500);   // after the next fault
  network::Trouble said_ = network::Trouble::none;
  std::optional<SteadyClock::time_point> away_since_;
};

}  // namespace verbund::app
