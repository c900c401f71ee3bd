// SPDX-License-Identifier: EUPL-1.2
// Turns the outbox into the node's log. Order of durability: outbox (by its owner), then entries and tiles, then the
// checkpoint. A crash at any instant leaves the last published checkpoint whole; the next step writes the same again.
// Source: docs/protocols/network.md, clauses 3 and 4.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "kits/file/file.h"
#include "kits/tlog/signer.h"
#include "kits/tlog/tile.h"
#include "network/log/entry.h"
#include "network/log/own_log.h"

namespace verbund::network {

// A file of a log: its path below the folder of the log, and its bytes.
struct LogFile {
  std::string path;
  std::string bytes;
};

class Sequencer {
 public:
  struct Options {
    std::size_t batch = 16'384;   // changes looked at in one step; memory and time of a step grow with it
    // Adds the cosignatures of witnesses to a signed checkpoint before it is published; the tiles it stands on can be
    // read. An error: it is not published, the step gives the error.
    std::function<Result<std::string>(const std::string& note, const tlog::TileSource& tiles)> cosign = {};
    // Gives the files of a step, the checkpoint as the last one, to who keeps this log for processes elsewhere: when
    // they are durable here and before the checkpoint is published. An error: it is not published, the step gives it.
    std::function<Result<void>(const std::vector<LogFile>& files)> share = {};
  };

  // Takes the log for itself, checks that it is whole and made of this outbox, publishes an empty log
  // where there is none. Errors: conflict (another process publishes; the store is older than the log or another one; the
  // log was restored from a backup, see restored.h),
  // invalid (the log is damaged), unavailable.
  static Result<std::unique_ptr<Sequencer>> open(const LogPlace& place, const tlog::NoteSigner& key, Outbox& outbox,
                                                 const Options& options);
  static Result<std::unique_ptr<Sequencer>> open(const LogPlace& place, const tlog::NoteSigner& key, Outbox& outbox) {
    return open(place, key, outbox, Options());
  }

  // Publishes the next batch. False: everything is published. Errors: unavailable ...; open a new one then, the log
  // is as it was before. One thread at a time.
  Result<bool> step();

  // Asks for cosignatures of the same checkpoint again; publishes it with them if there is one that it had not before.
  // True: it was. Errors: those of Options::cosign; the log is as it was. One thread at a time.
  Result<bool> cosign_again();

  std::uint64_t size() const { return size_; }             // entries published; from any thread
  std::int64_t looked_at() const { return looked_at_; }    // the last change of the outbox that was dealt with

 private:
  Sequencer(std::string folder, tlog::NoteSigner key, Outbox& outbox, const Options& options, file::Lock lock)
      : folder_(std::move(folder)), key_(std::move(key)), outbox_(outbox), options_(options), lock_(std::move(lock)) {}
  Result<void> load();
  Result<std::string> checkpoint_now() const;      // signed, and cosigned if that is asked for
  Result<void> publish();
  Result<void> put_checkpoint(const std::string& text);   // shared first
  Result<void> sign_anew();

  const std::string folder_;
  const tlog::NoteSigner key_;
  Outbox& outbox_;
  const Options options_;
  file::Lock lock_;
  bool stale_ = false;                        // what is published is signed by an earlier key, or not cosigned
  tlog::TileBuilder tiles_;
  std::string bundle_;                        // the partial bundle at the end
  std::vector<LogFile> unshared_;             // written since the last checkpoint
  bool shared_ = false;                       // the key and the hand-overs are
  std::atomic<std::uint64_t> size_{0};
  std::atomic<std::int64_t> looked_at_{0};
};

}  // namespace verbund::network
