// SPDX-License-Identifier: EUPL-1.2
// A log that gets a new key says so with both: a note signed by the old and the new key. Whoever holds an older key
// walks from it to the one that signs now.
// Source: docs/protocols/network.md, clause 12.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/tlog/checkpoint.h"

namespace verbund::network {

inline constexpr std::size_t most_handovers = 64;                // of one log
inline constexpr std::size_t handovers_limit = 64 * 1024;        // bytes of all of them

struct Handover {
  tlog::VerifierKey old_key, new_key;     // of the same name, the origin of the log
  std::uint64_t size = 0;                 // of the log when its key changed, and its root: what the old key answers for
  tlog::Hash root = tlog::empty_root();

  std::string to_text() const;            // the text of the note
  // Errors: invalid, unless `text` is what to_text gives of some hand-over.
  static Result<Handover> parse(std::string_view text);
  bool operator==(const Handover&) const = default;
};

// The signed note. Requires: the keys of `handover` are those of the signers.
std::string sign_handover(const Handover& handover, const tlog::SignerKey& old_key, const tlog::SignerKey& new_key);

// Notes one behind the other, as published at `handover`, oldest first. Errors: invalid, too_large.
Result<std::vector<std::string>> split_handovers(std::string_view bytes);

// Reads hand-overs in order and verifies them: each signed by both keys, beginning with the key of the one before, not
// going back in size, never back to a key that has gone. Errors: invalid, too_large.
Result<std::vector<Handover>> read_chain(const std::vector<std::string>& notes);

// The key that follows from `known`: that of the last hand-over if `known` is a key of the chain, else `known` itself
// (a log that it did not sign is refused by its signature then). Errors: as read_chain.
Result<tlog::VerifierKey> current_key(const tlog::VerifierKey& known, const std::vector<std::string>& notes);

// Whether `key` is the old or the new one of some hand-over: then they are of the log that the key is of.
bool holds_key(const std::vector<Handover>& chain, const tlog::VerifierKey& key);

}  // namespace verbund::network
