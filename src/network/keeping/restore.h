// SPDX-License-Identifier: EUPL-1.2
// A backup becomes a data folder again: every file is compared with its sum, every log is calculated anew and must lead
// to the checkpoint that its key signed. The folder is there whole or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "network/keeping/backup.h"

namespace verbund::network {

struct RestoreParts {
  bool original_is_gone = false;  // somebody has said so; without it nothing is published from the new folder
  // Looks at the restored store before the folder is put in its place: that it says what its logs say. Gives the number
  // of its last change. Errors stop the restoring.
  std::function<Result<std::int64_t>(const std::string& store_file, const Manifest&)> check_store;
};

struct RestoreReport {
  Manifest manifest;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

// Restores the backup in `folder` as `data_folder`, which is not there or empty. Its logs are marked as restored
// (network/log/restored.h): nobody continues them before the network has been asked. Errors: not_found (no backup, a
// file is missing), invalid (a file is another one or does not belong there; a log is not the one its key signed),
// conflict (`data_folder` holds something), unavailable, those of check_store and `progress`.
Result<RestoreReport> restore(const std::string& folder, const std::string& data_folder, const RestoreParts& parts,
                              const KeepingProgress& progress);

// Only compares every file of a backup with its sum and the logs with their signatures. Errors: as above.
Result<RestoreReport> verify_backup(const std::string& folder, const KeepingProgress& progress);

}  // namespace verbund::network
