// SPDX-License-Identifier: EUPL-1.2
// Numbers as Germans write them.
#pragma once

#include <cstdint>
#include <string>

namespace verbund::command {

std::string grouped(std::uint64_t number);      // 1204 -> "1.204"
std::string byte_size(std::uint64_t bytes);     // 12897485 -> "12,3 MiB", 512 -> "512 B"

}  // namespace verbund::command
