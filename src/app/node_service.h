// SPDX-License-Identifier: EUPL-1.2
// What a node is apart from the server in front of it: its store and index, what it publishes and follows, and what it
// answers. A process can have several, strictly apart: nothing here is shared but the clock and the log's lines.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/node.h"
#include "base/clock.h"
#include "kits/http/http.h"
#include "kits/log/log.h"
#include "kits/metrics/metrics.h"
#include "kits/settings/settings.h"
#include "kits/store/store.h"

namespace verbund::app {

struct NodeOptions {
  std::string folder;                  // its data
  settings::Settings settings;
  bool demonstration = false;          // marks its pages
  // Before it is seen by anybody.
  std::function<Result<void>(store::Database&)> prepare;
  NodeShare share = {};
};

// Whether the node in `folder` may be in service. Errors: conflict (restored from a backup, and the original may still
// run), those of reading the mark.
Result<void> may_serve(const std::string& folder);

class NodeService {
 public:
  // Works when it returns, without a server. `wake`: somebody waits (http::Server::wake); any thread, until stop() has
  // returned. Errors: those of the store, of `prepare`, conflict (restored from a backup, and the original may still
  // run), invalid (a template).
  static Result<std::unique_ptr<NodeService>> start(NodeOptions options, const Clock& clock, const log::Log& log,
                                                    std::function<void()> wake);
  virtual ~NodeService() = default;    // Requires: nobody asks any more

  // Calls `wake` no more. Answers go on.
  virtual void stop() = 0;
  // What answers: handler, quick, generation and busy refer to this.
  virtual http::Service http() = 0;
  // What the server in front of it alone tells.
  virtual http::ServerObserver observer() = 0;
  virtual store::Database& database() = 0;
  virtual const metrics::Registry& numbers() const = 0;
  virtual std::size_t services() const = 0;    // in its directory
  // Why the log is not continued or the store not used now, "" if nothing is wrong; any thread.
  virtual std::string trouble() = 0;
  // From now on /health/ready says that no more should come; answers as before.
  virtual void drain() = 0;
};

}  // namespace verbund::app
