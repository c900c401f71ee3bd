// SPDX-License-Identifier: EUPL-1.2
#include "kits/file/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace verbund::file {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failed(const std::string& what, const std::string& path) {
  const int reason = errno;
  const ErrorCode code = reason == ENOENT ? ErrorCode::not_found : reason == EEXIST ? ErrorCode::conflict
                                                                                    : ErrorCode::unavailable;
  return fail(code, what + ": " + std::strerror(reason), path);
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  int number_;
};

Result<std::string> read_open(const Descriptor& in, const std::string& path, std::size_t limit_bytes) {
  std::string out;
  char buffer[16 * 1024];
  while (true) {
    const ssize_t got = ::read(in.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("cannot be read", path);
    if (got == 0) return out;
    out.append(buffer, static_cast<std::size_t>(got));
    if (out.size() > limit_bytes) {
      return fail(ErrorCode::too_large, "is larger than " + std::to_string(limit_bytes) + " bytes", path);
    }
  }
}

Result<void> fill(int out, std::string_view bytes, const std::string& path, unsigned mode) {
  if (::fchmod(out, mode) != 0) return failed("cannot be protected", path);
  while (!bytes.empty()) {
    const ssize_t done = ::write(out, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return failed("cannot be written", path);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return {};
}

Result<void> write_open(const Descriptor& out, std::string_view bytes, const std::string& path, unsigned mode) {
  if (auto filled = fill(out.get(), bytes, path, mode); !filled) return filled;
  if (::fsync(out.get()) != 0) return failed("cannot be made durable", path);
  return {};
}

Result<void> sync_folder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open() || ::fsync(folder.get()) != 0) return failed("folder cannot be made durable", path);
  return {};
}

std::string folder_of(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

// Makes the folders on the way to `path`; each one made, and its parent, is noted in `changed`.
Result<void> make_folders(const std::string& path, std::set<std::string>& changed) {
  std::error_code error;
  if (path.empty() || fs::is_directory(path, error)) return {};
  if (auto made = make_folders(fs::path(path).parent_path().string(), changed); !made) return made;
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return failed("folder cannot be made", path);
  changed.insert(path);
  changed.insert(folder_of(path));
  return {};
}

constexpr std::size_t most_open = 128;   // files of a batch that are written and not yet durable

std::string passing_name(const std::string& path) { return path + ".new"; }

}  // namespace

Result<std::string> read(const std::string& path, std::size_t limit_bytes) {
  const Descriptor in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.open()) return failed("cannot be opened", path);
  return read_open(in, path, limit_bytes);
}

Result<std::string> read_part(const std::string& path, std::uint64_t offset, std::size_t length) {
  const Descriptor in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.open()) return failed("cannot be opened", path);
  std::string out(length, '\0');
  std::size_t have = 0;
  while (have < length) {
    const ssize_t got = ::pread(in.get(), out.data() + have, length - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("cannot be read", path);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  out.resize(have);
  return out;
}

Result<std::string> read_secret(const std::string& path, std::size_t limit_bytes) {
  const Descriptor in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.open()) return failed("cannot be opened", path);
  struct stat about {};
  if (::fstat(in.get(), &about) != 0) return failed("cannot be looked at", path);
  if ((about.st_mode & 077) != 0) {
    return fail(ErrorCode::conflict, "others than the owner have rights on this secret", path,
                "chmod 600 it; if others may have read it, make a new one");
  }
  return read_open(in, path, limit_bytes);
}

Result<void> write(const std::string& path, std::string_view bytes, unsigned mode) {
  Batch batch;
  if (auto added = batch.add(path, bytes, mode); !added) return added;
  return batch.commit();
}

Result<void> create(const std::string& path, std::string_view bytes, unsigned mode) {
  // Written under a passing name and linked: whoever sees `path` sees all of it.
  std::set<std::string> folders{folder_of(path)};
  if (auto made = make_folders(folder_of(path), folders); !made) return made;
  const std::string passing = path + ".new" + std::to_string(::getpid());
  {
    const Descriptor out(::open(passing.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!out.open()) return failed("cannot be created", path);
    if (auto written = write_open(out, bytes, passing, mode); !written) return written;
  }
  const bool linked = ::link(passing.c_str(), path.c_str()) == 0;
  const int reason = errno;
  ::unlink(passing.c_str());
  errno = reason;
  if (!linked) return failed("cannot be created", path);
  for (const std::string& folder : folders) {
    if (auto synced = sync_folder(folder); !synced) return synced;
  }
  return {};
}

Result<void> Batch::add(const std::string& path, std::string_view bytes, unsigned mode) {
  const std::string folder = folder_of(path);
  if (!folders_.contains(folder)) {
    if (auto made = make_folders(folder, folders_); !made) return made;
    folders_.insert(folder);
  }
  const bool again = std::ranges::find(written_, path, &Written::path) != written_.end();
  if (auto settled = again ? settle() : Result<void>(); !settled) return settled;
  const std::string passing = passing_name(path);
  const int out = ::open(passing.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0) return failed("cannot be created", path);
  if (auto filled = fill(out, bytes, path, mode); !filled) {
    ::close(out);
    return filled;
  }
  written_.push_back({out, path});
  // The disk begins at once; what it says is heard in settle().
  ::sync_file_range(out, 0, 0, SYNC_FILE_RANGE_WRITE);
  return written_.size() < most_open ? Result<void>() : settle();
}

Result<void> Batch::settle() {
  Result<void> done;
  for (const Written& file : written_) {
    if (done && ::fsync(file.descriptor) != 0) done = failed("cannot be made durable", file.path);
    ::close(file.descriptor);
  }
  for (const Written& file : written_) {
    if (!done) break;
    const bool placed = std::rename(passing_name(file.path).c_str(), file.path.c_str()) == 0;
    if (!placed) done = failed("cannot be put in its place", file.path);
  }
  written_.clear();
  return done;
}

Batch::~Batch() {
  for (const Written& file : written_) ::close(file.descriptor);
}

Result<void> Batch::commit() {
  if (auto settled = settle(); !settled) return settled;
  for (const std::string& folder : folders_) {
    if (auto synced = sync_folder(folder); !synced) return synced;
  }
  folders_.clear();
  return {};
}

Result<Lock> Lock::take(const std::string& path) {
  std::set<std::string> folders;
  if (auto made = make_folders(folder_of(path), folders); !made) return pass(made);
  Lock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.descriptor_ < 0) return failed("cannot be opened", path);
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return fail(ErrorCode::conflict, "another program holds this lock", path);
    return failed("cannot be locked", path);
  }
  return lock;
}

Lock& Lock::operator=(Lock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Lock::~Lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace verbund::file
