// SPDX-License-Identifier: EUPL-1.2
// Watches the logs of others: signs that a checkpoint continues what it has signed before, and so never two histories
// of one log. What was cosigned last is durable before the cosignature leaves.
// Source: C2SP tlog-witness; docs/protocols/network.md, clause 11.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "kits/tlog/checkpoint.h"
#include "network/witness/comparing.h"

namespace verbund::network {

std::string witness_folder(const std::string& data_folder);     // DATA/network/witness
std::string witness_key_file(const std::string& data_folder);   // DATA/network/witness.key

// DATA/network/witness/HASH: what is kept of the log of `origin` in a folder of the witness.
std::string witness_file(const std::string& folder, const std::string& origin);

// Origins of the logs of which `folder` (that of a witness) has evidence that they forked, sorted, each once.
std::vector<std::string> forked_logs(const std::string& folder);
// The same of a node: what its witness has evidence of, and what its copies have (DATA/network/heard/NAME/evidence).
std::vector<std::string> known_forks(const std::string& data_folder);

// The key with which a node cosigns (file mode 0600); made, called `name`, where there is none. A key that others may
// read is refused. Errors: conflict, invalid, unavailable.
Result<tlog::SignerKey> load_or_create_witness_key(const std::string& data_folder, const std::string& name);

class Witness {
 public:
  // Whose checkpoints are cosigned: the keys that the network names for an origin, none if it is unknown. What they
  // were handed over to counts instead (add_handovers). Any thread.
  using Keys = std::function<std::vector<tlog::VerifierKey>(std::string_view origin)>;
  struct Options {
    std::function<void(std::string_view file)> before_write;   // for tests: hears what is written next
    // For a witness of several processes. `refresh` brings what the others have kept into the folder. `replace` keeps
    // `after` ("": nothing) as `path` of the folder, for all of them and in the folder, if it is `before` until then;
    // false: it was something else. Errors: unavailable. Empty: the folder is all there is.
    std::function<Result<void>()> refresh = {};
    std::function<Result<bool>(const std::string& path, const std::optional<std::string>& before,
                               std::string_view after)> replace = {};
  };

  // Requires: `clock` lives as long; `key` is one for cosignatures.
  Witness(std::string folder, tlog::SignerKey key, Keys keys, const Clock& clock, Options options)
      : folder_(std::move(folder)), key_(std::move(key)), keys_(std::move(keys)), clock_(clock),
        options_(std::move(options)) {}
  Witness(std::string folder, tlog::SignerKey key, Keys keys, const Clock& clock)
      : Witness(std::move(folder), std::move(key), std::move(keys), clock, Options()) {}

  // An answer as HTTP has it: 200 with the line of the cosignature, 409 with the size that was cosigned last, else one
  // English line. `fork`: two histories were seen, both checkpoints are kept in `evidence/`. Any thread; one origin
  // after the other. 400 malformed; 403 no key of the log signed; 404 unknown log; 409 another size was cosigned last,
  // or the same size with another root; 422 the proof does not prove it; 503 a disk.
  struct Answer {
    int status = 200;
    std::string body;
    bool size_only = false;     // the body is a size (409)
    bool fork = false;
  };
  Answer add_checkpoint(std::string_view request);

  // All hand-overs of a log (clause 12): from now on its newest key counts. Any thread. 200 taken, or known already;
  // 400 malformed or forged; 403 they do not begin at a key of the log; 404 unknown log; 409 other hand-overs are known;
  // 503 a disk.
  Answer add_handovers(std::string_view notes);

  // Compares what is known here of the log with what is held of it elsewhere: each of `held` with each other, and all of
  // them with the checkpoint that was cosigned last and with those that were refused without being able to tell why.
  // True: a fork that was not known is proven now; the evidence is kept. Any thread. Errors: unavailable (a disk).
  Result<bool> compare(const std::string& origin, const std::vector<HeldLog>& held);
  // Logs of which a checkpoint was refused that nobody could judge yet.
  std::vector<std::string> doubted() const;

  const tlog::SignerKey& key() const { return key_; }
  // Forks seen so far, by the files that prove them.
  std::vector<std::string> evidence() const;

 private:
  // What was cosigned last; size 0 and no note: nothing yet.
  struct Seen {
    std::string note;
    tlog::Checkpoint checkpoint;
  };
  Result<Seen> seen(const std::string& origin) const;
  Result<std::vector<std::string>> handovers(const std::string& origin) const;
  Result<std::vector<tlog::VerifierKey>> current_keys(const std::string& origin) const;
  Result<std::vector<tlog::VerifierKey>> all_keys(const std::string& origin, const std::vector<HeldLog>& held) const;
  std::vector<std::string> doubts(const std::string& origin) const;     // files
  void doubt(const std::string& origin, std::string_view note);
  Result<bool> keep_evidence(const std::string& origin, std::string_view evidence);
  Result<void> refresh() const { return options_.refresh ? options_.refresh() : Result<void>(); }
  // False: another process was quicker.
  Result<bool> put(const std::string& file, const std::optional<std::string>& before, std::string_view after);
  std::mutex& lock_of(const std::string& origin);

  std::string folder_;
  tlog::SignerKey key_;
  Keys keys_;
  const Clock& clock_;
  Options options_;
  std::array<std::mutex, 16> locks_;      // by hash of the origin
};

}  // namespace verbund::network
