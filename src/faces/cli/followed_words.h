// SPDX-License-Identifier: EUPL-1.2
// What a node has of the logs it follows, for `verbund node status`.
#pragma once

#include <string>

#include "kits/json/json.h"
#include "kits/store/store.h"

namespace verbund::cli {

// {"logs": [{"name", "entries", "applied", "heard", "trouble", "reason", "since", "missing", "refused"}],
//  "refused": [{"log", "position", "object", "reason"}]}; the newest 20 refused ones.
Json followed_json(store::Connection& connection);
// German, a line for each log and each refused entry; "" if none is followed.
std::string followed_text(store::Connection& connection);

}  // namespace verbund::cli
