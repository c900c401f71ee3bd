// SPDX-License-Identifier: EUPL-1.2
// Quality findings over the whole directory, as an editorial office wants them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::directory {

struct QualityFinding {
  std::string rule;        // "fee_missing", "unit_without_address", "link_dead", "service_without_responsible" ...
  ObjectKind kind;
  ObjectId object;
  std::string title;       // of the object, for a person
  std::string message;     // German: what is missing and what to do
  int weight;              // 3 citizens get stuck, 2 citizens miss something, 1 for tidiness
};

// Rules and their German names: for the summary and the help.
std::map<std::string, std::string> quality_rules();

// Heaviest first within a publisher: ordered by agency, weight downwards, rule, id.
void check_quality(store::Connection& connection, const Clock& clock,
                   const std::function<void(const QualityFinding&)>& each);

}  // namespace verbund::directory
