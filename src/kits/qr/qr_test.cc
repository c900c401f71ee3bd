// SPDX-License-Identifier: EUPL-1.2
#include "kits/qr/qr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace verbund::qr {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Code coded(std::string_view text) {
  auto code = encode(text);
  EXPECT_TRUE(code.has_value());
  return code ? std::move(*code) : Code();
}

TEST(Qr, GrowsWithTheTextAndEndsWhereItMust) {
  struct Row {
    std::size_t bytes;
    int size;
  };
  // Source: ISO/IEC 18004, table 7, byte mode, level M.
  for (const Row& row : {Row{0, 21}, Row{14, 21}, Row{15, 25}, Row{26, 25}, Row{27, 29}, Row{62, 33}, Row{84, 37},
                         Row{106, 41}, Row{122, 45}, Row{152, 49}, Row{180, 53}, Row{213, 57}, Row{251, 61},
                         Row{287, 65}, Row{331, 69}, Row{362, 73}, Row{412, 77}}) {
    EXPECT_EQ(coded(std::string(row.bytes, 'a')).size(), row.size) << row.bytes;
  }
  const auto beyond = encode(std::string(most_bytes + 1, 'a'));
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, ErrorCode::too_large);
}

TEST(Qr, HasItsThreeFinderPatterns) {
  const Code code = coded("https://portal.example/norderstedt");
  const int last = code.size() - 7;
  for (const auto& [x, y] : {std::pair(0, 0), std::pair(last, 0), std::pair(0, last)}) {
    for (int i = 0; i < 7; ++i) {
      EXPECT_TRUE(code.dark(x + i, y) && code.dark(x, y + i) && code.dark(x + i, y + 6) && code.dark(x + 6, y + i));
    }
    EXPECT_FALSE(code.dark(x + 1, y + 1));
    EXPECT_TRUE(code.dark(x + 3, y + 3));
  }
}

TEST(Qr, IsAnSvgWithATitle) {
  const std::string svg = coded("x").svg("Zur Seite <b> & zurück");
  EXPECT_THAT(svg, StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 29 29\""));
  EXPECT_THAT(svg, HasSubstr("<title>Zur Seite &lt;b> &amp; zurück</title>"));
  EXPECT_THAT(svg, EndsWith("z\"/></svg>"));
}

// Read back by a reader of others, where it is installed (Debian: zbar-tools): every size and any bytes of a URL.
TEST(Qr, IsReadByZbar) {
  if (std::system("command -v zbarimg >/dev/null 2>&1") != 0) GTEST_SKIP() << "skipped: zbarimg is not installed";
  for (const std::size_t size :
       {1U, 14U, 15U, 40U, 62U, 90U, 106U, 122U, 152U, 180U, 213U, 251U, 287U, 331U, 362U, 412U}) {
    std::string text = "https://portal.example/norderstedt/personalausweis?q=%C3%9C&n=";
    while (text.size() < size) text += static_cast<char>('a' + text.size() * 7 % 26);
    text.resize(size);
    const Code code = coded(text);
    const std::string path = ::testing::TempDir() + "qr_test.pgm";
    std::FILE* file = std::fopen(path.c_str(), "wb");
    ASSERT_NE(file, nullptr);
    const int scale = 4, side = (code.size() + 8) * scale;
    std::fprintf(file, "P5\n%d %d\n255\n", side, side);
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const int mx = x / scale - 4, my = y / scale - 4;
        const bool inside = mx >= 0 && my >= 0 && mx < code.size() && my < code.size();
        std::fputc(inside && code.dark(mx, my) ? 0 : 255, file);
      }
    }
    std::fclose(file);
    const std::string command = "zbarimg --quiet --raw -Sdisable -Sqrcode.enable " + path + " 2>/dev/null";
    std::FILE* reader = ::popen(command.c_str(), "r");
    ASSERT_NE(reader, nullptr);
    std::array<char, 1024> read{};
    const std::size_t bytes = std::fread(read.data(), 1, read.size(), reader);
    ::pclose(reader);
    EXPECT_EQ(std::string(read.data(), bytes), text + "\n") << size;
    std::remove(path.c_str());
  }
}

}  // namespace
}  // namespace verbund::qr
