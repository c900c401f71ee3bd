// SPDX-License-Identifier: EUPL-1.2
// Whether two checkpoints of one log, held by different people, go together. Two histories under one key are proven with
// the signatures of the log alone: nobody's word is needed, and nobody can make it up.
// Source: docs/protocols/network.md, clause 11.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/tlog/checkpoint.h"
#include "kits/tlog/tile.h"

namespace verbund::network {

// What somebody holds of a log. Nothing of it is trusted.
struct HeldLog {
  std::string note;              // its signed checkpoint
  tlog::TileSource tiles = {};   // of the log as far as the checkpoint goes; empty: none are to be had
  std::string handovers = {};    // of its key (clause 12), "" if there are none
};

enum class Verdict {
  same,       // one goes on from the other
  fork,       // they contradict each other
  unknown     // not signed by the log, or the tiles that would tell are not to be had or are wrong
};

struct Comparison {
  Verdict verdict = Verdict::unknown;
  std::string evidence;          // of a fork, see verify_evidence
};

// `keys`: that have signed for the log, one of them each checkpoint.
Comparison compare_logs(const HeldLog& one, const HeldLog& other, const std::vector<tlog::VerifierKey>& keys);

// Evidence of a fork: the smaller checkpoint, an empty line, the larger one; where they differ in size an empty line
// more, "prefix ROOT", the root of the first entries of the larger log, as many as the smaller one has, and the hashes
// of the proof of consistency from there, each on a line. At most 160 KiB.
// Gives the origin. Errors: invalid (it does not prove that a log with one of `keys` has forked).
Result<std::string> verify_evidence(std::string_view evidence, const std::vector<tlog::VerifierKey>& keys);

}  // namespace verbund::network
