// SPDX-License-Identifier: EUPL-1.2
// The few fields of a canonical body that an index of millions needs, read without building a tree. Only the plain case:
// whatever looks unusual (an escape in a wanted text, an unknown field) is left to from_body, which knows all of it.
// Agreement: where these give an answer, from_body gives the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "directory/catalogue/parts.h"
#include "directory/identity/object.h"

namespace verbund::directory {

// Views into the body.
struct ResponsibilityScan {
  ObjectKind holder_kind = ObjectKind::unit;
  std::string_view holder_agency, holder_local, service_agency, service_local, role;
  std::vector<std::string_view> areas;     // digits in their shortest form
  std::string_view validity;               // as it stands in the body: for scan_periods; "" if there is none
};
bool scan_responsibility(std::string_view body, ResponsibilityScan& out);

struct UnitScan {
  std::string_view name;                   // pick(name, "de")
  std::string_view validity;
};
bool scan_unit(std::string_view body, UnitScan& out);

// Begin and end of each period; notes are left out.
bool scan_periods(std::string_view validity, std::vector<Period>& out);

}  // namespace verbund::directory
