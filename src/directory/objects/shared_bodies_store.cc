// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/shared_bodies.h"

namespace verbund::directory {

store::SharedColumn shared_bodies() {
  return {.table = "directory_body",
          .insert = "INSERT INTO directory_body(kind, agency, local, body)",
          .column = 3,
          .select = "SELECT body FROM directory_body WHERE body < '{'"};
}

}  // namespace verbund::directory
