// SPDX-License-Identifier: EUPL-1.2
// Follows one log: brings in what its publisher signed (Mirror), then applies it entry by entry, each batch in one
// transaction with the place that is reached. Resumable at any instant; whatever goes wrong, the last good state stays.
// Source: docs/protocols/network.md, clause 9.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "kits/store/store.h"
#include "network/following/followed_store.h"
#include "network/following/mirror.h"
#include "network/following/sink.h"
#include "network/following/trouble.h"

namespace verbund::network {

// What the log's publisher may say.
struct Rules {
  bool speaks = true;              // false (suspended, expired, no member): nothing it said is shown
  std::string terms;               // another text: `refusal` may answer differently, all is applied anew
  // Why the entry is not to be believed, in one English line; nothing if it is. A withdrawal has no claims.
  std::function<std::optional<std::string>(const Entry&, const std::vector<Claim>&)> refusal;
};

class Follower {
 public:
  struct Options {
    std::size_t batch_entries = 8'192;           // in one transaction
    std::size_t batch_bytes = 16u << 20;         // of bodies in one transaction, about
    std::chrono::seconds patience{600};          // a state whose body is missing for longer is an alarm
    std::int64_t refused_kept = 1'000;           // refused entries that are listed for each log
    bool ahead = false;                          // a second thread brings in the next batch while one is applied
    // Whether this process is still the one that follows this log, asked within each transaction before anything is
    // written. An error: nothing is. Empty: there is no other.
    std::function<Result<void>(store::Connection&)> may_write = {};
    Mirror::Options mirror;
  };

  // Errors: storage (another process follows this log; disk; store).
  static Followed<std::unique_ptr<Follower>> open(std::string folder, store::Database& database, Sink& sink,
                                                  Trust trust, Rules rules, Options options);
  ~Follower();

  // New ones hold from the next step on. `trust` has the same origin.
  void change(Trust trust, Rules rules);

  // One step with the checkpoint `note` that `source` or somebody else gave: brings in and applies a part. True: there
  // is more to do at once. A fault is noted in the store; what the store throws is passed on. One thread at a time.
  Followed<bool> step(LogSource& source, std::string_view note, Instant now);
  // Applies new rules to what is here, without a publisher. True: there is more to do at once.
  Followed<bool> settle(LogSource& source, Instant now);
  // For who has not asked yet: notes that nobody knows how the log is now, unless an alarm is noted.
  void connecting(Instant now);
  // For who could not even get a checkpoint: notes the fault.
  void failed(const Fault& fault, Instant now);

  const FollowedLog& state() const { return state_; }
  const Mirror& mirror() const { return mirror_; }
  std::int64_t missing() const { return missing_; }      // texts that have not come
  std::int64_t refused() const { return refused_; }      // entries that are not believed

 private:
  struct Batch;
  Follower(Mirror mirror, store::Database& database, Sink& sink, Rules rules, Options options);
  Followed<bool> advance(LogSource& source, std::string_view note, Instant now, Fault& finding);
  std::optional<Batch> look_ahead(LogSource& source, std::string_view note, std::uint64_t from, Instant now);
  Followed<void> restart(Instant now);
  Followed<Batch> next_batch(LogSource& source, std::uint64_t from) const;
  Followed<Batch> gather(std::uint64_t from) const;
  Followed<void> fetch(LogSource& source, Batch& batch) const;
  void judge(Batch& batch) const;
  Followed<void> apply(const Batch& batch, Instant now);
  Followed<bool> retry(LogSource& source, Instant now, std::string& doubt);
  void note(Trouble what, const std::string& reason, Instant now);
  Followed<void> write(const std::function<void(store::Connection&, FollowedLog&)>& work);

  Mirror mirror_;
  store::Database& database_;
  Sink& sink_;
  Rules rules_;
  Options options_;
  FollowedLog state_;                  // as it is in the store
  std::unique_ptr<Batch> ready_;       // brought in ahead, judged by the rules of now
  std::int64_t missing_ = 0;           // rows of this log
  std::int64_t refused_ = 0;
  Instant retry_at_{};                 // when missing bodies are asked for next
  std::chrono::seconds retry_pause_{1};
  std::int64_t retry_after_ = -1;      // position behind which the next retry looks
};

}  // namespace verbund::network
