// SPDX-License-Identifier: EUPL-1.2
// While the database of a node is away at the start: answers 503 with a page that says so, and looks every second.
#pragma once

#include <functional>

#include "base/result.h"
#include "kits/http/http.h"
#include "kits/log/log.h"

namespace verbund::app {

// Serves until `try_again` gives something else than the error unavailable, or `over` says that the program shall end
// (asked ten times a second). Gives what `try_again` gave last. Errors: those of it and of Server::start.
Result<void> wait_for_database(const http::ServerOptions& serving, const log::Log& log, const Error& first,
                               const std::function<Result<void>()>& try_again, const std::function<bool()>& over);

}  // namespace verbund::app
