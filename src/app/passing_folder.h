// SPDX-License-Identifier: EUPL-1.2
// A folder that vanishes with the program: for demonstrations without --data.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace verbund::app {

class PassingFolder {
 public:
  PassingFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "verbund-demo-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~PassingFolder() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  PassingFolder(const PassingFolder&) = delete;
  PassingFolder& operator=(const PassingFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::unexpected<Error> no_passing_folder() {
  return fail(ErrorCode::unavailable, "no temporary folder can be made", "", "name a folder with --data");
}

}  // namespace verbund::app
