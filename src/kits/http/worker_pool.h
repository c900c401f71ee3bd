// SPDX-License-Identifier: EUPL-1.2
// Threads that run tasks from a queue that is bounded in length and in time.
#pragma once

#include <chrono>
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
  // `late`: the task waited for others longer than `longest_wait`, nobody should do its work now. One that found a free
  // worker is never late, however long the system takes to let that worker run.
  using Task = std::function<void(bool late)>;

  // Limit: `queue` tasks wait; none is taken in while the oldest waits for longer than `longest_wait`.
  WorkerPool(unsigned workers, std::size_t queue, std::chrono::nanoseconds longest_wait);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  // False if the queue is full or the pool has stopped. Requires: `task` throws nothing.
  bool offer(Task task);
  // Drops what waits, lets what runs finish.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    Task task;
    Clock::time_point since;
    bool free = false;   // there was a worker for it
  };
  void work();

  const std::size_t workers_, queue_;
  const std::chrono::nanoseconds longest_wait_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  std::size_t running_ = 0;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace verbund::http
