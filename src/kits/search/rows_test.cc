// SPDX-License-Identifier: EUPL-1.2
// The loops of a block against what they mean, in each width that this processor has.
#include "kits/search/rows.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

namespace verbund::search {
namespace {

using Bytes = std::array<std::uint8_t, block_size>;
using Words = std::array<std::uint16_t, block_size>;

class Rows : public ::testing::TestWithParam<const rows::Loops*> {
 protected:
  const rows::Loops& loops_ = *GetParam();
  Bytes bytes() {
    Bytes out;
    for (auto& value : out) value = static_cast<std::uint8_t>(random_() % 3 == 0 ? 0 : random_());
    return out;
  }
  Words words() {
    Words out;
    for (auto& value : out) value = static_cast<std::uint16_t>(random_() % 3 == 0 ? 0 : random_());
    return out;
  }
  std::mt19937_64 random_{3};
};

TEST_P(Rows, TakeTheLargestAndTheSmallest) {
  for (const std::uint32_t weight : {0U, 1U, 77U, 255U, 256U}) {
    const Bytes a = bytes(), b = bytes();
    Bytes row = a;
    loops_.take_largest(row.data(), b.data(), weight);
    for (std::uint32_t i = 0; i < block_size; ++i) {
      EXPECT_EQ(row[i], std::max<std::uint32_t>(a[i], b[i] * weight >> 8)) << i;
    }
    row = a;
    loops_.take_smallest(row.data(), b.data());
    for (std::uint32_t i = 0; i < block_size; ++i) EXPECT_EQ(row[i], std::min(a[i], b[i]));
  }
}

TEST_P(Rows, Sum) {
  const Bytes a = bytes();
  std::uint32_t sum = 0, most = 0;
  for (const std::uint8_t value : a) {
    sum += value;
    most = std::max<std::uint32_t>(most, value);
  }
  EXPECT_EQ(loops_.sum(a.data()).sum, sum);
  EXPECT_EQ(loops_.sum(a.data()).most, most);
}

TEST_P(Rows, CombineTheWordsOfAQuery) {
  for (const std::vector<std::uint16_t>& weights :
       {std::vector<std::uint16_t>{241}, {256}, {100, 156}, {1, 2, 3, 250}, {16, 16, 16, 16, 16, 16, 16, 16, 16, 16}}) {
    std::vector<Bytes> values;
    std::vector<const std::uint8_t*> pointers;
    for (std::size_t i = 0; i < weights.size(); ++i) values.push_back(bytes());
    for (const Bytes& row : values) pointers.push_back(row.data());
    Words text;
    const std::uint32_t most = loops_.combine(pointers.data(), weights.data(), weights.size(), text.data());
    std::uint32_t largest = 0;
    for (std::uint32_t i = 0; i < block_size; ++i) {
      std::uint32_t total = 0, covered = 0;
      for (std::size_t w = 0; w < weights.size(); ++w) {
        total += weights[w] * values[w][i];
        covered += weights[w] * std::min(255, 2 * values[w][i]);
      }
      const std::uint32_t c = covered >> 8;
      EXPECT_EQ(text[i], total * (6554 + (c * c * 9830 >> 16)) >> 16);
      largest = std::max<std::uint32_t>(largest, text[i]);
    }
    EXPECT_EQ(most, largest);
  }
}

TEST_P(Rows, PlaceAndBonus) {
  for (int round = 0; round < 20; ++round) {
    const Words text = words();
    Words score = words(), before = score;
    const std::array<std::uint64_t, 4> bits{random_(), random_() & random_(), 0, ~std::uint64_t{0}};
    const auto set = [&](std::uint32_t i) { return (bits[i / 64] >> (i % 64) & 1) != 0; };
    const auto cut = static_cast<std::uint16_t>(random_());
    std::uint32_t most = loops_.place(text.data(), round % 2 == 0 ? bits.data() : nullptr, cut, score.data());
    std::uint32_t largest = 0;
    for (std::uint32_t i = 0; i < block_size; ++i) {
      std::uint32_t expected = before[i];
      if (expected == 0 && (round % 2 == 1 || set(i))) expected = text[i] - (std::uint32_t{text[i]} * cut >> 16);
      EXPECT_EQ(score[i], expected) << i;
      largest = std::max(largest, expected);
    }
    EXPECT_EQ(most, largest);
    before = score;
    most = loops_.add_bonus(bits.data(), 5000, score.data());
    largest = 0;
    for (std::uint32_t i = 0; i < block_size; ++i) {
      const std::uint32_t expected = before[i] > 0 && set(i) ? std::min(65'535, before[i] + 5000) : before[i];
      EXPECT_EQ(score[i], expected) << i;
      largest = std::max(largest, expected);
    }
    EXPECT_EQ(most, largest);
  }
}

TEST_P(Rows, FindThoseThatReachABound) {
  for (const std::uint16_t least : std::initializer_list<std::uint16_t>{1, 2, 30000, 40000, 65535}) {
    const Words score = words();
    const std::array<std::uint64_t, 4> before{random_(), 0, ~std::uint64_t{0}, random_()};
    std::array<std::uint64_t, 4> bits = before;
    loops_.keep_reaching_scores(score.data(), least, bits.data());
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < block_size; ++i) {
      const bool was = (before[i / 64] >> (i % 64) & 1) != 0, is = (bits[i / 64] >> (i % 64) & 1) != 0;
      EXPECT_EQ(is, was && score[i] >= least) << i;
      count += score[i] >= least ? 1 : 0;
    }
    EXPECT_EQ(loops_.count_at_least(score.data(), least), count);
  }
}

TEST_P(Rows, KeepTheBitsOfBytesThatReachABound) {
  for (const std::uint8_t least : std::initializer_list<std::uint8_t>{1, 2, 100, 128, 200, 255}) {
    const Bytes values = bytes();
    const std::array<std::uint64_t, 4> before{random_(), 0, ~std::uint64_t{0}, random_() & random_()};
    std::array<std::uint64_t, 4> bits = before;
    loops_.keep_reaching(values.data(), least, bits.size(), bits.data());
    for (std::uint32_t i = 0; i < block_size; ++i) {
      const bool was = (before[i / 64] >> (i % 64) & 1) != 0, is = (bits[i / 64] >> (i % 64) & 1) != 0;
      EXPECT_EQ(is, was && values[i] >= least) << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Rows, ::testing::ValuesIn(rows::all_loops().begin(), rows::all_loops().end()),
                         [](const auto& tested) { return std::string(tested.param->name); });

}  // namespace
}  // namespace verbund::search
