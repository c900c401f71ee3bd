// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/worker_pool.h"

#include <algorithm>

namespace verbund::http {

WorkerPool::WorkerPool(unsigned workers, std::size_t queue, std::chrono::nanoseconds longest_wait)
    : workers_(std::max(workers, 1u)), queue_(queue), longest_wait_(longest_wait) {
  for (std::size_t i = 0; i < workers_; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::offer(Task task) {
  {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    if (stopped_ || waiting_.size() >= queue_) return false;
    const bool free = running_ + waiting_.size() < workers_;
    if (!free && !waiting_.empty() && now - waiting_.front().since > longest_wait_) return false;
    waiting_.push_back({std::move(task), now, free});
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
      ++running_;
    }
    next.task(!next.free && Clock::now() - next.since > longest_wait_);
    next.task = nullptr;
    const std::lock_guard lock(mutex_);
    --running_;
  }
}

}  // namespace verbund::http
