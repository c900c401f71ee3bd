// SPDX-License-Identifier: EUPL-1.2
#include "simulation/faults.h"

#include <unistd.h>

#include <string>
#include <string_view>

namespace verbund::simulation {
namespace {

thread_local int syncs_left = -1;

// The engine's own files: how it survives a crash is tested by killing processes (src/kits/store).
bool of_the_store(int descriptor) {
  char path[512];
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), path, sizeof path);
  return length <= 0 || std::string_view(path, static_cast<std::size_t>(length)).contains("/store");
}

}  // namespace

CrashIn::CrashIn(int syncs) : before_(syncs_left) { syncs_left = syncs; }
CrashIn::~CrashIn() { syncs_left = before_; }

void crash_point() {
  if (syncs_left < 0) return;
  if (syncs_left == 0) {
    syncs_left = -1;      // what is destroyed on the way out may sync
    throw Crash();
  }
  --syncs_left;
}

}  // namespace verbund::simulation

// Takes the place of the C library's for this whole program. Nothing has to survive the machine here.
extern "C" int fsync(int descriptor) {
  if (!verbund::simulation::of_the_store(descriptor)) verbund::simulation::crash_point();
  return 0;
}
