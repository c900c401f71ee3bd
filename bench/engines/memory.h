// SPDX-License-Identifier: EUPL-1.2
// Memory (in MiB) and processor time (in seconds) as Linux counts them.
#pragma once

#include <string>
#include <vector>

namespace verbund::bench {

// Pages that only this process has (what it was forked with does not count).
double private_mb();
// Pages of a process, shared ones divided by those that share them; 0 if it is gone.
double proportional_mb(int process);
// What the page cache holds of all files below the folder; 0 for "".
double cached_mb(const std::string& folder);

// Processor time of this process and of the others, so far.
double cpu_seconds(const std::vector<int>& others);

}  // namespace verbund::bench
