// SPDX-License-Identifier: EUPL-1.2
// A node that publishes: a thread beside the server turns changes into a log, batch by batch, as they come.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/latest_checkpoint.h"
#include "kits/log/log.h"
#include "kits/metrics/metrics.h"
#include "kits/store/store.h"
#include "kits/tlog/signer.h"
#include "kits/tlog/tile.h"
#include "network/log/own_log.h"
#include "network/sharing/shared_log.h"

namespace verbund::network {
class Sequencer;
}

namespace verbund::app {

struct PublishedLog {
  network::LogPlace place;
  std::unique_ptr<network::Outbox> outbox;
  std::optional<std::string> name;   // of the key that is made if there is none; nothing: waits until somebody makes it
  std::string metrics;               // what its metrics begin with: "verbund_log"
  store::Database* database;         // whose commits are noticed within 5 ms
  std::function<void()> changed;     // is told of each new checkpoint, by the publishing thread; may be empty
  // Who signs, where the key is not in the file of `place`; empty: that file.
  std::function<Result<tlog::NoteSigner>()> signer = {};
  // Adds cosignatures before a checkpoint is published; see network::Sequencer::Options. Empty: none are wanted.
  std::function<Result<std::string>(const std::string&, const tlog::TileSource&)> cosign = {};
  // Makes sure that a log that was restored from a backup may go on; gives how many entries were taken back for it. Empty:
  // a restored log is not continued.
  std::function<Result<std::uint64_t>()> settle = {};
  // Whether to ask for cosignatures of a published checkpoint again now; asked once a second. Empty: never.
  std::function<bool(const std::string&)> cosign_due = {};
  // The word of a log that several processes of this node have in common ("log", "members"); empty: it is in the folder
  // of this process alone.
  std::string shared = {};
  std::chrono::milliseconds look_every{2};   // how soon a change is noticed
};

class Publishing {
 public:
  // Starts at once and does not block; the key is made by the thread if there is none. What goes wrong is logged and
  // tried again every second: serving goes on. If another process publishes for this folder, this one waits.
  Publishing(PublishedLog what, const log::Log& log, metrics::Registry& registry);

  network::OwnLog& log() { return own_log_; }
  network_log::Latest latest() const { return latest_.get(); }   // any thread; null while another process publishes
  // Publishes itself, at this moment, and nobody else may yet: also true to a store that hangs. Any thread.
  bool leads() const { return leads_ && (!shared_ || shared_->leads()); }
  std::string trouble() const;           // why the log is not continued now, "" if nothing is wrong; any thread

 private:
  void run(const std::stop_token& stop);
  void say(const std::string& reason);
  Result<tlog::NoteSigner> signer() const;
  // Until something goes wrong, a new key waits, another process leads or the program ends.
  Result<void> publish(const std::stop_token& stop);
  // Takes what the leading process publishes, until this one leads. False: the program ends.
  Result<bool> become_leader(const std::stop_token& stop);
  Result<bool> cosign(network::Sequencer& sequencer) const;

  const PublishedLog what_;
  const log::Log log_;
  network::OwnLog own_log_;
  std::optional<network::SharedLog> shared_;   // of the thread, but for SharedLog::leads
  std::atomic<bool> leads_{false};
  LatestCheckpoint latest_;
  std::atomic<std::uint64_t> size_{0};
  std::atomic<std::int64_t> pending_{0};   // changes that are not in the log yet
  mutable std::mutex mutex_;
  std::string trouble_;
  std::jthread thread_;
};

}  // namespace verbund::app
