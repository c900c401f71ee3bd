// SPDX-License-Identifier: EUPL-1.2
// The newest checkpoint of a log in memory, for who waits for the next one.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "faces/network_log/network_log.h"

namespace verbund::app {

// Thread-safe.
class LatestCheckpoint {
 public:
  network_log::Latest get() const {
    const std::lock_guard lock(mutex_);
    return latest_;
  }
  void set(std::uint64_t size, std::string note) {
    auto shared = std::make_shared<const std::string>(std::move(note));
    const std::lock_guard lock(mutex_);
    latest_ = {size, std::move(shared)};
  }

 private:
  mutable std::mutex mutex_;
  network_log::Latest latest_;
};

}  // namespace verbund::app
