// SPDX-License-Identifier: EUPL-1.2
// Whether the last write failed for a reason of the machine (disk full, read-only). Internal to kits/store.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace verbund::store {

// Thread-safe.
class WriteTrouble {
 public:
  void failed(std::string reason);
  void worked();
  std::string reason() const;   // empty: the last write was kept
  // True for one caller each second while there is trouble: it should try whether writing works again.
  bool look_now();

 private:
  mutable std::mutex mutex_;
  std::string reason_;
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace verbund::store
