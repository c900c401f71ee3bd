// SPDX-License-Identifier: EUPL-1.2
#include "commons/incidents/open_incidents.h"

#include <algorithm>

namespace verbund::commons {

bool OpenIncidents::refresh(store::Connection& connection, Instant now) {
  auto found = IncidentStore(connection).list(now);
  std::erase_if(found, [&](const Incident& one) { return !one.citizens || !one.active(now); });
  const std::lock_guard lock(mutex_);
  const bool same = std::equal(found.begin(), found.end(), incidents_->begin(), incidents_->end(),
                               [](const Incident& a, const Incident& b) {
                                 return a.number == b.number && a.updates.size() == b.updates.size();
                               });
  if (same) return false;
  incidents_ = std::make_shared<const std::vector<Incident>>(std::move(found));
  ++version_;
  return true;
}

std::shared_ptr<const std::vector<Incident>> OpenIncidents::now() const {
  const std::lock_guard lock(mutex_);
  return incidents_;
}

std::uint64_t OpenIncidents::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

}  // namespace verbund::commons
