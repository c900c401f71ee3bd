// SPDX-License-Identifier: EUPL-1.2
// One seed from the beginning to the end, in a folder that goes with it.
#pragma once

#include <cstdlib>
#include <filesystem>

#include "simulation/world.h"

namespace verbund::simulation {

inline Report run_seed(std::uint64_t seed, const Size& size) {
  std::error_code error;
  const bool memory = std::filesystem::is_directory("/dev/shm", error);
  std::string pattern = memory ? "/dev/shm" : std::filesystem::temp_directory_path().string();
  pattern += "/verbund-world-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) return {{"no temporary folder can be made"}};
  Report report;
  {
    World world(seed, pattern, size);
    report = world.run();
  }
  std::filesystem::remove_all(pattern, error);
  return report;
}

}  // namespace verbund::simulation
