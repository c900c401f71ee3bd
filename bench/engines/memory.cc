// SPDX-License-Identifier: EUPL-1.2
#include "memory.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace verbund::bench {
namespace {

double rollup(const std::string& process, std::initializer_list<std::string_view> names) {
  std::ifstream in("/proc/" + process + "/smaps_rollup");
  double kib = 0;
  for (std::string line; std::getline(in, line);) {
    for (const std::string_view name : names) {
      if (line.starts_with(name)) kib += std::stod(line.substr(name.size()));
    }
  }
  return kib / 1024;
}

}  // namespace

double private_mb() {
  ::malloc_trim(0);
  return rollup("self", {"Private_Clean:", "Private_Dirty:"});
}

double proportional_mb(int process) { return rollup(std::to_string(process), {"Pss:"}); }

double cached_mb(const std::string& folder) {
  if (folder.empty()) return 0;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::size_t pages = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file(error) || entry.file_size(error) == 0) continue;
    const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    const std::size_t size = entry.file_size();
    void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (mapped == MAP_FAILED) continue;
    std::vector<unsigned char> there((size + page - 1) / page);
    if (::mincore(mapped, size, there.data()) == 0) {
      const auto cached = [](unsigned char c) { return (c & 1) != 0; };
      pages += static_cast<std::size_t>(std::count_if(there.begin(), there.end(), cached));
    }
    ::munmap(mapped, size);
  }
  return static_cast<double>(pages * page) / (1024 * 1024);
}

double cpu_seconds(const std::vector<int>& others) {
  timespec own{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
  double out = static_cast<double>(own.tv_sec) + 1e-9 * static_cast<double>(own.tv_nsec);
  for (const int process : others) {
    double nanoseconds = 0;   // first number of the line: time on a processor
    std::ifstream("/proc/" + std::to_string(process) + "/schedstat") >> nanoseconds;
    out += 1e-9 * nanoseconds;
  }
  return out;
}

}  // namespace verbund::bench
