// SPDX-License-Identifier: EUPL-1.2
// Fetches the stocks of editorial systems that have no node of their own, beside the requests.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "kits/log/log.h"
#include "kits/metrics/metrics.h"
#include "kits/store/store.h"
#include "network/sharing/shared_work.h"

namespace verbund::app {

class Collecting {
 public:
  // Looks at each of `sources` (see directory::Adapter) at once and then every `every`; a failed one sooner, after a
  // tenth of it but at least a minute. What fails is said in the log when the reason is a new one, counted in metrics,
  // and changes nothing. Without sources there is no thread. `work`: with other processes of this node; each source is
  // looked at by one of them.
  Collecting(store::Database& database, const Clock& clock, std::vector<std::string> sources, std::string copies,
             std::chrono::seconds every, const log::Log& log, metrics::Registry& registry,
             network::SharedWork* work = nullptr);

 private:
  void run(const std::stop_token& stop);

  store::Database& database_;
  const Clock& clock_;
  const std::vector<std::string> sources_;
  const std::string copies_;
  network::SharedWork* const work_;
  const std::chrono::seconds every_;
  const log::Log log_;
  metrics::Counter& changed_;
  metrics::Counter& unchanged_;
  metrics::Counter& failed_;
  std::atomic<std::size_t> failing_{0};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace verbund::app
