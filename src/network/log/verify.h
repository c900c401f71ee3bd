// SPDX-License-Identifier: EUPL-1.2
// Reads a whole log and believes nothing of it but the key.
#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "network/log/entry.h"
#include "network/log/log_source.h"

namespace verbund::network {

struct LogReport {
  tlog::Checkpoint checkpoint;
  std::uint64_t put = 0;          // entries that give a state
  std::uint64_t withdrawn = 0;
  std::uint64_t bodies = 0;       // that are there, each with the digest its entry has
  std::uint64_t absent = 0;       // replaced by a later state, withdrawn or erased
  std::int64_t last_revision = 0;
  Instant last_at{};              // time of the last entry
};

// The next records of bodies, verified against the entries they belong to: `entries` are those of the bundle `id`.
// `each(position in the bundle, body)` hears of each record in order. Errors: those of the source; invalid (a body has
// another digest than its entry, a body of a withdrawal, more records than entries, none).
Result<void> read_bodies(LogSource& source, const tlog::TileId& id, std::span<const Entry> entries,
                         const std::function<void(std::size_t, const std::optional<std::string_view>&)>& each);

// Entries of a bundle. Errors: invalid (an entry that does not read; `where` names bundle and position).
Result<std::vector<Entry>> parse_entries(std::string_view bundle, const tlog::TileId& id);

// Verifies the signature of the checkpoint (by `key` or the one it has handed over to), every entry, every tile, the
// root, that revisions grow, and with `bodies` every body that is there. Memory does not grow with the log.
// `progress(entries read, entries of the log)`. Errors: invalid (what does not hold, `where` says at which resource),
// and those of the source.
Result<LogReport> verify_log(LogSource& source, const tlog::VerifierKey& key, bool bodies,
                             const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

// Proves that the log `now` is a continuation of what was seen earlier. Errors: invalid (it is not: a rollback or a
// fork), those of the source.
Result<void> verify_continuation(LogSource& source, const tlog::Checkpoint& earlier, const tlog::Checkpoint& now);

}  // namespace verbund::network
