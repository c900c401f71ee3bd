// SPDX-License-Identifier: EUPL-1.2
// Whether there is room where a node keeps its files.
#pragma once

#include <cstdint>
#include <string>

namespace verbund::app {

inline constexpr std::uint64_t least_free_bytes = 16u << 20;   // for the log's next tiles, the index and SQLite's log

// Why nothing can be written in `folder`, in one line; empty while it can: read-only, or less than `least` bytes free
// for this user. Asks the file system each time, which takes microseconds.
std::string disk_trouble(const std::string& folder, std::uint64_t least = least_free_bytes);

}  // namespace verbund::app
