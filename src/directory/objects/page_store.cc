// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/object_pages.h"

namespace verbund::directory {

std::size_t each_body_after(store::Connection& connection, ObjectKind kind, const ObjectId& after,
                            const ObjectId& until, std::size_t most,
                            const std::function<void(const ObjectId&, std::string_view body)>& each) {
  auto rows = connection.prepare(
      until.empty() ? "SELECT agency, local, body FROM directory_body WHERE kind = $1 AND (agency, local) > ($2, $3)"
                      " ORDER BY agency, local LIMIT $4"
                    : "SELECT agency, local, body FROM directory_body WHERE kind = $1 AND (agency, local) > ($2, $3)"
                      " AND (agency, local) <= ($5, $6) ORDER BY agency, local LIMIT $4");
  rows.bind(1, name(kind)).bind(2, after.agency).bind(3, after.local).bind(4, static_cast<std::int64_t>(most));
  if (!until.empty()) rows.bind(5, until.agency).bind(6, until.local);
  std::size_t count = 0;
  for (; rows.step(); ++count) each({std::string(rows.text(0)), std::string(rows.text(1))}, rows.text(2));
  return count;
}

}  // namespace verbund::directory
