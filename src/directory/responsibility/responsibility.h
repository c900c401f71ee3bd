// SPDX-License-Identifier: EUPL-1.2
// Who does a service where: (unit or online service) x service x areas x role.
// Source: XZuFi zustaendigkeit, zustaendigkeitTransferObjekt.
#pragma once

#include <string>
#include <vector>

#include "directory/catalogue/parts.h"
#include "directory/geography/area.h"
#include "directory/identity/object.h"

namespace verbund::directory {

struct Responsibility {
  ObjectId id;
  std::vector<Identifier> secondary_ids;   // FIT-Connect destination signatures live here
  ObjectKind holder_kind = ObjectKind::unit;  // unit or online_service
  ObjectId holder;
  ObjectId service;                        // may name a service that is not there
  std::vector<AreaKey> areas;              // empty: Germany
  std::string role;                        // "01", "02" competent body, "03" contact point ...; empty = "01"
  std::vector<Period> validity;
  LocalisedTexts note;
  bool operator==(const Responsibility&) const = default;
};

}  // namespace verbund::directory
