// SPDX-License-Identifier: EUPL-1.2
// A verified copy of a log that somebody else publishes: entries and tiles in the files of a log (clause 4 of
// docs/protocols/network.md), without bodies. Nothing is written that is not proven by a signed checkpoint.
// Beside the resources of a log the folder has `seen` (the newest checkpoint that was believed), `progress` (how far
// the copy is) and `evidence/` (pairs of checkpoints that contradict each other).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "kits/file/file.h"
#include "kits/tlog/checkpoint.h"
#include "kits/tlog/tile.h"
#include "network/following/trouble.h"
#include "network/log/entry.h"
#include "network/log/log_source.h"
#include "network/log/sequencer.h"

namespace verbund::network {

// Whom a copy believes.
struct Trust {
  tlog::VerifierKey key;                       // of the log; its name is the origin
  std::vector<tlog::VerifierKey> witnesses;    // different ones
  std::size_t quorum = 0;                      // so many of them have signed each checkpoint
};

class Mirror {
 public:
  struct Options {
    std::uint64_t bundles = 32;                // brought in by one step at most, 17 MB of memory at worst
    std::chrono::seconds skew{300};            // entries may be as much ahead of our clock
    // Gives what a step has written to who keeps this copy for other processes, before the step ends. What it does not
    // take is given again with the next step. Empty: this process alone has it.
    std::function<Result<void>(const std::vector<LogFile>&)> share = {};
    std::function<void(std::string_view)> before_write;   // for tests: hears which file is written next
  };

  // Opens the copy in `folder` or begins one. A copy that is damaged is fetched anew; what was seen is remembered.
  // Errors: storage (another process has it open; a disk; a damaged `seen`).
  static Followed<Mirror> open(std::string folder, Trust trust, Options options);

  // Believes in `note` (a checkpoint that somebody gave) if it continues what was seen, and brings in a part of what it
  // commits to. True: more is to be had at once. Whatever goes wrong, what is here stays and is right.
  // Errors: all but missing. One thread at a time.
  Followed<bool> step(LogSource& source, std::string_view note, Instant now);

  void believe(Trust trust) { trust_ = std::move(trust); }
  const Trust& trust() const { return trust_; }
  std::uint64_t size() const { return tiles_.size(); }      // entries that are here, all of them proven
  std::uint64_t announced() const { return seen_ ? seen_->size : 0; }   // by the newest believed checkpoint
  const std::string& folder() const { return folder_; }

  // Up to `most` entries from position `first` on, not beyond a bundle's end. Requires: first < size().
  // Errors: storage.
  Followed<std::vector<Entry>> entries(std::uint64_t first, std::size_t most) const;
  // The bundle that `position` lies in, as wide as it is here. Requires: position < size().
  tlog::TileId bundle_of(std::uint64_t position) const;

 private:
  struct Part;   // files that are not written yet
  Mirror(std::string folder, Trust trust, Options options, file::Lock lock)
      : folder_(std::move(folder)), trust_(std::move(trust)), options_(std::move(options)), lock_(std::move(lock)) {}
  Followed<void> load();
  Followed<bool> bring(LogSource& source, std::string_view note, Instant now);
  void to_share(const std::string& file, std::string_view bytes);
  Followed<tlog::Checkpoint> verified(LogSource& source, std::string_view note);
  Followed<void> learn_key(LogSource& source, const tlog::Note& note);
  Followed<void> continues(LogSource& source, const tlog::Checkpoint& now, std::string_view note);
  Followed<Part> fetch(LogSource& source, const tlog::Checkpoint& goal, Instant now) const;
  Followed<void> prove(LogSource& source, const Part& part, const tlog::Checkpoint& goal, std::string_view note);
  Followed<void> accept(Part part);
  Followed<void> see(std::string_view note, const tlog::Checkpoint& checkpoint);
  Followed<void> write(const std::string& file, std::string_view bytes);
  std::unexpected<Fault> fork(std::string_view note, std::string message);

  std::string folder_;
  Trust trust_;
  Options options_;
  file::Lock lock_;
  tlog::TileBuilder tiles_;                    // of what is here
  std::string bundle_;                         // the partial bundle at the end
  std::int64_t last_revision_ = 0;
  std::vector<std::string> handovers_;         // of the log's key, as far as they were needed
  std::string seen_note_;                      // "" with seen_ empty
  std::optional<tlog::Checkpoint> seen_;       // never smaller than what is here
  std::vector<LogFile> unshared_;              // written, not given to Options::share yet
  std::string complete_note_;                  // the one in `checkpoint`
};

}  // namespace verbund::network
