// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/worker_pool.h"

#include <algorithm>

namespace verbund::http {

WorkerPool::WorkerPool(unsigned workers, std::size_t queue, std::chrono::nanoseconds longest_wait)
    : queue_(queue), longest_wait_(longest_wait) {
  for (unsigned i = 0; i < std::max(workers, 1u); ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::offer(Task task) {
  {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    if (stopped_ || waiting_.size() >= queue_) return false;
    if (!waiting_.empty() && now - waiting_.front().since > longest_wait_) return false;
    waiting_.push_back({std::move(task), now});
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::stop() {
  std::deque<Waiting> dropped;  // destroyed outside the lock
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(waiting_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::work() {
  while (true) {
    Waiting next;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
      if (stopped_) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next.task(Clock::now() - next.since > longest_wait_);
  }
}

}  // namespace verbund::http
