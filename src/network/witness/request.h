// SPDX-License-Identifier: EUPL-1.2
// What a publisher asks a witness: a checkpoint, and the proof that it continues what the witness has cosigned last.
// Source: C2SP tlog-witness, add-checkpoint.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "kits/tlog/checkpoint.h"

namespace verbund::network {

inline constexpr std::size_t witness_request_limit = 80 * 1024;   // bytes

struct WitnessRequest {
  std::uint64_t old_size = 0;      // that the witness has cosigned last, 0: none
  tlog::Proof proof;               // of consistency from there, at most 63 hashes
  std::string checkpoint;          // signed note

  std::string to_text() const;
  // What it says is not verified. Errors: invalid (form), too_large.
  static Result<WitnessRequest> parse(std::string_view text);
};

// Lines of signatures as a witness answers with. Errors: invalid (form, none, more than 16).
Result<std::vector<tlog::NoteSignature>> parse_cosignatures(std::string_view lines);
std::string print_cosignature(const tlog::NoteSignature& signature);   // one line with its line feed

}  // namespace verbund::network
