// SPDX-License-Identifier: EUPL-1.2
#include "kits/compress/compress.h"

#include <gtest/gtest.h>

#include <random>

namespace verbund::compress {
namespace {

std::vector<std::string> samples() {
  std::vector<std::string> out = {"", "a", std::string(1, '\0'), std::string(300'000, 'x')};
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "<p>Zeile " + std::to_string(i * i) + " ä</p>\n";
  out.push_back(text);
  std::mt19937 random(1);
  std::string noise;
  for (int i = 0; i < 200'000; ++i) noise += static_cast<char>(random() & 0xFF);
  out.push_back(noise);
  return out;
}

TEST(Compress, GivesBackWhatItTook) {
  for (const std::string& sample : samples()) {
    for (int level : {1, 6, 9}) EXPECT_TRUE(ungzip(gzip(sample, level), sample.size()).value() == sample);
    for (int quality : {0, 5, 11}) EXPECT_TRUE(unbrotli(brotli(sample, quality), sample.size()).value() == sample);
  }
}

TEST(Compress, MakesTextsSmaller) {
  const std::string text = samples()[4];
  EXPECT_LT(gzip(text).size(), text.size() / 3);
  EXPECT_LT(brotli(text).size(), text.size() / 3);
}

TEST(Compress, IsTheSameEachTime) {
  const std::string packed = gzip("some text");
  EXPECT_EQ(packed, gzip("some text"));
  EXPECT_EQ(packed.substr(0, 8), std::string("\x1F\x8B\x08\0\0\0\0\0", 8)) << "no name, no time";
  EXPECT_EQ(brotli("some text"), brotli("some text"));
}

TEST(Compress, ReadsSeveralGzipMembers) { EXPECT_EQ(ungzip(gzip("a") + gzip("b"), 10).value(), "ab"); }

TEST(Compress, RefusesWhatIsBroken) {
  const std::string text = samples()[4];
  for (const bool with_gzip : {true, false}) {
    const auto unpack = [&](std::string_view bytes) {
      return with_gzip ? ungzip(bytes, 1 << 20) : unbrotli(bytes, 1 << 20);
    };
    const std::string packed = with_gzip ? gzip(text) : brotli(text);
    for (std::size_t cut : {std::size_t{0}, std::size_t{1}, packed.size() / 2, packed.size() - 1}) {
      const auto result = unpack(std::string_view(packed).substr(0, cut));
      ASSERT_FALSE(result) << cut;
      EXPECT_EQ(result.error().code, ErrorCode::invalid);
    }
    EXPECT_EQ(unpack(packed + "x").error().code, ErrorCode::invalid);
    EXPECT_EQ(unpack("this is plain text, not packed at all").error().code, ErrorCode::invalid);
  }
  std::string damaged = gzip(text);
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x10);
  EXPECT_EQ(ungzip(damaged, 1 << 20).error().code, ErrorCode::invalid) << "the checksum tells";
}

TEST(Compress, StopsABombAtItsLimit) {
  const std::string zeros(50'000'000, '\0');
  EXPECT_EQ(ungzip(gzip(zeros), 1 << 20).error().code, ErrorCode::too_large);
  EXPECT_EQ(unbrotli(brotli(zeros), 1 << 20).error().code, ErrorCode::too_large);
  EXPECT_EQ(ungzip(gzip("abc"), 2).error().code, ErrorCode::too_large);
  EXPECT_TRUE(ungzip(gzip("abc"), 3));
  EXPECT_EQ(unbrotli(brotli("abc"), 2).error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace verbund::compress
