// SPDX-License-Identifier: EUPL-1.2
// The failures that pass: who asks later may be served.
#pragma once

#include "kits/store/store.h"

namespace verbund::store {

// The engine cannot now: server away, disk full or read-only, no connection free, another writer for too long.
class Unavailable : public Failure {
 public:
  using Failure::Failure;
};

}  // namespace verbund::store
