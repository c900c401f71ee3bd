// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/write_turns.h"

#include <utility>

#include "base/check.h"

namespace verbund::store {
namespace {

constexpr int members_at_most = 32;
constexpr std::chrono::milliseconds open_at_most(10);   // who was first waits for the last no longer than for a slow disk

}  // namespace

void WriteTurns::take(bool shares) {
  std::unique_lock lock(mutex_);
  if (taken_ || !waiting_.empty()) {
    Waiter self;
    self.shares = shares;
    waiting_.push_back(&self);
    self.called.wait(lock, [&] { return self.turn; });
    return;
  }
  taken_ = true;
  shares_ = shares;
}

void WriteTurns::call_next() {
  taken_ = !waiting_.empty();
  if (!taken_) return;
  Waiter& next = *waiting_.front();
  waiting_.pop_front();
  shares_ = next.shares;
  next.turn = true;
  next.called.notify_one();   // with the mutex held: it is gone as soon as it may run
}

std::optional<WriteTurns::Fate> WriteTurns::hand_on() {
  std::unique_lock lock(mutex_);
  VERBUND_CHECK(taken_);
  if (!shares_ || waiting_.empty() || !waiting_.front()->shares) return std::nullopt;
  const auto now = std::chrono::steady_clock::now();
  if (!group_) {
    group_ = std::make_shared<Group>();
    group_->begun = now;
  }
  if (group_->members == members_at_most || now - group_->begun > open_at_most) return std::nullopt;
  ++group_->members;
  const auto group = group_;
  call_next();
  group->ended.wait(lock, [&] { return group->over; });
  if (group->fate == Fate::failed) std::rethrow_exception(group->reason);
  return group->fate;
}

void WriteTurns::end(Fate fate, std::exception_ptr reason) {
  const std::lock_guard lock(mutex_);
  VERBUND_CHECK(taken_);
  if (group_) {
    group_->over = true;
    group_->fate = fate;
    group_->reason = std::move(reason);
    group_->ended.notify_all();
    group_.reset();
  }
  call_next();
}

}  // namespace verbund::store
