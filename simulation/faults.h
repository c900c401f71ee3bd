// SPDX-License-Identifier: EUPL-1.2
// Crashes between any write and its sync: this program's own fsync counts, and stops a node there. What had been written
// under a passing name is left lying about, what had been put in its place stays there.
#pragma once

#include <memory>

namespace verbund::simulation {

// Leaves everything a node was doing. Caught where the node is stopped.
struct Crash {};

// How many more syncs (and points) the running node gets; below 0: as many as it wants.
class CrashIn {
 public:
  explicit CrashIn(int syncs);
  ~CrashIn();
  CrashIn(const CrashIn&) = delete;
  CrashIn& operator=(const CrashIn&) = delete;

 private:
  int before_;
};

// Another place where a node can stop: within a transaction of its store.
void crash_point();

}  // namespace verbund::simulation
