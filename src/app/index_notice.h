// SPDX-License-Identifier: EUPL-1.2
// Tells a search engine which pages changed. Off by default, and the only thing here that speaks to the outside of its
// own accord. Says nothing but addresses of our own public pages.
// Source: IndexNow (indexnow.org/documentation): GET endpoint?url=...&key=..., the key is served as /KEY.txt.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "directory/finder/finder.h"
#include "kits/log/log.h"
#include "kits/store/store.h"

namespace verbund::app {

struct IndexNoticeOptions {
  std::string endpoint;                             // "https://engine.example/indexnow"
  std::string key;                                  // 8-128 of a-z A-Z 0-9 -
  std::size_t waiting = 10'000;                     // addresses; over it the oldest are forgotten
  std::chrono::milliseconds between{200};           // from one notice to the next
  std::chrono::milliseconds after_refusal{60'000};  // endpoint not there, 429 or 5xx; the address is kept
};

// Errors: usage (key or endpoint of another form).
Result<void> check(const IndexNoticeOptions& options);

class IndexNotice {
 public:
  // Requires: check() holds. Sends in a thread of its own, which ends with this.
  IndexNotice(IndexNoticeOptions options, const log::Log& log);
  ~IndexNotice();
  // Whole addresses; one that waits already is not taken twice. Any thread; does not wait.
  void changed(const std::vector<std::string>& addresses);

  struct Counts { std::uint64_t sent = 0, refused = 0, forgotten = 0; std::size_t waiting = 0; };
  Counts counts() const;

 private:
  void work(const std::stop_token& stop);

  const IndexNoticeOptions options_;
  const log::Log log_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::string> queue_;
  std::set<std::string> queued_;
  Counts counts_;
  std::jthread thread_;
};

// Paths of the pages that the changes after `after` touched: services at the places they are valid for (at most five,
// or `home` alone), authorities. At most 2000 changes; `after` becomes the last one looked at.
std::vector<std::string> changed_pages(store::Connection& connection, const directory::Snapshot& snapshot,
                                       std::string_view home, std::int64_t& after);

}  // namespace verbund::app
