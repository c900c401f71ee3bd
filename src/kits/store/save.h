// SPDX-License-Identifier: EUPL-1.2
// A store as one file, as it is at one moment, while others go on writing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "kits/store/store.h"

namespace verbund::store {

// Hears how many bytes (SQLite: of the file) or rows (another engine) are saved. An error ends the work and is passed
// on.
using SaveProgress = std::function<Result<void>(std::uint64_t done)>;

// Saves the store of the SQLite file `source` page by page into the new file `target` (mode 0600), a SQLite store by
// itself without side files, not yet synced to the disk. Memory: a few pages. Errors: conflict (`target` is there),
// unavailable (no such store, disk), those of `progress`.
Result<void> save_sqlite(const std::string& source, const std::string& target, const SaveProgress& progress);

}  // namespace verbund::store
