// SPDX-License-Identifier: EUPL-1.2
// Whether what is stored is what was stored, and whether two nodes hold the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kits/store/store.h"

namespace verbund::directory {

// Reads every body again: one line for each whose SHA-256 differs from the one noted, for each object without a body and
// each body without an object. `bodies` receives how many were read. Memory does not grow with the store.
std::vector<std::string> body_findings(store::Connection& connection, std::int64_t* bodies);

// One line for each object that is not as the change feed says it was put last, and for each that the feed has and
// that is not there. Memory does not grow with the store; the engine sorts the feed on its disk.
std::vector<std::string> change_findings(store::Connection& connection);

// One value for the whole state: all areas, postal codes and objects, by key. Two nodes have the same exactly if they
// have the same directory; sources, times and addresses do not count. 64 hexadecimal digits: h(0) is SHA-256 of nothing,
// h(n) is SHA-256 of h(n-1), a line feed and the n-th line (canonical JSON, or "kind agency local digest").
std::string state_fingerprint(store::Connection& connection);

}  // namespace verbund::directory
