// SPDX-License-Identifier: EUPL-1.2
// A log that several processes of one node have in common. The truth is in the store; each process keeps a copy in its
// own folder, from which it answers. One process leads: it holds a lock of the store and adds; a leader that has lost
// the lock without noticing is refused by the store, which knows the name of the newest one.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "kits/store/store.h"
#include "network/log/own_log.h"
#include "network/log/sequencer.h"

namespace verbund::network {

class SharedLog {
 public:
  // `name`: "log" or "members". Nothing is done yet.
  SharedLog(store::Database& database, LogPlace place, std::string name);

  // Takes what was added by others into the folder. True: something was new. Errors: conflict (the folder holds another
  // log), unavailable. Throws store::Failure.
  Result<bool> pull();
  // Tries to become the leader. False: another process leads. True: the folder is what the store has; a log that stood
  // in the folder only is in the store now. Errors: as pull. Throws store::Failure.
  Result<bool> lead();
  // Whether the lock is still held, at this moment. Any thread, also while another one waits for the store.
  bool leads() const;
  void step_down();
  // Errors: conflict (another process leads by now), unavailable. Throws store::Failure.
  Result<void> add(const std::vector<LogFile>& files);

 private:
  Result<std::vector<LogFile>> files_here() const;
  std::int64_t taken() const;
  Result<void> note_taken(std::int64_t number) const;

  store::Database& database_;
  const LogPlace place_;
  const std::string name_;
  const std::string mark_;      // DATA/network/log.shared: the number of the last addition that is in the folder
  std::string leader_;
  std::int64_t added_ = 0;      // our last addition
  mutable std::mutex mutex_;    // of the pointer
  std::shared_ptr<store::NamedLock> lock_;
};

}  // namespace verbund::network
