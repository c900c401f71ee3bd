// SPDX-License-Identifier: EUPL-1.2
#include "app/disk.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>

namespace verbund::app {

std::string disk_trouble(const std::string& folder, std::uint64_t least) {
  struct statvfs disk{};
  if (::statvfs(folder.c_str(), &disk) != 0) return folder + ": " + std::strerror(errno);
  if ((disk.f_flag & ST_RDONLY) != 0) return folder + ": the file system is read-only";
  const std::uint64_t free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (free >= least) return {};
  return folder + ": " + std::to_string(free >> 10) + " KiB are free, less than " + std::to_string(least >> 10);
}

}  // namespace verbund::app
