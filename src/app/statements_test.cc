// SPDX-License-Identifier: EUPL-1.2
// The statement on privacy says what the program does: these tests fail when a table, a cookie or something on the
// reader's device is described nowhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "app/node.h"
#include "faces/portal/processing.h"
#include "faces/portal/texts.h"

namespace verbund::app {
namespace {

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

std::filesystem::path source(const std::string& path) { return std::filesystem::path(VERBUND_SOURCE_DIR) / path; }

std::set<std::string> found(const std::string& text, const char* pattern) {
  const std::regex expression(pattern);
  std::set<std::string> out;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), expression); at != std::sregex_iterator(); ++at) {
    out.insert((*at)[1]);
  }
  return out;
}

std::set<std::string> tables_of_the_store() {
  std::set<std::string> out{"schema_migration"};
  for (const auto& step : node_migrations()) {
    out.merge(found(step.sql, "CREATE TABLE (?:IF NOT EXISTS )?(\\w+)"));
    for (const std::string& gone : found(step.sql, "DROP TABLE (?:IF EXISTS )?(\\w+)")) out.erase(gone);
    const std::regex renamed("ALTER TABLE (\\w+) RENAME TO (\\w+)");
    for (auto at = std::sregex_iterator(step.sql.begin(), step.sql.end(), renamed); at != std::sregex_iterator(); ++at) {
      out.erase((*at)[1]);
      out.insert((*at)[2]);
    }
  }
  return out;
}

TEST(Statements, EveryTableIsInTheListAndInTheDocument) {
  const std::string document = content(source("docs/data.md"));
  std::set<std::string> listed;
  for (const auto& one : portal::stored_tables()) listed.emplace(one.table);
  for (const std::string& table : tables_of_the_store()) {
    EXPECT_TRUE(listed.contains(table)) << table << " is not in src/faces/portal/processing.cc: is anything of people in it?";
    EXPECT_THAT(document, ::testing::HasSubstr("`" + table + "`")) << "docs/data.md";
    listed.erase(table);
  }
  EXPECT_THAT(listed, ::testing::IsEmpty()) << "listed, but not in the store";
}

TEST(Statements, EveryTableAboutPeopleHasItsSectionInEveryLanguage) {
  for (const auto& one : portal::stored_tables()) {
    if (one.section.empty()) continue;
    for (std::string_view language : portal::languages) {
      const std::string texts = content(source("web/texts/" + std::string(language) + ".txt"));
      const std::string key = "\nprivacy." + std::string(one.section);
      EXPECT_THAT(texts, ::testing::HasSubstr(key + " = ")) << one.table << " " << language;
      EXPECT_THAT(texts, ::testing::HasSubstr(key + "_1 = ")) << one.table << " " << language;
    }
    EXPECT_THAT(content(source("src/faces/portal/statements.cc")), ::testing::HasSubstr("section(\"" + std::string(one.section) + "\""));
  }
}

TEST(Statements, NoCookieIsSetThatIsNotNamed) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source("src"))) {
    if (entry.path().extension() != ".cc" || entry.path().filename().string().ends_with("_test.cc")) continue;
    ++files;
    const std::string text = content(entry.path());
    if (text.find("Set-Cookie") == std::string::npos) continue;
    const auto names = portal::cookies();
    EXPECT_TRUE(std::any_of(names.begin(), names.end(), [&](auto name) { return text.find(name) != std::string::npos; }))
        << entry.path() << " sets a cookie that processing.cc does not name";
  }
  EXPECT_GT(files, 100u);
  for (const auto& entry : std::filesystem::directory_iterator(source("web/script"))) {
    EXPECT_EQ(content(entry.path()).find("document.cookie"), std::string::npos) << entry.path();
  }
}

TEST(Statements, WhatStaysOnADeviceIsNamed) {
  std::set<std::string> seen;
  for (const auto& entry : std::filesystem::directory_iterator(source("web/script"))) {
    const std::string text = content(entry.path());
    seen.merge(found(text, "['`](verbund-[a-z]+[- ])"));
    EXPECT_EQ(text.find("indexedDB"), std::string::npos) << entry.path();
    EXPECT_EQ(text.find("sessionStorage"), std::string::npos) << entry.path();
    const bool stores = text.find("localStorage.setItem") != std::string::npos || text.find("caches.open") != std::string::npos;
    EXPECT_TRUE(!stores || text.find("verbund-") != std::string::npos) << entry.path() << ": names begin with verbund-";
  }
  const auto listed = portal::device_storage();
  EXPECT_EQ(seen, std::set<std::string>(listed.begin(), listed.end()));
}

}  // namespace
}  // namespace verbund::app
