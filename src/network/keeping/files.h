// SPDX-License-Identifier: EUPL-1.2
// Files of a backup on their way. Internal to network/keeping.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kits/crypto/digest.h"
#include "kits/file/file.h"
#include "network/keeping/backup.h"

namespace verbund::network {

// SHA-256 of a file, read piece by piece. `each` hears of the bytes read so far. Errors: not_found, unavailable, those
// of `each`.
Result<crypto::Digest> digest_file(const std::string& path, const std::function<Result<void>(std::uint64_t)>& each);

// A folder that is filled under a passing name and put in its place at the end.
class FolderInTheMaking {
 public:
  // Removes what one that was killed has left. Errors: conflict (`place` is there; somebody else makes it),
  // unavailable.
  static Result<FolderInTheMaking> begin(const std::string& place);
  FolderInTheMaking(FolderInTheMaking&&) = default;
  FolderInTheMaking& operator=(FolderInTheMaking&&) = default;

  std::string path(std::string_view file) const { return passing_ + "/" + std::string(file); }
  const std::string& folder() const { return passing_; }
  // A new file with these bytes, its folders on the way; for the owner only unless `mode` says otherwise. Not synced.
  Result<void> add(std::string_view file, std::string_view bytes, unsigned mode = file::for_owner);
  // Copies a file; gives the SHA-256 of what was written.
  Result<crypto::Digest> copy(const std::string& from, std::string_view file, unsigned mode,
                              const std::function<Result<void>(std::uint64_t)>& each);
  // Makes everything durable and renames. Errors: unavailable, conflict (`place` has come to be there meanwhile).
  Result<void> finish();

 private:
  FolderInTheMaking(std::string place, std::string passing, file::Lock lock)
      : place_(std::move(place)), passing_(std::move(passing)), lock_(std::move(lock)) {}
  std::string place_, passing_;
  file::Lock lock_;
};

// Paths of all files below `folder`, relative, sorted. Errors: unavailable, invalid (something that is no file or
// folder).
Result<std::vector<std::string>> files_below(const std::string& folder);

}  // namespace verbund::network
