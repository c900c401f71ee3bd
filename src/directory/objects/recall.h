// SPDX-License-Identifier: EUPL-1.2
// Changes that this node has said but knows no more, because its store was restored from a backup: taken back from
// those who have heard them, with the numbers they had.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::directory {

struct RecalledChange {
  std::int64_t sequence = 0;
  ObjectKind kind = ObjectKind::service;
  ObjectId id;
  std::string digest;  // "": withdrawn
  Instant at{};
  std::optional<std::string> body;  // with this digest; nothing: nobody has it any more
};

// Takes the changes back, in order; those that are there already are passed over. An object whose last state nobody has
// any more keeps the one of the backup, and that is said again, by a change behind all of them (`now`). Gives how many
// objects that are. Requires: inside Database::write; the order of `changes` is that of their numbers. Errors: conflict
// (the store has changes of its own with these numbers or behind them), invalid (a body that does not read).
Result<std::int64_t> recall(store::Connection& connection, const std::vector<RecalledChange>& changes, Instant now);

}  // namespace verbund::directory
