// SPDX-License-Identifier: EUPL-1.2
// Threads that run tasks from a bounded queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace verbund::http {

class WorkerPool {
 public:
  WorkerPool(unsigned workers, std::size_t queue);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  // False if the queue is full or the pool has stopped. Requires: `task` throws nothing.
  bool offer(std::function<void()> task);
  // Drops what waits, lets what runs finish.
  void stop();

 private:
  void work();
  const std::size_t queue_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace verbund::http
