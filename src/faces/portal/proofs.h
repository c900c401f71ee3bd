// SPDX-License-Identifier: EUPL-1.2
// Where pages get the proofs of what they show; supplied by the composition.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "directory/finder/saying_index.h"
#include "directory/identity/object.h"

namespace verbund::portal {

class Proofs {
 public:
  // An object as a page shows it.
  struct Shown {
    directory::ObjectKind kind;
    directory::ObjectId id;
    std::string body;            // canonical
    std::string origin;          // the log it was heard from; "": the node's own
  };
  struct Standing {
    std::string publisher;       // for people: the title of a member, else the name of the log
    std::string log;             // its name
    std::uint64_t position = 0;  // from 0
    std::uint64_t size = 0;      // of the log
    Instant at{};                // when the publisher took this state
  };

  virtual ~Proofs() = default;
  // Where it stands in a published log. Errors: unavailable, not_found (not there yet). Any thread.
  virtual Result<Standing> standing(const Shown& object) const = 0;
  // A file that proves all of them offline. Errors: the same, too_large. Any thread.
  virtual Result<std::string> bundle(std::span<const Shown> objects) const = 0;
  // Whether proofs stand on the key of a network's operator, else on those of the logs alone.
  virtual bool by_operator() const = 0;
  // Which responsibilities an answer stands on. Lives as long as this.
  virtual directory::SayingIndex& sayings() const = 0;
};

}  // namespace verbund::portal
