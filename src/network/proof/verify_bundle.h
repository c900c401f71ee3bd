// SPDX-License-Identifier: EUPL-1.2
// Checks a proof with one key and nothing else: the operator's, or where there is no network the publisher's own.
// Source: docs/protocols/network.md, clause 10.
#pragma once

#include <string>
#include <vector>

#include "network/proof/bundle.h"

namespace verbund::network {

struct BundleReport {
  struct Log {
    tlog::Checkpoint checkpoint;      // whose origin is the publisher
    tlog::VerifierKey key;            // that signed it
    std::string title;                // of the publisher as the operator calls it; "" without a network
  };
  bool by_operator = false;           // else the key is the publisher's own: nobody says for what it may speak
  std::vector<Log> publishers;        // in the order of the bundle
};

// That the key signed, every entry is in its log, every body is the one its entry names, every signature holds and,
// with a network, every publisher is a member that may speak of agency and kind. It proves what was said, not that
// nothing was said later. Every single bit counts. Errors: invalid (what does not hold, `where` says of which log),
// not_found (another key signed).
Result<BundleReport> verify_bundle(const Bundle& bundle, const tlog::VerifierKey& key);

}  // namespace verbund::network
