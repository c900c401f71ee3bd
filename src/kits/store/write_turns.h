// SPDX-License-Identifier: EUPL-1.2
// Writers of one database, in the order in which they came; short ones share a transaction, and so its round trips and
// its wait for the disk. Internal to kits/store.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>

namespace verbund::store {

// Thread-safe. One thread at a time has the turn; it is over with end() or hand_on().
class WriteTurns {
 public:
  enum class Fate {
    kept,      // the transaction was committed
    undone,    // nothing of it was kept: whoever took part may try alone
    failed,    // nobody knows, or all fail: the reason is thrown
  };

  // Waits until those who came before had their turn. `shares`: the work may be run again, and be in one transaction
  // with that of others.
  void take(bool shares);
  // Requires the turn: how many others have done their work in the transaction that is open now.
  int others() const { return group_ ? group_->members : 0; }
  // Requires the turn, and that the caller's work is done but not committed. Where the next in line shares, too, it has
  // the turn now, and the transaction with it: waits until that is over and gives its fate, or throws the reason of
  // `failed`. Nothing: there is nobody to share with; the caller commits.
  std::optional<Fate> hand_on();
  // Requires the turn: the transaction is over, in this way for all others() who took part. The next one has the turn.
  void end(Fate fate, std::exception_ptr reason = {});

 private:
  struct Group {
    int members = 0;
    std::chrono::steady_clock::time_point begun{};
    bool over = false;
    Fate fate = Fate::kept;
    std::exception_ptr reason;
    std::condition_variable ended;
  };
  struct Waiter {
    bool shares = false, turn = false;
    std::condition_variable called;
  };
  void call_next();      // requires: the mutex is held, nobody has the turn

  std::mutex mutex_;
  std::deque<Waiter*> waiting_;
  bool taken_ = false, shares_ = false;      // of who has the turn
  std::shared_ptr<Group> group_;             // of the open transaction; null: nobody has handed it on
};

}  // namespace verbund::store
