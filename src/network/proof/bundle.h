// SPDX-License-Identifier: EUPL-1.2
// What publishers said of some objects, with all that is needed to check it without any network: one text file.
// Source: docs/protocols/network.md, clause 10.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "network/log/entry.h"
#include "network/log/log_source.h"

namespace verbund::network {

inline constexpr std::size_t bundle_file_limit = 32u << 20;   // bytes
inline constexpr std::size_t most_proven_logs = 64;
inline constexpr std::size_t most_statements = 1024;          // of one log

// An entry, its place in the log and what it commits to.
struct Statement {
  std::uint64_t index = 0;
  Entry entry;
  std::string body;            // canonical; empty: the object is withdrawn
  tlog::Proof hashes;          // that the entry is in the log of the checkpoint
  bool operator==(const Statement&) const = default;
};

// What is proven of one log.
struct ProvenLog {
  std::string checkpoint;                 // signed note
  std::vector<std::string> handovers;     // of its key, oldest first, as far as they are needed
  std::vector<Statement> statements;
  bool operator==(const ProvenLog&) const = default;
};

struct Bundle {
  std::optional<ProvenLog> membership;    // nothing: proven with the key of the publisher alone
  std::vector<ProvenLog> publishers;

  std::string to_text() const;
  // What it says is not verified. Errors: invalid, unless `text` is what to_text gives of some bundle; too_large.
  static Result<Bundle> parse(std::string_view text);
  bool operator==(const Bundle&) const = default;
};

// The log whose checkpoint is `note`, as it says. Errors: invalid.
Result<std::string> origin_of(std::string_view note);

}  // namespace verbund::network
