// SPDX-License-Identifier: EUPL-1.2
// The incidents that every page of a portal tells, kept ready so that a page need not ask the store.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "commons/incidents/incident_store.h"

namespace verbund::commons {

class OpenIncidents {
 public:
  // Reads those that are active at `now` and concern citizens. Gives whether they are others than before.
  bool refresh(store::Connection& connection, Instant now);
  std::shared_ptr<const std::vector<Incident>> now() const;   // newest first; any thread
  std::uint64_t version() const;                              // another number: others; any thread

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const std::vector<Incident>> incidents_ = std::make_shared<const std::vector<Incident>>();
  std::uint64_t version_ = 0;
};

}  // namespace verbund::commons
