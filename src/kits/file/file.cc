// SPDX-License-Identifier: EUPL-1.2
#include "kits/file/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>
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
constexpr std::string_view passing_mark = ".new";
constexpr std::string_view passing_rest = "XXXXXX";
constexpr std::size_t most_folders = 1024;   // of which is known when they were looked at
constexpr auto abandoned_after = std::chrono::hours(1);
constexpr auto lock_pause = std::chrono::milliseconds(2);

// A file beside `path` that nobody else has; its name in `passing`.
int open_passing(const std::string& path, std::string& passing) {
  passing = path + std::string(passing_mark) + std::string(passing_rest);
  return ::mkostemp(passing.data(), O_CLOEXEC);
}

bool is_passing(std::string_view name) {
  return name.size() > passing_mark.size() + passing_rest.size() &&
         name.substr(0, name.size() - passing_rest.size()).ends_with(passing_mark);
}

// What programs that were killed have left in `folder`; looked for once an hour in each.
void clear_abandoned(const std::string& folder) {
  using Clock = std::chrono::steady_clock;
  static std::mutex mutex;
  static std::map<std::string, Clock::time_point> looked;
  {
    const std::lock_guard lock(mutex);
    const auto now = Clock::now();
    if (looked.size() >= most_folders) looked.clear();
    const auto [at, first] = looked.try_emplace(folder, now);
    if (!first && now - at->second < abandoned_after) return;
    at->second = now;
  }
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!is_passing(at->path().filename().string())) continue;
    std::error_code ignored;
    const auto written = at->last_write_time(ignored);
    if (!ignored && fs::file_time_type::clock::now() - written > abandoned_after) fs::remove(at->path(), ignored);
  }
}

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
  std::string passing;
  {
    const Descriptor out(open_passing(path, passing));
    if (!out.open()) return failed("cannot be created", path);
    if (auto written = write_open(out, bytes, path, mode); !written) {
      ::unlink(passing.c_str());
      return written;
    }
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
    clear_abandoned(folder);
  }
  const bool again = std::ranges::find(written_, path, &Written::path) != written_.end();
  if (auto settled = again ? settle() : Result<void>(); !settled) return settled;
  std::string passing;
  const int out = open_passing(path, passing);
  if (out < 0) return failed("cannot be created", path);
  written_.push_back({out, path, std::move(passing)});
  if (auto filled = fill(out, bytes, path, mode); !filled) {
    drop();
    return filled;
  }
  // The disk begins at once; what it says is heard in settle().
  ::sync_file_range(out, 0, 0, SYNC_FILE_RANGE_WRITE);
  return written_.size() < most_open ? Result<void>() : settle();
}

Result<void> Batch::settle() {
  Result<void> done;
  for (const Written& file : written_) {
    if (done && ::fsync(file.descriptor) != 0) done = failed("cannot be made durable", file.path);
  }
  for (Written& file : written_) {
    if (!done) break;
    if (std::rename(file.passing.c_str(), file.path.c_str()) != 0) done = failed("cannot be put in its place", file.path);
    else file.passing.clear();
  }
  drop();
  return done;
}

void Batch::drop() {
  for (const Written& file : written_) {
    ::close(file.descriptor);
    if (!file.passing.empty()) ::unlink(file.passing.c_str());
  }
  written_.clear();
}

Batch::~Batch() { drop(); }

Result<void> Batch::commit() {
  if (auto settled = settle(); !settled) return settled;
  for (const std::string& folder : folders_) {
    if (auto synced = sync_folder(folder); !synced) return synced;
  }
  folders_.clear();
  return {};
}

Result<Lock> Lock::take_within(const std::string& path, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto taken = take(path);
    if (taken || taken.error().code != ErrorCode::conflict || std::chrono::steady_clock::now() >= until) return taken;
    std::this_thread::sleep_for(lock_pause);
  }
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
