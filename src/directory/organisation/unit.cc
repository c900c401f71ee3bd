// SPDX-License-Identifier: EUPL-1.2
#include "directory/organisation/unit.h"

namespace verbund::directory {

const Address* visiting_address(const OrganisationalUnit& unit) {
  for (const std::string_view kind : {"002", "001"})
    for (const Address& address : unit.addresses)
      if (address.kind == kind) return &address;
  return unit.addresses.empty() ? nullptr : &unit.addresses.front();
}

}  // namespace verbund::directory
