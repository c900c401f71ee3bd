// SPDX-License-Identifier: EUPL-1.2
// What a log commits to: its size and root at a moment, and the proof that an entry is in it, as a file.
// Source: C2SP tlog-checkpoint, tlog-proof.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/tlog/note.h"
#include "kits/tlog/tree.h"

namespace verbund::tlog {

struct Checkpoint {
  std::string origin;                      // which log; the name of its key
  std::uint64_t size = 0;                  // entries, at most 2^63 - 1
  Hash root = empty_root();
  std::vector<std::string> extensions;     // further lines, not empty

  std::string to_text() const;             // the text of the note
  // Errors: invalid (form; a root other than the empty one with size 0).
  static Result<Checkpoint> parse(std::string_view text);
  bool operator==(const Checkpoint&) const = default;
};

// A signed checkpoint of the log whose key is `key`. Errors: invalid (form, signature, another origin), not_found (not
// signed by this key), too_large.
Result<Checkpoint> open_checkpoint(const Note& note, const VerifierKey& key);
Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);

// That at least `quorum` of the different keys of `witnesses` signed. Errors: invalid (fewer did, or a signature by one
// of them is wrong).
Result<void> verify_quorum(const Note& note, const std::vector<VerifierKey>& witnesses, std::size_t quorum);

// That an entry is in a log: file extension .tlog-proof.
struct EntryProof {
  std::string extra;                       // bytes for the application, not authenticated; empty: none
  std::uint64_t index = 0;
  Proof hashes;
  std::string checkpoint;                  // the signed note as it was published

  std::string to_text() const;
  static Result<EntryProof> parse(std::string_view text);   // Errors: invalid, too_large (over 16 MiB)
  // Verifies signature and inclusion. Gives the checkpoint. Errors: as open_checkpoint, invalid.
  Result<Checkpoint> verify(std::string_view entry, const VerifierKey& key) const;
};

}  // namespace verbund::tlog
