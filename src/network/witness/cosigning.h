// SPDX-License-Identifier: EUPL-1.2
// The publisher's side: asks witnesses for their cosignatures before a checkpoint is published.
// Source: C2SP tlog-witness; docs/protocols/network.md, clause 11.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "kits/tlog/checkpoint.h"
#include "kits/tlog/tile.h"

namespace verbund::network {

// How one witness answers a request: its HTTP status and body. `resource`: "add-checkpoint" or "add-handovers".
// Errors: unavailable.
struct WitnessReply {
  int status = 0;
  std::string body;
};
using AskWitness = std::function<Result<WitnessReply>(const std::string& address, std::string_view resource,
                                                      std::string_view request)>;

struct WitnessAddress {
  tlog::VerifierKey key;        // for cosignatures
  std::string address;          // for AskWitness
  bool operator==(const WitnessAddress&) const = default;
};

// Whether all of `witnesses` have signed the note: then there is nothing to ask them.
bool cosigned_by_all(std::string_view note, const std::vector<WitnessAddress>& witnesses);

// At most `most` of `witnesses`, for each log others, always the same ones.
std::vector<WitnessAddress> choose_witnesses(std::vector<WitnessAddress> witnesses, std::string_view origin,
                                             std::size_t most);

// Of one log. Remembers what each witness has cosigned; a witness that failed rests for a while.
class Cosigning {
 public:
  struct Options {
    std::size_t quorum = 0;                                // fewer cosignatures: the checkpoint is not published
    std::chrono::seconds rest{10};                         // of a witness that failed, unless the quorum needs it
    bool one_by_one = false;                               // for simulations: in the calling thread, in order
    // The hand-overs of the log's key as they are published, for a witness that does not know the key; empty: none.
    std::function<std::string()> handovers = {};
  };
  // `ask` is called from several threads at once and limits its time by itself.
  Cosigning(std::vector<WitnessAddress> witnesses, AskWitness ask, Options options)
      : witnesses_(std::move(witnesses)), ask_(std::move(ask)), options_(options) {}

  // The note with the cosignatures that could be had; all witnesses are asked at the same time. `tiles`: of the log, as
  // far as the checkpoint goes. Errors: unavailable (fewer than the quorum, says who failed and how), conflict (a
  // witness has seen another history of this log), invalid (not a checkpoint). One thread at a time.
  Result<std::string> gather(const std::string& note, const tlog::TileSource& tiles);

 private:
  struct Asked;
  Asked ask_one(const WitnessAddress& witness, const tlog::Note& note, const tlog::Checkpoint& checkpoint,
                const tlog::TileSource& tiles, std::uint64_t old_size, const std::string& handovers) const;

  std::vector<WitnessAddress> witnesses_;
  AskWitness ask_;
  Options options_;
  struct Known {
    std::uint64_t size = 0;                                       // cosigned last, as far as is known here
    std::chrono::steady_clock::time_point rests_until{};
  };
  std::map<std::string, Known> known_;                            // by name of the witness
};

}  // namespace verbund::network
