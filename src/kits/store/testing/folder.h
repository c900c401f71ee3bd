// SPDX-License-Identifier: EUPL-1.2
// A folder of its own for a test, removed with everything in it at the end.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include <stdlib.h>

#include "kits/store/testing/engine.h"

namespace verbund::store::testing {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "verbund-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no folder for a test: " + name);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  // Where a store is kept that is called so: a file, or a schema on a server.
  std::string store(const std::string& name) const { return location(file(name)); }

 private:
  std::string path_;
};

}  // namespace verbund::store::testing
