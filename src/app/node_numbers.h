// SPDX-License-Identifier: EUPL-1.2
// What an operator sees of a running node: /health, /metrics and the numbers in it.
#pragma once

#include "directory/finder/finder.h"
#include "kits/http/http.h"
#include "kits/log/log.h"
#include "kits/metrics/metrics.h"

namespace verbund::app {

// All that is handed in lives as long as the router, the observer, the registry.
void add_operator_routes(http::Router& router, const directory::Finder& finder, const metrics::Registry& registry);
http::ServerObserver observe(metrics::Registry& registry, const log::Log& log);
void add_gauges(metrics::Registry& registry, const directory::Finder& finder);

}  // namespace verbund::app
