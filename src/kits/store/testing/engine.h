// SPDX-License-Identifier: EUPL-1.2
// Which engine the stores of tests are on: SQLite, or, where VERBUND_TEST_POSTGRESQL names a database of a throw-away
// cluster (script/with-postgresql), PostgreSQL with a schema for each store.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace verbund::store::testing {

inline bool on_server() { return std::getenv("VERBUND_TEST_POSTGRESQL") != nullptr; }

// Where a test keeps the store that it would keep in the SQLite file `path`; the same again for the same path.
inline std::string location(const std::string& path) {
  if (!on_server()) return path;
  std::uint64_t hash = 14695981039346656037u;   // FNV-1a
  for (const char c : path) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  char name[40];
  std::snprintf(name, sizeof name, "t_%016llx", static_cast<unsigned long long>(hash));
  return std::getenv("VERBUND_TEST_POSTGRESQL") + std::string("&options=-csearch_path%3D") + name;
}

}  // namespace verbund::store::testing
