// SPDX-License-Identifier: EUPL-1.2
// Every clause of docs/protocols/network.md names its tests, the tests it names are there, and some test names the clause.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "base/text.h"
#include "kits/file/file.h"

namespace verbund::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* protocol_page = "docs/protocols/network.md";
constexpr std::size_t file_limit = 8u << 20;

std::set<std::string> all_matches(const std::string& text, const std::regex& pattern, std::size_t group = 1) {
  std::set<std::string> out;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) out.insert((*at)[group]);
  return out;
}

// "11.5" -> the text of the clause.
std::map<std::string, std::string> clauses_of(const std::string& text) {
  static const std::regex heading("## ([0-9]+)\\. .*"), numbered("([0-9]+)\\. .*");
  std::map<std::string, std::string> out;
  std::string section, clause;
  for (const std::string_view view : split(text, '\n')) {
    const std::string line(view);
    std::smatch found;
    if (std::regex_match(line, found, heading)) {
      section = found[1];
      clause.clear();
    } else if (!section.empty() && std::regex_match(line, found, numbered)) {
      clause = section + "." + found[1].str();
    }
    if (!clause.empty()) out[clause] += line + "\n";
  }
  return out;
}

struct Tests {
  std::set<std::string> names;      // "Mirror.GoesOn" and suites "Mirror"
  std::set<std::string> clauses;    // that a test or story names
};

Tests all_tests() {
  static const std::regex test("TEST(?:_F|_P)?\\((\\w+), (\\w+)\\)"), clause("clauses? ([0-9][0-9., and]*)");
  static const std::regex number("([0-9]+\\.[0-9]+)");
  Tests out;
  const auto read = [&](const fs::path& path) {
    const std::string text = file::read(path.string(), file_limit).value();
    for (std::sregex_iterator at(text.begin(), text.end(), test), end; at != end; ++at) {
      out.names.insert((*at)[1].str());
      out.names.insert((*at)[1].str() + "." + (*at)[2].str());
    }
    for (const std::string& list : all_matches(text, clause)) out.clauses.merge(all_matches(list, number));
  };
  for (const char* folder : {"src", "simulation"}) {
    for (const auto& each : fs::recursive_directory_iterator(folder)) {
      if (each.path().string().ends_with("_test.cc")) read(each.path());
    }
  }
  for (const auto& each : fs::directory_iterator("scenarios")) {
    if (each.path().extension() != ".txt") continue;
    read(each.path());
    out.names.insert(each.path().stem().string());
  }
  return out;
}

TEST(Protocol, HasATestForEachClause) {
  // `Mirror.GoesOn`, a whole suite `Rotation`, a story `06-proof`.
  static const std::regex named("`([A-Z]\\w+(?:\\.[A-Z]\\w+)?|[0-9]{2}-[a-z-]+)`");
  const auto clauses = clauses_of(file::read(protocol_page, file_limit).value());
  const Tests tests = all_tests();
  ASSERT_GT(clauses.size(), 60u);
  for (const auto& [clause, text] : clauses) {
    bool has = text.find("(the same") != std::string::npos;
    for (const std::string& name : all_matches(text, named)) {
      const bool there = tests.names.contains(name);
      has = has || there;
      EXPECT_TRUE(there || name.find('.') == std::string::npos) << clause << " names " << name << ", which is no test";
    }
    EXPECT_TRUE(has) << "clause " << clause << " names no test";
    EXPECT_TRUE(tests.clauses.contains(clause)) << "no test and no story names clause " << clause;
  }
  for (const std::string& clause : tests.clauses) {
    EXPECT_TRUE(clauses.contains(clause)) << "a test names clause " << clause << ", which is not there";
  }
}

TEST(Protocol, IsReadAsItIsWritten) {
  const auto clauses = clauses_of("# A\n1. no\n## 2. B\nwords\n1. one\n   more\n2. two\n## C\n");
  ASSERT_EQ(clauses.size(), 2u);
  EXPECT_EQ(clauses.at("2.1"), "1. one\n   more\n");
}

}  // namespace
}  // namespace verbund::app
