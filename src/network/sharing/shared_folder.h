// SPDX-License-Identifier: EUPL-1.2
// A folder of files that several processes of one node have in common: the copy of a followed log, what a witness
// has signed. The truth is in the store; each process keeps a copy in its own folder, from which it reads. Either one process
// leads and adds (lead, add), or all of them replace file by file (replace).
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/store/store.h"
#include "network/log/sequencer.h"

namespace verbund::network {

class SharedFolder {
 public:
  // `name`: in the store, as the folder is called below DATA/network ("heard/NAME", "witness"). Nothing is done yet.
  SharedFolder(store::Database& database, std::string folder, std::string name);
  ~SharedFolder();

  // Takes what was added by others into the folder. True: something was new. Any thread. Errors: unavailable (the
  // disk). Throws store::Failure.
  Result<bool> pull();
  std::int64_t taken() const { return taken_; }   // the last addition that is in the folder; any thread

  // Becomes the leader, whoever was it before. The folder is then what the store has; where the store has nothing, the
  // store what the folder has. Errors: unavailable. Throws store::Failure.
  Result<void> lead();
  bool leads() const { return leads_; }           // as far as is known here; any thread
  void step_down() { leads_ = false; }
  // Adds files that are in the folder already. Errors: conflict (another process leads by now). Throws store::Failure.
  Result<void> add(const std::vector<LogFile>& files);
  // Whether this process still leads: asked within the transaction that depends on it. Errors: conflict.
  Result<void> check(store::Connection& connection);

  // What the store has as `path`; nothing: no such file. Throws store::Failure.
  std::optional<std::string> body(std::string_view path);
  // Gives the store what the folder has (but `key`), where the store has nothing of it. Throws store::Failure.
  Result<void> adopt();
  // See SharedLogStore::replace; what is there then is in the folder, too. Any thread. Throws store::Failure.
  Result<bool> replace(std::string_view path, const std::optional<std::string>& before, std::string_view after);

 private:
  Result<bool> take(bool small_anew);
  Result<std::vector<LogFile>> files_here() const;
  Result<void> note_taken();

  store::Database& database_;
  const std::string folder_, name_, mark_;   // mark_: FOLDER.shared, how much of the store is in the folder
  std::mutex mutex_;                         // of the folder
  std::atomic<std::int64_t> taken_{-1};      // -1: not looked at yet
  std::int64_t noted_ = -1;                  // in mark_
  std::atomic<bool> leads_{false};
  std::string leader_;
};

// Takes everything that the processes of this node have in common into its data folder, for a command that reads there.
// Where a process at work keeps a folder up to date, it is left alone. Errors: unavailable, conflict (the folder holds
// another log). Throws store::Failure.
Result<void> pull_all(store::Database& database, const std::string& data_folder);

}  // namespace verbund::network
