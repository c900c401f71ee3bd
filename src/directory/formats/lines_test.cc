// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace verbund::directory {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> lines_of(const std::string& text, const LineLimits& limits = {}) {
  std::istringstream in(text);
  std::vector<std::string> out;
  auto read = read_lines(in, "f", [&](std::string_view line, std::size_t number) -> Result<void> {
    out.push_back(std::to_string(number) + " " + std::string(line));
    return {};
  }, limits);
  if (!read) out.push_back("! " + read.error().where);
  return out;
}

std::vector<std::string> rows_of(const std::string& text, const LineLimits& limits = {}) {
  std::istringstream in(text);
  std::vector<std::string> out;
  auto read = read_csv(in, "f", [&](const std::vector<std::string>& fields, std::size_t line) -> Result<void> {
    std::string row = std::to_string(line);
    for (const auto& field : fields) row += "|" + field;
    out.push_back(row);
    return {};
  }, limits);
  if (!read) out.push_back("! " + read.error().where);
  return out;
}

TEST(Lines, EndWithLfOrCrlfOrTheFile) {
  EXPECT_THAT(lines_of("a\nb\r\n\nc"), ElementsAre("1 a", "2 b", "3 ", "4 c"));
  EXPECT_THAT(lines_of(""), ElementsAre());
}

TEST(Lines, HaveLimits) {
  EXPECT_THAT(lines_of("ab\nabcd", {.line_bytes = 3, .lines = 9}), ElementsAre("1 ab", "! f:2"));
  EXPECT_THAT(lines_of("a\nb\nc", {.line_bytes = 3, .lines = 2}), ElementsAre("1 a", "2 b", "! f"));
}

TEST(Csv, ReadsPlainAndQuotedFields) {
  EXPECT_THAT(rows_of("a,b\n1,\"x, y\"\r\n\"he said \"\"no\"\"\",\n"),
              ElementsAre("1|a|b", "2|1|x, y", "3|he said \"no\"|"));
  EXPECT_THAT(rows_of("\"two\nlines\",z\nnext,row"), ElementsAre("1|two\nlines|z", "3|next|row"));
}

TEST(Csv, DropsAByteOrderMarkAndEmptyLines) {
  EXPECT_THAT(rows_of("\xEF\xBB\xBF" "a,b\n\n\r\nc,d"), ElementsAre("1|a|b", "4|c|d"));
  EXPECT_THAT(rows_of("\xEF\xBBx,b\n"), ElementsAre("1|\xEF\xBBx|b"));
  EXPECT_THAT(rows_of("\xEF"), ElementsAre("1|\xEF"));
}

TEST(Csv, RefusesQuotesThatDoNotFit) {
  EXPECT_THAT(rows_of("a,b\"c\n"), ElementsAre("! f:1"));
  EXPECT_THAT(rows_of("a\n\"b\"c\n"), ElementsAre("1|a", "! f:2"));
  EXPECT_THAT(rows_of("a\n\"never closed\n\n\n"), ElementsAre("1|a", "! f:2"));
}

TEST(Csv, HasLimits) {
  EXPECT_THAT(rows_of("a\n\"" + std::string(100, 'x'), {.line_bytes = 50, .lines = 9}), ElementsAre("1|a", "! f:2"));
  EXPECT_THAT(rows_of(std::string(500, ',') + "\n"), ElementsAre("! f:1"));
  EXPECT_THAT(rows_of("a\nb\nc\nd\n", {.line_bytes = 50, .lines = 2}), ElementsAre("1|a", "2|b", "! f"));
}

TEST(Csv, PassesOnWhatTheReceiverSays) {
  std::istringstream in("a\nb\n");
  auto read =
      read_csv(in, "f", [&](const auto&, std::size_t) -> Result<void> { return fail(ErrorCode::conflict, "no"); });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "no");
}

}  // namespace
}  // namespace verbund::directory
