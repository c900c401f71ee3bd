// SPDX-License-Identifier: EUPL-1.2
// Where what is followed goes. The network knows entries, not what their bodies mean: that is the sink's part.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "kits/store/store.h"
#include "network/log/entry.h"
#include "network/membership/member.h"

namespace verbund::network {

class Sink {
 public:
  // What is written for one log in one transaction.
  class Writing {
   public:
    virtual ~Writing() = default;
    // The object has this state. Requires: `body` was accepted by claims(). Errors: conflict (somebody else speaks for
    // the object: nothing is changed).
    virtual Result<void> put(const Entry& entry, std::string_view body) = 0;
    // The object is no longer there; nothing is done if it is not, or is another's.
    virtual void withdraw(const Entry& entry) = 0;
    // All that the log says is put anew between these two, perhaps in several transactions and processes: what it has
    // not said again is withdrawn at the end. Beginning again forgets an unfinished one.
    virtual void begin_stock() = 0;
    virtual void end_stock() = 0;
  };

  virtual ~Sink() = default;
  // What the body of a `put` decides about. Any thread, also while another one writes. Errors: invalid (not a body of this kind and id).
  virtual Result<std::vector<Claim>> claims(const Entry& entry, std::string_view body) = 0;
  // The state that is held of the entry's object if it is the one the entry names, else nothing. Inside a transaction.
  virtual std::optional<std::string> held(store::Connection& connection, const Entry& entry) = 0;
  // `origin`: the log. Lives within the transaction.
  virtual std::unique_ptr<Writing> writing(store::Connection& connection, const std::string& origin, Instant now) = 0;
};

}  // namespace verbund::network
