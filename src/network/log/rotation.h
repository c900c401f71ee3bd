// SPDX-License-Identifier: EUPL-1.2
// Gives a log a new key. The new key waits beside the old one until whoever publishes takes it over: with a hand-over
// signed by both. The old secret key is gone afterwards.
// Source: docs/protocols/network.md, clause 12.
#pragma once

#include "base/result.h"
#include "kits/tlog/note.h"
#include "network/log/own_log.h"

namespace verbund::network {

// Makes the new key, durably, in `place.key_file`.next (file mode 0600). Errors: conflict (one waits already),
// not_found (the log has no key yet), unavailable.
Result<tlog::VerifierKey> prepare_new_key(const LogPlace& place);
bool new_key_waits(const LogPlace& place);

// Takes over a key that waits; nothing to do if none does. The next Sequencer signs with it. Killed at any instant, the
// next call goes on. Errors: conflict (another process publishes: it will take the key over), invalid (the log or the
// hand-overs are damaged), too_large (64 hand-overs), unavailable.
Result<void> take_over_key(const LogPlace& place);

// The checkpoint of a log whose newest key is `key`, also where an earlier key of its hand-overs has signed it.
// Errors: as open_checkpoint, invalid (the hand-overs), those of the source.
Result<tlog::Checkpoint> open_own_checkpoint(LogSource& log, std::string_view note, const tlog::VerifierKey& key);

}  // namespace verbund::network
