// SPDX-License-Identifier: EUPL-1.2
#include "network/keeping/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "kits/crypto/hasher.h"

namespace verbund::network {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece = 1u << 20;

std::unexpected<Error> failed(const std::string& path) {
  const int error = errno;
  return fail(error == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable, std::strerror(error), path,
              "look for space, rights and the state of the disk");
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

Result<void> write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// Hands on the bytes of a file.
Result<void> read_all(const std::string& path, const std::function<Result<void>(std::string_view)>& each) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (file.number < 0) return failed(path);
  std::string buffer(piece, '\0');
  while (true) {
    const ssize_t read = ::read(file.number, buffer.data(), buffer.size());
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return failed(path);
    if (read == 0) return {};
    if (auto taken = each(std::string_view(buffer).substr(0, static_cast<std::size_t>(read))); !taken) return taken;
  }
}

Result<int> new_file(const std::string& path, unsigned mode) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (file < 0) return failed(path);
  return file;
}

}  // namespace

Result<crypto::Digest> digest_file(const std::string& path, const std::function<Result<void>(std::uint64_t)>& each) {
  crypto::Hasher hasher;
  std::uint64_t done = 0;
  auto read = read_all(path, [&](std::string_view bytes) {
    hasher.add(bytes);
    return each(done += bytes.size());
  });
  if (!read) return pass(read);
  return hasher.finish();
}

Result<FolderInTheMaking> FolderInTheMaking::begin(const std::string& place) {
  fs::path clean = fs::path(place).lexically_normal();
  if (!clean.has_filename()) clean = clean.parent_path();  // "backup/"
  const std::string passing = clean.string() + ".unfertig";
  std::error_code error;
  const bool empty = fs::is_directory(clean, error) && fs::is_empty(clean, error);
  if (fs::exists(fs::symlink_status(clean, error)) && !empty) {
    return fail(ErrorCode::conflict, "the folder is there already and not empty", clean.string(), "name a new one");
  }
  if (fs::path(clean).has_parent_path()) fs::create_directories(clean.parent_path(), error);
  auto lock = file::Lock::take(passing + ".lock");
  if (!lock) return pass(lock);
  fs::remove_all(passing, error);
  if (::mkdir(passing.c_str(), 0700) != 0) return failed(passing);
  return FolderInTheMaking(clean.string(), passing, std::move(*lock));
}

Result<void> FolderInTheMaking::add(std::string_view file, std::string_view bytes, unsigned mode) {
  auto made = new_file(path(file), mode);
  if (!made) return pass(made);
  const Descriptor out{*made};
  return write_all(out.number, bytes, path(file));
}

Result<crypto::Digest> FolderInTheMaking::copy(const std::string& from, std::string_view file, unsigned mode,
                                               const std::function<Result<void>(std::uint64_t)>& each) {
  auto made = new_file(path(file), mode);
  if (!made) return pass(made);
  const Descriptor out{*made};
  crypto::Hasher hasher;
  std::uint64_t done = 0;
  auto read = read_all(from, [&](std::string_view bytes) -> Result<void> {
    hasher.add(bytes);
    if (auto written = write_all(out.number, bytes, path(file)); !written) return written;
    return each(done += bytes.size());
  });
  if (!read) return pass(read);
  return hasher.finish();
}

Result<void> FolderInTheMaking::finish() {
  // One sync of the file system costs less than one for each of thousands of files.
  const Descriptor made{::open(passing_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (made.number < 0 || ::syncfs(made.number) != 0) return failed(passing_);
  if (::rename(passing_.c_str(), place_.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST) {
      return fail(ErrorCode::conflict, "the folder has come to be there meanwhile", place_, "name a new one");
    }
    return failed(place_);
  }
  const std::string parent = fs::path(place_).has_parent_path() ? fs::path(place_).parent_path().string() : ".";
  const Descriptor above{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (above.number < 0 || ::fsync(above.number) != 0) return failed(parent);
  std::error_code ignored;
  fs::remove(passing_ + ".lock", ignored);
  return {};
}

Result<std::vector<std::string>> files_below(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const auto status = at->symlink_status(error);
    if (error) break;
    if (fs::is_directory(status)) continue;
    if (!fs::is_regular_file(status)) {
      return fail(ErrorCode::invalid, "neither a file nor a folder", at->path().string(), "it does not belong there");
    }
    out.push_back(at->path().lexically_relative(folder).string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(ErrorCode::unavailable, error.message(), folder);
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace verbund::network
