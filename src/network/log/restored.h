// SPDX-License-Identifier: EUPL-1.2
// A log that was restored from a backup is not continued until it is certain that it has not gone on since the backup:
// two continuations of one log are a fork, which every follower takes for a crime. The mark lies beside the secret key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "kits/tlog/tree.h"
#include "network/log/own_log.h"

namespace verbund::network {

// What is known of a restored log until it goes on.
struct RestoredLog {
  Instant made_at{};              // of the backup
  bool original_is_gone = false;  // somebody has said so: only then others are asked
  bool without_asking = false;    // ... and that nobody can be asked any more
  std::uint64_t size = 0;         // of the log in the backup, and its root
  tlog::Hash root = tlog::empty_root();
  std::int64_t last_change = 0;  // of the restored store
  bool operator==(const RestoredLog&) const = default;
};

std::string restored_file(const LogPlace& place);  // the key's file with ".restored" behind it, mode 0600

// Errors: unavailable.
Result<void> mark_restored(const LogPlace& place, const RestoredLog& log);
// Nothing: the log is an original, or goes on already. Errors: invalid (the mark does not read), unavailable.
Result<std::optional<RestoredLog>> restored(const LogPlace& place);
// The log goes on: the mark is removed. Errors: unavailable.
Result<void> unmark_restored(const LogPlace& place);

// Errors: conflict while there is a mark, and those of reading it. The Sequencer and hand-overs ask this first.
Result<void> may_be_continued(const LogPlace& place);

}  // namespace verbund::network
