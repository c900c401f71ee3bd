// SPDX-License-Identifier: EUPL-1.2
// SQL stands in *_store.cc files only (and in this kit), in the subset that SQLite and PostgreSQL share.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace verbund::store {
namespace {

// Starts of statements, as our sources write them: in capitals, at the beginning of a literal.
const std::regex statement(
    R"rx("\s*(SELECT |INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX)|ALTER TABLE|PRAGMA ))rx");
// What only one of both engines understands.
const std::regex dialect(
    R"rx(\b(AUTOINCREMENT|rowid|INSERT OR |REPLACE INTO|BLOB|PRAGMA|WITHOUT ROWID|GLOB|IFNULL|SERIAL|BYTEA|ILIKE)\b)rx");

bool ends_with(const std::string& text, std::string_view end) { return text.ends_with(end); }

// One line per literal that must not be in `source`.
std::vector<std::string> findings(const std::string& path, const std::string& source) {
  std::vector<std::string> out;
  std::istringstream lines(source);
  std::string line;
  const bool is_store = ends_with(path, "_store.cc");
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string where = path + ":" + std::to_string(number) + ": ";
    if (!is_store && std::regex_search(line, statement)) out.push_back(where + "SQL outside a *_store.cc file");
    if (is_store && line.find('"') != line.npos && std::regex_search(line, dialect))
      out.push_back(where + "SQL that only one engine understands");
  }
  return out;
}

TEST(StoreSql, StandsInStoreFilesOnly) {
  const std::filesystem::path root = std::filesystem::path(VERBUND_SOURCE_DIR) / "src";
  std::vector<std::string> all;
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string path = entry.path().lexically_relative(root).string();
    if (!ends_with(path, ".cc") && !ends_with(path, ".h")) continue;
    // What only tests contain may say what it wants: x_test.cc and the headers they share, test_x.h.
    const bool tests = ends_with(path, "_test.cc") || entry.path().filename().string().starts_with("test_");
    if (path.starts_with("kits/store/") || tests) continue;
    ++files;
    std::ostringstream source;
    source << std::ifstream(entry.path()).rdbuf();
    for (auto& finding : findings(path, source.str())) all.push_back(std::move(finding));
  }
  EXPECT_GT(files, 20);
  EXPECT_THAT(all, ::testing::IsEmpty());
}

TEST(StoreSql, TheScanSeesWhatItShall) {
  EXPECT_EQ(findings("a/b.cc", R"x(auto s = c.prepare("SELECT key FROM area");)x").size(), 1u);
  EXPECT_EQ(findings("a/b.h", R"x(execute(" DELETE FROM area");)x").size(), 1u);
  EXPECT_EQ(findings("a/b.cc", R"x(print("Select a town");)x").size(), 0u);
  EXPECT_EQ(findings("a/b_store.cc", R"x(auto s = c.prepare("SELECT key FROM area");)x").size(), 0u);
  EXPECT_EQ(findings("a/b_store.cc", R"x(auto s = c.prepare("SELECT rowid FROM area");)x").size(), 1u);
  EXPECT_EQ(findings("a/b_store.cc", R"x(c.execute("INSERT OR IGNORE INTO area VALUES (1)");)x").size(), 1u);
}

}  // namespace
}  // namespace verbund::store
