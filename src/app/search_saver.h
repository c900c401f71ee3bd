// SPDX-License-Identifier: EUPL-1.2
// Brings counts of searches to the store beside the requests.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "directory/learning/search_counter.h"
#include "kits/log/log.h"
#include "kits/store/store.h"

namespace verbund::app {

// Saves every `every` and once more at the end of its life. A store that cannot be written is said once in the log and
// tried again; the program goes on.
class SearchSaver {
 public:
  SearchSaver(directory::SearchCounter& counter, store::Database& database, const log::Log& log,
              std::chrono::seconds every = std::chrono::seconds(60));
  ~SearchSaver();

 private:
  void save();

  directory::SearchCounter& counter_;
  store::Database& database_;
  const log::Log& log_;
  bool failing_ = false;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace verbund::app
