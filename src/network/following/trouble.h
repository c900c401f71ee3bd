// SPDX-License-Identifier: EUPL-1.2
// What can go wrong with a log that is followed. The last good state stays in every case.
// Source: docs/protocols/network.md, clause 9.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/result.h"

namespace verbund::network {

enum class Trouble {
  none,
  connecting,  // nobody has answered since the start
  away,        // nobody gives the log now; no fault of what it says
  signature,   // the checkpoint is not signed by the key, or is one of another log
  quorum,      // too few witnesses have signed it
  rollback,    // the log has become shorter
  fork,        // another history than the one seen before
  clock,       // entries of the future
  content,     // a bundle, tile, entry or body is not what the log commits to
  missing,     // a body that is the state of its object has not come for a long time
  storage,     // our own disk or store
};
inline constexpr Trouble all_troubles[] = {Trouble::none,   Trouble::connecting, Trouble::away,  Trouble::signature,
                                           Trouble::quorum, Trouble::rollback,   Trouble::fork,  Trouble::clock,
                                           Trouble::content, Trouble::missing,   Trouble::storage};

// "none", "away" ...: in the store, in JSON, in metrics.
std::string_view name(Trouble trouble);
Trouble trouble_from_name(std::string_view name);   // Trouble::storage for a name that none has
// Whether a person has to look: not with none, connecting and away.
inline bool is_alarm(Trouble trouble) { return trouble > Trouble::away; }

struct Fault {
  Trouble what = Trouble::none;
  std::string message;      // one English line, as Error::text gives
};

template <typename T>
using Followed = std::expected<T, Fault>;

inline std::unexpected<Fault> trouble(Trouble what, std::string message) {
  return std::unexpected(Fault{what, std::move(message)});
}
inline std::unexpected<Fault> trouble(Trouble what, const Error& error) { return trouble(what, error.text()); }
// What a source of a log says when it does not give something: away, or content where what came is malformed.
std::unexpected<Fault> source_trouble(const Error& error);

}  // namespace verbund::network
