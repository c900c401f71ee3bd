// SPDX-License-Identifier: EUPL-1.2
// The published log as plain files that any web server or cache can hand out.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "network/log/log_source.h"

namespace verbund::network {

struct ExportReport {
  std::uint64_t size = 0;      // entries
  std::uint64_t written = 0;   // files; those that were there already are not written again
};

// Writes key, tiles, bundles and bodies, then the checkpoint: whoever serves the folder meanwhile serves the old or the
// new log. Bodies that the log does not give any more are removed. Errors: conflict (the folder holds another log or a
// longer one), those of the source, unavailable. `progress(entries written, entries of the log)`.
Result<ExportReport> export_log(LogSource& log, const std::string& folder,
                                const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

}  // namespace verbund::network
