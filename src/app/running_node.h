// SPDX-License-Identifier: EUPL-1.2
// A node in service with a server of its own.
#pragma once

#include <memory>
#include <string>

#include "app/node_service.h"
#include "base/clock.h"
#include "kits/log/log.h"

namespace verbund::app {

class RunningNode {
 public:
  // Serves when it returns. Errors: those of the store, of `prepare` and of Server::start, invalid (a template).
  static Result<std::unique_ptr<RunningNode>> start(NodeOptions options, const Clock& clock, const log::Log& log);
  virtual ~RunningNode() = default;    // stops gracefully

  virtual std::string address() const = 0;     // "http://localhost:8080"
  virtual store::Database& database() = 0;
  // From now on /health/ready says that no more should come; answers as before.
  virtual void drain() = 0;
};

// As the settings log.level and log.format say, to the standard error output.
log::Log make_log(const settings::Settings& settings, const Clock& clock);

// Blocks SIGINT and SIGTERM in this thread and those it starts. Requires: called before any other thread is started.
void block_signals();
// The same of SIGHUP.
void block_reload();
// Waits for one of them, with `reload` also for SIGHUP. Gives its name.
const char* await_signal(bool reload = false);
// Whether one has come; it stays for await_signal.
bool signal_waits();

}  // namespace verbund::app
