// SPDX-License-Identifier: EUPL-1.2
// The part that meets the file system.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

#include "kits/flat/flat.h"

namespace verbund::flat {
namespace {

std::string reason() { return std::strerror(errno); }   // NOLINT: messages of this C library are thread-safe

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view data) {
  constexpr std::size_t piece = std::size_t{1} << 24;
  while (!data.empty()) {
    const ssize_t done = ::write(fd, data.data(), std::min(piece, data.size()));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    data.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

// What is mapped now, by its begin: elsewhere giving back memory would lose what is in it.
struct Mapped {
  std::mutex mutex;
  std::map<std::uintptr_t, std::uintptr_t> end_of;
};
Mapped& mapped() {
  static Mapped all;
  return all;
}

}  // namespace

Result<void> Writer::write(const std::string& path) const {
  const auto failed = [&](const std::string& what) {
    return fail(ErrorCode::unavailable, what + ": " + reason(), path, "is there room on the disk?");
  };
  std::string beside = path + ".XXXXXX";
  const Descriptor file(::mkostemp(beside.data(), O_CLOEXEC));
  if (!file) return failed("cannot be written");
  const auto give_up = [&](const std::string& what) {
    auto error = failed(what);
    ::unlink(beside.c_str());
    return error;
  };
  const std::string begin = head();
  if (!write_all(file.get(), begin)) return give_up("cannot be written");
  static constexpr char zeros[64] = {};
  std::uint64_t at = begin.size();
  for (const Section& section : sections_) {
    const std::uint64_t gap = (64 - at % 64) % 64;
    if (!write_all(file.get(), {zeros, gap}) || !write_all(file.get(), section.data)) {
      return give_up("cannot be written");
    }
    at += gap + section.data.size();
  }
  if (::fchmod(file.get(), 0644) != 0 || ::fsync(file.get()) != 0) return give_up("cannot be written");
  if (::rename(beside.c_str(), path.c_str()) != 0) return give_up("cannot be put in place");
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
  const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent || ::fsync(parent.get()) != 0) return failed("may not outlive a power cut");
  return {};
}

Result<File> File::map(const std::string& path, std::string_view expected_key) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return fail(ErrorCode::not_found, "no such file", path);
    return fail(ErrorCode::unavailable, "cannot be read: " + reason(), path);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(ErrorCode::unavailable, "cannot be read: " + reason(), path);
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::invalid, "is not a file", path);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return fail(ErrorCode::invalid, "damaged: it is empty", path);
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED | MAP_POPULATE, file.get(), 0);
  if (at == MAP_FAILED) return fail(ErrorCode::unavailable, "cannot be mapped: " + reason(), path);
  const auto address = reinterpret_cast<std::uintptr_t>(at);
  {
    const std::lock_guard lock(mapped().mutex);
    mapped().end_of[address] = address + size;
  }
  std::shared_ptr<const char> memory(static_cast<const char*>(at), [size, address](const char* begin) {
    {
      const std::lock_guard lock(mapped().mutex);
      mapped().end_of.erase(address);
    }
    ::munmap(const_cast<char*>(begin), size);
  });
  return check(std::move(memory), size, expected_key, path);
}

void rest(std::string_view bytes) {
  // Whole pages only. They stay in the system's cache: reading one later costs no disk.
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = (reinterpret_cast<std::uintptr_t>(bytes.data()) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(bytes.data()) + bytes.size()) / page * page;
  if (begin >= end) return;
  const std::lock_guard lock(mapped().mutex);
  auto file = mapped().end_of.upper_bound(begin);
  if (file == mapped().end_of.begin() || (--file)->second < end) return;   // no file of ours
  ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace verbund::flat
