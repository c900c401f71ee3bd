// SPDX-License-Identifier: EUPL-1.2
// One transfer message of stored bodies. Internal to formats.
#pragma once

#include <string>
#include <vector>

#include "directory/identity/object.h"

namespace verbund::directory {

struct StockObject {
  ObjectKind kind;
  ObjectId id;
  std::string body;     // canonical; "" where it is about a withdrawal
};

// schreibe for each of `written`, then loesche for each of `withdrawn`. The same objects give the same bytes.
// Throws store::Failure for a body that does not read: our own defect.
std::string stock_message(const std::vector<StockObject>& written, const std::vector<StockObject>& withdrawn);

}  // namespace verbund::directory
