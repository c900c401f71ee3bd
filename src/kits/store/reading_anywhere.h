// SPDX-License-Identifier: EUPL-1.2
// A database as who shows it takes it: each read may be served by a server that only reads (Database::read_anywhere).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kits/store/store.h"

namespace verbund::store {

class ReadingAnywhere : public Database {
 public:
  explicit ReadingAnywhere(Database& database) : database_(database) {}

  void read(const std::function<void(Connection&)>& work) override { database_.read_anywhere(work); }
  void read_anywhere(const std::function<void(Connection&)>& work) override { database_.read_anywhere(work); }
  Result<void> write(const std::function<Result<void>(Connection&)>& work, Again again) override {
    return database_.write(work, again);
  }
  std::int64_t version() override { return database_.version(); }
  std::unique_ptr<NamedLock> try_lock(std::string_view name) override { return database_.try_lock(name); }
  std::string trouble() override { return database_.trouble(); }
  bool readable() override { return database_.readable(); }
  std::vector<std::string> integrity_findings() override { return database_.integrity_findings(); }

 private:
  Database& database_;
};

}  // namespace verbund::store
