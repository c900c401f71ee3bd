// SPDX-License-Identifier: EUPL-1.2
// What an operator, and a load balancer, sees of a running node: /health, /health/live, /health/ready, /metrics and the numbers in it.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "directory/finder/finder.h"
#include "kits/http/http.h"
#include "kits/log/log.h"
#include "kits/metrics/metrics.h"

namespace verbund::app {

// All that is handed in lives as long as the router, the observer, the registry.
// `log_trouble`: why the node's log is not continued now, "" if nothing is wrong; any thread.
// `store_trouble`: the same of the database; `readable`: whether it can be read nevertheless. `draining`: the node is
// about to end and wants no more requests.
void add_operator_routes(http::Router& router, const directory::Finder& finder, const metrics::Registry& registry,
                         std::function<std::string()> log_trouble, std::function<std::string()> store_trouble,
                         std::function<bool()> readable, const std::atomic<bool>& draining);
http::ServerObserver observe(metrics::Registry& registry, const log::Log& log);
void add_gauges(metrics::Registry& registry, const directory::Finder& finder);

}  // namespace verbund::app
