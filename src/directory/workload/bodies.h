// SPDX-License-Identifier: EUPL-1.2
// The objects of a plan as the directory knows them. `edition` 0 is as first delivered; others are later changes.
#pragma once

#include "directory/catalogue/service.h"
#include "directory/organisation/unit.h"
#include "directory/responsibility/responsibility.h"
#include "directory/workload/plan.h"
#include "directory/workload/prose.h"

namespace verbund::directory::workload {

class Bodies {
 public:
  Bodies(const Words& words, const Country& country, const Plan& plan, double scale)
      : words_(words), country_(country), plan_(plan), scale_(scale) {}

  Service service(std::uint32_t number, std::uint32_t edition = 0);
  Specialisation specialisation(std::uint32_t number, std::uint32_t edition = 0);
  // Of a service with this number; `number` runs through all.
  OnlineService online(std::uint32_t service, std::uint32_t number, std::uint32_t edition = 0);
  // Canonical body, written without the way through JSON because there are millions.
  std::string responsibility(std::uint32_t service, const Link& link, std::uint64_t number) const;
  Responsibility responsibility_object(std::uint32_t service, const Link& link, std::uint64_t number) const;

  // Specialisations: of which service, for which city.
  std::size_t specialisations() const { return plan_.services().size() / 5; }
  ObjectId online_id(std::uint32_t service, std::uint32_t number) const;
  ObjectId link_id(std::uint32_t service, std::uint64_t number) const;
  ObjectId specialisation_id(std::uint32_t number) const;

  std::size_t stems() const { return stems_.stems(); }

 private:
  std::uint32_t specialised_service(std::uint32_t number) const;

  const Words& words_;
  const Country& country_;
  const Plan& plan_;
  double scale_;
  StemCount stems_;
};

}  // namespace verbund::directory::workload
