// SPDX-License-Identifier: EUPL-1.2
// A node that follows: threads beside the server keep copies of the logs of its network and apply them, as they come.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "app/directory_sink.h"
#include "app/following_rules.h"
#include "app/latest_checkpoint.h"
#include "base/clock.h"
#include "kits/log/log.h"
#include "kits/metrics/metrics.h"
#include "kits/store/store.h"
#include "network/log/own_log.h"
#include "network/register/member_sink.h"
#include "network/sharing/shared_folder.h"
#include "network/sharing/shared_work.h"

namespace verbund::app {

struct FollowingOptions {
  std::string data_folder;
  std::string follow = "all";          // Choice
  std::string hub = {};                // addresses of nodes that are asked before the publishers, with spaces
  std::chrono::seconds compare_every{60};   // another address of each log is asked whether it has more
  network::SharedWork* work = nullptr;      // with other processes of this node; null: there is no other
  std::size_t threads = 32;            // at most; with more logs than threads each log is asked once a second
  std::chrono::milliseconds look_every{10};   // whether the members or their rules have changed
};

class Following {
 public:
  // Starts at once and does not block. Follows the membership log of the network that the node belongs to (Home) and
  // the logs of its members but its own; notices within 50 ms when either changes. What goes wrong with one log is
  // noted in the store and harms no other. `changed` is told when a copy has grown; any thread.
  Following(store::Database& database, FollowingOptions options, const Clock& clock, const log::Log& log,
            metrics::Registry& registry, std::function<void()> changed);
  ~Following();

  // The copy of a log by its safe_name, to be handed on. Thread-safe.
  network_log::HeardLog heard(std::string_view name);

 private:
  class Log;
  std::string copy_folder(const std::string& origin) const {
    return options_.data_folder + "/network/heard/" + safe_name(origin);
  }
  void coordinate(const std::stop_token& stop);
  void plan();
  // Which logs are followed here and which by other processes, whose copies are taken.
  void share_out(bool planned);
  std::shared_ptr<network::SharedFolder> shared_copy(const std::string& origin);
  // The list of members was believed: whoever was to be believed without witnesses once more, was.
  void members_believed();
  void want(const std::string& origin, network::Trust trust, network::Rules rules, std::vector<std::string> addresses,
            network::Sink& sink);
  void work(const std::stop_token& stop);
  std::shared_ptr<Log> next(const std::stop_token& stop);

  store::Database& database_;
  const FollowingOptions options_;
  const Choice choice_;
  const Clock& clock_;
  const log::Log log_;
  metrics::Registry& registry_;
  const std::function<void()> changed_;
  DirectorySink directory_;
  network::MemberSink members_;

  std::atomic<std::int64_t> seen_ = -1;   // version of the store that the plan is made of
  std::string planned_day_;
  std::string plan_text_;              // what the plan was made of
  std::int64_t taken_at_ = -1;         // version of the store at which others' copies were looked at
  std::map<std::string, std::shared_ptr<network::SharedFolder>> shared_;   // by origin; of the coordinator

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::chrono::steady_clock::time_point ask_other_at_{};   // no other address is asked before
  std::map<std::string, std::shared_ptr<Log>, std::less<>> logs_;   // by safe name
  std::vector<std::jthread> workers_;
  std::jthread coordinator_;
};

}  // namespace verbund::app
