// SPDX-License-Identifier: EUPL-1.2
// A log for others: below its address checkpoint, key, tile/..., bodies/... as static resources. Who asks for
// checkpoint?after=SIZE&wait=SECONDS is answered when the log is larger, or after at most 30 s.
// Source: C2SP tlog-tiles; docs/protocols/network.md, clauses 4 and 5.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "kits/http/http.h"
#include "network/log/own_log.h"

namespace verbund::network_log {

// The newest checkpoint, for who waits: taken on an input/output thread, so it is in memory.
struct Latest {
  std::uint64_t size = 0;
  std::shared_ptr<const std::string> checkpoint;   // null: none is known here; nobody waits then
};

// `prefix`: "/network/log/". `latest` may be empty. Requires: `log` lives as long as the router.
void add_routes(http::Router& router, network::OwnLog& log, const std::string& prefix,
                std::function<Latest()> latest = {});

// A log that this node follows, to be handed on with its original signatures.
struct HeardLog {
  std::shared_ptr<network::OwnLog> log;      // null: there is none of this name
  std::function<Latest()> latest;
};
// All of them, below /network/heard/{name}/log/; `find` is asked for each request and is thread-safe.
void add_heard_routes(http::Router& router, std::function<HeardLog(std::string_view name)> find);

}  // namespace verbund::network_log
