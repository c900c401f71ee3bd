// SPDX-License-Identifier: EUPL-1.2
// The tenants of an installation in service: one server for all, which knows by the Host whom a request is for, and a
// NodeService for each. What is wrong with one harms no other: it answers 503 and is tried again.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/installation.h"
#include "base/clock.h"
#include "kits/log/log.h"

namespace verbund::app {

class Tenants {
 public:
  struct Outcome {
    std::size_t serving = 0, failed = 0;
  };

  // The server answers when it returns; each tenant as soon as it is ready, 503 until then. Errors: those of
  // Server::start.
  static Result<std::unique_ptr<Tenants>> start(Installation installation, const Clock& clock, const log::Log& log);
  virtual ~Tenants() = default;        // stops gracefully

  virtual std::string address() const = 0;
  virtual std::string operator_address() const = 0;   // of health and numbers of all; "": nowhere
  // Waits until each tenant was tried once; nothing: it was told to stop before.
  virtual std::optional<Outcome> await_first_round(const std::stop_token& stop = {}) = 0;
  // Takes over what the settings say by now: new tenants begin, hosts are as they are named, and those that are no
  // longer named are reached by nobody and end when the last answer is given. Other settings of tenants that run are
  // taken at a restart.
  virtual void renew(Installation installation) = 0;
  virtual void drain() = 0;
};

}  // namespace verbund::app
