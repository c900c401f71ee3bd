// SPDX-License-Identifier: EUPL-1.2
#include "kits/flat/flat.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

namespace verbund::flat {
namespace {

struct Pair {
  std::uint32_t left;
  std::uint16_t right, unused;
};

const std::vector<std::uint32_t> numbers{1, 2, 3, 4'000'000'000U};
const std::vector<Pair> pairs{{7, 8, 0}, {9, 10, 0}};

Writer sample() {
  Writer out("sample 1");
  out.add("numbers", numbers);
  out.add("pairs", pairs);
  out.add_text("name", "Größe");
  out.add("nothing", std::span<const std::uint64_t>());
  return out;
}

std::string folder() {
  const std::string path = ::testing::TempDir() + "flat_test";
  std::filesystem::create_directories(path);
  return path;
}

void expect_sample(const File& file) {
  const auto read = file.array<std::uint32_t>("numbers");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(std::vector<std::uint32_t>(read->begin(), read->end()), numbers);
  Array<Pair> two;
  Array<std::uint64_t> none;
  ASSERT_TRUE(file.read("pairs", two, "nothing", none).has_value());
  EXPECT_EQ(two[1].right, 10);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(*file.text("name"), "Größe");
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(two.data()) % 64, 0U);
}

TEST(Flat, GivesBackWhatWasWritten) {
  const std::string path = folder() + "/whole";
  ASSERT_TRUE(sample().write(path).has_value());
  const auto file = File::map(path, "sample 1");
  ASSERT_TRUE(file.has_value()) << file.error().text();
  expect_sample(*file);
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(bytes, sample().bytes());
  const auto copy = File::of_bytes(bytes, "sample 1");
  ASSERT_TRUE(copy.has_value());
  expect_sample(*copy);
}

TEST(Flat, ArraysOutliveTheirFileAndItsReplacement) {
  const std::string path = folder() + "/replaced";
  ASSERT_TRUE(sample().write(path).has_value());
  Array<std::uint32_t> kept;
  {
    const auto file = File::map(path, "sample 1");
    ASSERT_TRUE(file.has_value());
    kept = *file->array<std::uint32_t>("numbers");
  }
  Writer other("sample 2");
  const std::vector<std::uint32_t> different{5};
  other.add("numbers", different);
  ASSERT_TRUE(other.write(path).has_value());
  EXPECT_EQ(kept[3], 4'000'000'000U);
  EXPECT_EQ((*File::map(path, "sample 2")->array<std::uint32_t>("numbers"))[0], 5U);
}

TEST(Flat, LeavesNothingBesideTheFile) {
  const std::string inside = folder() + "/alone";
  std::filesystem::remove_all(inside);
  std::filesystem::create_directories(inside);
  ASSERT_TRUE(sample().write(inside + "/x").has_value());
  ASSERT_TRUE(sample().write(inside + "/x").has_value());
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(inside)) ++files;
  EXPECT_EQ(files, 1U);
}

TEST(Flat, SaysWhyItCannotBeRead) {
  const std::string path = folder() + "/errors";
  ASSERT_TRUE(sample().write(path).has_value());
  EXPECT_EQ(File::map(path, "sample 2").error().code, ErrorCode::not_found);
  EXPECT_EQ(File::map(path + ".missing", "sample 1").error().code, ErrorCode::not_found);
  EXPECT_EQ(File::map(folder(), "sample 1").error().code, ErrorCode::invalid);
  std::ofstream(path, std::ios::trunc).close();
  EXPECT_EQ(File::map(path, "sample 1").error().code, ErrorCode::invalid);
  EXPECT_EQ(sample().write("/nowhere/at/all").error().code, ErrorCode::unavailable);
  const auto file = File::of_bytes(sample().bytes(), "sample 1");
  EXPECT_EQ(file->array<std::uint32_t>("other").error().code, ErrorCode::invalid);
  EXPECT_EQ(file->array<std::uint64_t>("numbers").error().code, ErrorCode::invalid) << "elements of another size";
  EXPECT_TRUE(file->has("numbers"));
  EXPECT_FALSE(file->has("other"));
}

TEST(Flat, RefusesEveryCutAndEveryChangedByteThatMatters) {
  const std::string whole = sample().bytes();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(File::of_bytes(whole.substr(0, length), "sample 1").has_value()) << length;
  }
  EXPECT_FALSE(File::of_bytes(whole + '\0', "sample 1").has_value());
  std::size_t accepted = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char change : {'\x01', '\x80'}) {
      std::string wrong = whole;
      wrong[at] = static_cast<char>(wrong[at] ^ change);
      const auto file = File::of_bytes(wrong, "sample 1");
      if (!file) continue;
      ++accepted;   // only the zeros between sections carry nothing
      EXPECT_EQ(whole[at], '\0') << at;
      expect_sample(*file);
    }
  }
  EXPECT_LT(accepted, whole.size());
}

TEST(Flat, BelievesNoLengthEvenWithTheRightChecksum) {
  // A hostile writer can make the checksum fit: every number of the head is tried with values that overflow.
  const std::string whole = sample().bytes();
  for (std::size_t at = 8; at + 8 <= 48 + 4 * 24; at += 4) {
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1} << 31, ~std::uint64_t{0}, ~std::uint64_t{0} - 63,
                                      std::uint64_t{whole.size()}, std::uint64_t{1} << 62}) {
      std::string wrong = whole;
      std::memcpy(wrong.data() + at, &value, 8);
      const auto file = File::of_bytes(wrong, "sample 1");
      if (!file) continue;
      for (const char* name : {"numbers", "pairs", "name", "nothing"}) (void)file->text(name);
    }
  }
}

TEST(Flat, TheChecksumSeesSwapsLengthsAndZeros) {
  std::mt19937_64 random(1);
  std::string bytes(1000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  const std::uint64_t sum = checksum(bytes);
  EXPECT_EQ(sum, checksum(bytes));
  EXPECT_NE(sum, checksum(bytes, 1));
  EXPECT_NE(checksum(std::string_view("\0", 1)), checksum(std::string_view("\0\0", 2)));
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    std::string swapped = bytes;
    std::swap(swapped[i - 1], swapped[i]);
    if (swapped != bytes) {
      EXPECT_NE(checksum(swapped), sum) << i;
    }
  }
}

TEST(Flat, AnOwnedArrayIsSharedByItsCopies) {
  const Array<std::uint32_t> one(std::vector<std::uint32_t>{1, 2, 3});
  const Array<std::uint32_t> two = one;
  EXPECT_EQ(one.data(), two.data());
  EXPECT_EQ(two.bytes(), 12U);
  EXPECT_EQ(two.subspan(1, 2)[0], 2U);
}

}  // namespace
}  // namespace verbund::flat
