// SPDX-License-Identifier: EUPL-1.2
// The processes of one node that share its work: who is there, and which of them does what. Each holds one lock of the
// store for as long as it lives; all of them divide the same work in the same way, evenly, and little moves when
// somebody comes or goes. For a while two may believe that something is theirs: what must not be done twice asks the
// store (SharedFolder::check).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "kits/store/store.h"

namespace verbund::network {

// Who does what: each of `work` by one of `processes`, none by more than one more than another. Requires: no name twice.
std::map<std::string, std::string> divide(std::vector<std::string> work, std::vector<std::string> processes);

class SharedWork {
 public:
  explicit SharedWork(store::Database& database) : database_(database) {}
  // Says that it goes: the others take over at once.
  ~SharedWork();

  // Looks who is there, where the store has changed and twice a second anyway. True: others than the last time. One
  // thread. Throws store::Failure; until it works again nothing is divided anew.
  bool look();

  // What of `work` this process does; nothing before it has looked, or while it has no lock. Any thread.
  std::set<std::string> mine(const std::vector<std::string>& work) const;
  bool is_mine(const std::string& one) const { return !mine({one}).empty(); }
  std::size_t processes() const;

 private:
  void enter();

  store::Database& database_;
  std::string name_;                            // of this process
  std::int64_t seen_ = 0;                       // version of the store
  std::chrono::steady_clock::time_point looked_{};
  mutable std::mutex mutex_;
  std::unique_ptr<store::NamedLock> lock_;
  std::vector<std::string> names_;              // of all, sorted
};

}  // namespace verbund::network
