// SPDX-License-Identifier: EUPL-1.2
// A store in a folder of its own for tests of imports and exports, gone at the end.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "base/clock.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "kits/store/store.h"
#include "kits/store/testing/engine.h"

namespace verbund::directory::testing {

class TestFolder {
 public:
  TestFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "verbund-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
    path_ = pattern;
  }
  ~TestFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string path(const std::string& name = {}) const {
    return name.empty() ? path_.string() : (path_ / name).string();
  }
  // Writes a file and gives its path.
  std::string file(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class TestNode {
 public:
  TestNode() {
    auto migrations = area_migrations();
    for (auto& one : object_migrations()) migrations.push_back(one);
    store::Options options;
    options.path = store::testing::location(folder_.path("node.db"));
    auto opened = store::Database::open(options, migrations);
    if (!opened) {
      ADD_FAILURE() << opened.error().text();
      std::abort();
    }
    database_ = std::move(*opened);
  }

  store::Database& database() { return *database_; }
  FixedClock& clock() { return clock_; }
  const TestFolder& folder() const { return folder_; }

  // Everything that was published, one line each, and the number of changes: equal texts, equal state.
  std::string state() {
    std::string out;
    database_->read([&](store::Connection& connection) {
      AreaStore areas(connection);
      ObjectStore objects(connection);
      out += "areas of " + areas.list_day() + "\n";
      areas.each_area([&](const Area& area) { out += to_body(area) + "\n"; });
      areas.each_postal_code([&](const PostalCodeEntry& entry) { out += to_body(entry) + "\n"; });
      for (ObjectKind kind : all_object_kinds) {
        objects.each_body(kind, [&](const ObjectId&, std::string_view body) { out += std::string(body) + "\n"; });
      }
      out += "changes " + std::to_string(objects.last_sequence()) + "\n";
    });
    return out;
  }

  template <typename T>
  std::optional<T> get(const std::string& agency, const std::string& local) {
    std::optional<T> out;
    database_->read([&](store::Connection& connection) { out = ObjectStore(connection).get<T>({agency, local}); });
    return out;
  }

  std::int64_t count(ObjectKind kind) {
    std::int64_t out = 0;
    database_->read([&](store::Connection& connection) { out = ObjectStore(connection).count(kind); });
    return out;
  }

 private:
  TestFolder folder_;
  FixedClock clock_{*parse_time("2026-06-08T10:00:00Z")};
  std::unique_ptr<store::Database> database_;
};

}  // namespace verbund::directory::testing
