// SPDX-License-Identifier: EUPL-1.2
// Watches the logs of others: signs that a checkpoint continues what it has signed before, and so never two histories
// of one log. What was cosigned last is durable before the cosignature leaves.
// Source: C2SP tlog-witness; docs/protocols/network.md, clause 11.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "kits/tlog/checkpoint.h"

namespace verbund::network {

std::string witness_folder(const std::string& data_folder);     // DATA/network/witness
std::string witness_key_file(const std::string& data_folder);   // DATA/network/witness.key

// The key with which a node cosigns (file mode 0600); made, called `name`, where there is none. A key that others may
// read is refused. Errors: conflict, invalid, unavailable.
Result<tlog::SignerKey> load_or_create_witness_key(const std::string& data_folder, const std::string& name);

class Witness {
 public:
  // Whose checkpoints are cosigned: the keys that may sign for an origin, none if it is unknown. Any thread.
  using Keys = std::function<std::vector<tlog::VerifierKey>(std::string_view origin)>;
  struct Options {
    std::function<void(std::string_view file)> before_write;   // for tests: hears what is written next
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

  const tlog::SignerKey& key() const { return key_; }
  // Forks seen so far, by the files that prove them.
  std::vector<std::string> evidence() const;

 private:
  struct Seen;
  Result<Seen> seen(const std::string& origin) const;
  void keep_evidence(const std::string& origin, std::string_view before, std::string_view now);
  std::mutex& lock_of(const std::string& origin);

  std::string folder_;
  tlog::SignerKey key_;
  Keys keys_;
  const Clock& clock_;
  Options options_;
  std::array<std::mutex, 16> locks_;      // by hash of the origin
};

}  // namespace verbund::network
