// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "kits/json/json.h"

namespace verbund {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
namespace fs = std::filesystem;

class JsonStream : public testing::Test {
 protected:
  JsonStream() { fs::create_directories(dir_); }
  ~JsonStream() override { fs::remove_all(dir_); }

  std::string file(std::string_view content) {
    const std::string path = dir_ / "list.json";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  // "line=element" of each element, and at the end the error if there is one.
  std::vector<std::string> read(std::string_view content, std::string_view field = "items",
                                const JsonLimits& limits = {}) {
    std::vector<std::string> seen;
    const std::string path = file(content);
    auto done = read_json_array(
        path, field,
        [&](Json element, std::size_t line) -> Result<void> {
          seen.push_back(std::to_string(line) + "=" + element.to_canonical());
          return {};
        },
        limits);
    if (!done) {
      std::string text = done.error().text();
      seen.push_back("error " + (text.starts_with(path) ? text.substr(path.size()) : text));
    }
    return seen;
  }

  fs::path dir_ = fs::temp_directory_path() / ("verbund-json-" + std::to_string(getpid()));
};

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST_F(JsonStream, HandsOutTheElementsOfATopLevelList) {
  EXPECT_THAT(read("[1, \"a\",\n {\"b\": [2]},\n\n[3], null]"),
              ElementsAre("1=1", "1=\"a\"", "2={\"b\":[2]}", "4=[3]", "4=null"));
  EXPECT_THAT(read("[]"), ElementsAre());
  EXPECT_THAT(read("\xEF\xBB\xBF[1]"), ElementsAre("1=1"));
}

TEST_F(JsonStream, HandsOutTheElementsOfAField) {
  EXPECT_THAT(read("{\"x\": {\"items\": [7]}, \"y\": [[8]],\n\"items\": [1,\n[2]], \"z\": {\"items\": []}}\n"),
              ElementsAre("2=1", "3=[2]"));
  EXPECT_THAT(read("{\"\\u0069tems\": [1]}"), ElementsAre("1=1"));
  EXPECT_THAT(read("{\"itemsx\":[1],\"item\":[2],\"items\":[]}"), ElementsAre());
}

TEST_F(JsonStream, SaysWhenThereIsNoSuchList) {
  EXPECT_THAT(read("{\"a\": [1]}"), ElementsAre("error : no field \"items\" with a list"));
  EXPECT_THAT(read("{\"a\": {\"items\": [1]}}"), ElementsAre("error : no field \"items\" with a list"));
  EXPECT_THAT(read("{\"items\": 3}"), ElementsAre(HasSubstr("field \"items\" is no list")));
  EXPECT_THAT(read("{\"items\": {}}"), ElementsAre(HasSubstr("is no list")));
  EXPECT_THAT(read("{\"items\": [1], \"items\": [2]}"), ElementsAre("1=1", HasSubstr("comes twice")));
  EXPECT_THAT(read("3"), ElementsAre(HasSubstr("neither a list nor an object")));
}

TEST_F(JsonStream, StopsAtAFaultWithItsPlace) {
  EXPECT_THAT(read("[1,\n2,\n x]"), ElementsAre("1=1", "2=2", StartsWith("error :3:2: not well-formed JSON")));
  EXPECT_THAT(read("[1,\n[2"), ElementsAre("1=1", StartsWith("error :2:3: the JSON document ends too early")));
  EXPECT_THAT(read("[1] 2"), ElementsAre("1=1", HasSubstr("something follows")));
  EXPECT_THAT(read("[1]\n\n[2]"), ElementsAre("1=1", StartsWith("error :3:1: something follows")));
  EXPECT_THAT(read(""), ElementsAre(HasSubstr("ends too early")));
  EXPECT_THAT(read("[\"M\xFCnchen\"]"), ElementsAre(HasSubstr(":1:")));
  EXPECT_THAT(read("[{\"a\":1,\"a\":2}]"), ElementsAre(HasSubstr("comes twice")));
  EXPECT_THAT(read("{\"a\":\"\\u0000\",\"items\":[1]}"), ElementsAre(HasSubstr("U+0000")));
  EXPECT_THAT(read("[1e999999]"), ElementsAre(HasSubstr("too large for a double")));
}

TEST_F(JsonStream, PassesAnErrorOfTheReaderOn) {
  const std::string path = file("[1,2,3]");
  int calls = 0;
  const auto done = read_json_array(path, "", [&](Json, std::size_t) -> Result<void> {
    if (++calls == 2) return fail(ErrorCode::conflict, "enough", "here");
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text(), "here: enough");
  EXPECT_EQ(done.error().code, ErrorCode::conflict);
  EXPECT_EQ(calls, 2);
}

TEST_F(JsonStream, HoldsItsLimitsForEachElement) {
  EXPECT_THAT(read("[[1],[[1]],[[[1]]]]", "", {.depth = 2}), ElementsAre("1=[1]", "1=[[1]]", HasSubstr("nested")));
  EXPECT_THAT(read("[\"12345\",\"12345\",\"1234567890\"]", "", {.bytes = 9}),
              ElementsAre("1=\"12345\"", "1=\"12345\"", HasSubstr("longer than 9 bytes")));
  EXPECT_THAT(read("[[1],[1,2]]", "", {.values = 2}), ElementsAre("1=[1]", HasSubstr("more than 2 values")));
  EXPECT_THAT(read("{\"skip\":" + std::string(1'000'000, '[')), ElementsAre(HasSubstr("nested")));
  EXPECT_THAT(read(std::string(1'000'000, '[')), ElementsAre(HasSubstr("nested")));
}

TEST_F(JsonStream, SaysWhenAFileCannotBeRead) {
  const auto each = [](Json, std::size_t) -> Result<void> { return {}; };
  EXPECT_EQ(read_json_array(dir_ / "absent.json", "", each).error().code, ErrorCode::unavailable);
  EXPECT_EQ(read_json_array(dir_, "", each).error().code, ErrorCode::unavailable);
}

TEST_F(JsonStream, ReadsAcrossChunksAndTellsItsProgress) {
  std::string content = "{\"items\": [";
  for (int i = 0; i < 3000; ++i)
    content += (i ? ",\n" : "") + Json(std::string(100, 'x') + "ä€\U0001F600").to_canonical();
  content += "]}";
  std::size_t count = 0;
  std::size_t last = 0;
  const auto done = read_json_array(
      file(content), "items",
      [&](Json element, std::size_t line) -> Result<void> {
        EXPECT_EQ(line, ++count);
        EXPECT_EQ(*element.if_string(), std::string(100, 'x') + "ä€\U0001F600");
        return {};
      },
      {}, [&](std::size_t bytes) {
        EXPECT_GT(bytes, last);
        last = bytes;
      });
  EXPECT_TRUE(done);
  EXPECT_EQ(count, 3000u);
  EXPECT_EQ(last, content.size());
}

TEST_F(JsonStream, NeedsNoMoreMemoryForALargeFile) {
  const std::string path = dir_ / "large.json";
  {
    std::ofstream out(path, std::ios::binary);
    const std::string one = "{\"name\":\"" + std::string(900, 'n') + "\",\"list\":[1,2,3,{\"a\":null}]}";
    out << "{\"skipped\":[" << one;
    for (int i = 0; i < 15'000; ++i) out << ",\n" << one;
    out << "],\"items\":[" << one;
    for (int i = 0; i < 15'000; ++i) out << "," << one;
    out << "]}";
  }
  const std::size_t before = resident_bytes();
  std::size_t most = before;
  std::size_t count = 0;
  const auto done = read_json_array(path, "items", [&](Json, std::size_t) -> Result<void> {
    if (++count % 1000 == 0) most = std::max(most, resident_bytes());
    return {};
  });
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(count, 15'001u);
  EXPECT_LT(most - before, 4u << 20);
}

}  // namespace
}  // namespace verbund
