// SPDX-License-Identifier: EUPL-1.2
// The publisher's side: asks witnesses for their cosignatures before a checkpoint is published.
// Source: C2SP tlog-witness; docs/protocols/network.md, clause 11.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/tlog/checkpoint.h"
#include "kits/tlog/tile.h"

namespace verbund::network {

// How one witness answers a request: its HTTP status and body. `resource`: "add-checkpoint" or "add-handovers". Ends
// early when `stop` says so. Errors: unavailable.
struct WitnessReply {
  int status = 0;
  std::string body;
};
using AskWitness = std::function<Result<WitnessReply>(const std::string& address, std::string_view resource,
                                                      std::string_view request, const std::stop_token& stop)>;

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

// Of one log. Remembers what each witness has cosigned; a witness that failed rests for a while. One that does not
// answer holds up nobody else: it is waited for only as long as the quorum needs it.
class Cosigning {
 public:
  struct Options {
    std::size_t quorum = 0;                                // fewer cosignatures: the checkpoint is not published
    std::chrono::seconds rest{10};                         // of a witness that failed, unless the quorum needs it
    // How long the others are waited for when enough have signed; after so long without, those that rest are asked too.
    std::chrono::milliseconds patience{250};
    bool one_by_one = false;                               // for simulations: in the calling thread, in order
    // The hand-overs of the log's key as they are published, for a witness that does not know the key; empty: none.
    std::function<std::string()> handovers = {};
  };
  // `ask` is called from several threads at once, also after `gather` has ended, and limits its time by itself.
  Cosigning(std::vector<WitnessAddress> witnesses, AskWitness ask, Options options);
  // Ends what is still asked, and waits for that.
  ~Cosigning();

  // The note with the cosignatures that could be had in time; all witnesses are asked at the same time. `tiles`: of the
  // log, as far as the checkpoint goes; not asked any more afterwards. Errors: unavailable (fewer than the quorum, says
  // who failed and how), conflict (a witness has seen another history of this log), invalid (not a checkpoint). One
  // thread at a time.
  Result<std::string> gather(const std::string& note, const tlog::TileSource& tiles);

 private:
  struct Asked;
  struct Round;
  struct Known;
  void ask(std::size_t witness, const std::shared_ptr<Round>& round);
  void learn(std::size_t witness);

  std::vector<WitnessAddress> witnesses_;
  AskWitness ask_;
  Options options_;
  std::vector<Known> known_;                                      // of each witness
};

}  // namespace verbund::network
