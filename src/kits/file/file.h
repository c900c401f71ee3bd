// SPDX-License-Identifier: EUPL-1.2
// Whole files, durably: what was written is there after a power failure, whole or not at all.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::file {

inline constexpr unsigned for_owner = 0600;   // secrets
inline constexpr unsigned for_all = 0644;     // what a web server may hand out

// Errors: not_found (no such file), too_large (over `limit_bytes`), unavailable.
Result<std::string> read(const std::string& path, std::size_t limit_bytes);

// `length` bytes from `offset` on, fewer where the file ends. Errors: not_found, unavailable.
Result<std::string> read_part(const std::string& path, std::uint64_t offset, std::size_t length);

// Reads a secret. Errors: as read; conflict where others than the owner may read it.
Result<std::string> read_secret(const std::string& path, std::size_t limit_bytes);

// Replaces `path` as a whole: other readers see the old or the new bytes. Durable when it returns. Folders on the way
// are made (readable as the umask allows). Any number of threads and processes may write one path at once: the last one
// to finish stays. Each writes under a passing name of its own, PATH.newXXXXXX; what a crash leaves of these goes when
// somebody writes in that folder an hour later. Errors: unavailable.
Result<void> write(const std::string& path, std::string_view bytes, unsigned mode = for_all);

// Creates `path`, which must not exist, durably. Errors: conflict (it exists), unavailable.
Result<void> create(const std::string& path, std::string_view bytes, unsigned mode);

// Many files at once: each replaces its path as a whole; in place and durable together when commit() has returned. A
// crash before leaves any of them old or new, none half. Without commit() they may stay as they were. One file is made
// durable while the next are written: a hundred cost little more than a few.
class Batch {
 public:
  Batch() = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch();
  Result<void> add(const std::string& path, std::string_view bytes, unsigned mode = for_all);
  Result<void> commit();

 private:
  struct Written {
    int descriptor;
    std::string path, passing;
  };
  Result<void> settle();            // what is written is put in its place
  void drop();                      // what is not in its place is removed
  std::vector<Written> written_;    // under its passing name, not durable yet
  std::set<std::string> folders_;   // whose entries are not durable yet
};

// An exclusive lock that a program holds on a file; released at destruction or when the process ends, however it ends.
class Lock {
 public:
  // Errors: conflict (another program, or another Lock of this one, holds it), unavailable.
  static Result<Lock> take(const std::string& path);
  // The same, and waits so long for the holder. Errors: as take.
  static Result<Lock> take_within(const std::string& path, std::chrono::milliseconds patience);
  Lock(Lock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  Lock& operator=(Lock&& other) noexcept;
  ~Lock();

 private:
  explicit Lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace verbund::file
