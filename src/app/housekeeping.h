// SPDX-License-Identifier: EUPL-1.2
// What a node in service does all the time beside the requests: notes whether its parts work, and deletes what people
// told it when the time for that is over.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "commons/incidents/uptime_store.h"
#include "kits/log/log.h"
#include "kits/store/store.h"

namespace verbund::app {

struct HousekeepingOptions {
  std::int64_t keep_feedback_days = 180;
  std::int64_t keep_uptime_days = 400;
  // Whether the parts work now; asked in each round, may read the store.
  std::function<std::vector<commons::UptimeSample>()> look;
};

// One round at once, then one every `every`: often enough that no minute of uptime is missed. A store that cannot be written is said once in the log and tried again.
class Housekeeping {
 public:
  Housekeeping(store::Database& database, const Clock& clock, const log::Log& log, HousekeepingOptions options,
               std::chrono::seconds every = std::chrono::seconds(20));
  ~Housekeeping();

  // One round. Throws store::Failure.
  static Result<void> round(store::Database& database, Instant now, const HousekeepingOptions& options);

 private:
  void try_round();

  store::Database& database_;
  const Clock& clock_;
  const log::Log& log_;
  const HousekeepingOptions options_;
  bool failing_ = false;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace verbund::app
