// SPDX-License-Identifier: EUPL-1.2
// A folder that a full export goes into.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/result.h"

namespace verbund::directory {

// Makes the folder if it is missing. Errors: conflict (not empty), unavailable (cannot be made or read, is a file).
Result<void> prepare_export_folder(const std::string& folder);

// A file that is written from the beginning; every failure shows at finish().
class ExportFile {
 public:
  explicit ExportFile(const std::filesystem::path& path);
  void write(std::string_view bytes);
  std::uint64_t bytes() const { return bytes_; }
  // Errors: unavailable (could not be written whole; disk full).
  Result<void> finish();

 private:
  std::filesystem::path path_;
  std::ofstream out_;
  std::uint64_t bytes_ = 0;
};

}  // namespace verbund::directory
