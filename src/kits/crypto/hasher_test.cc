// SPDX-License-Identifier: EUPL-1.2
#include "kits/crypto/hasher.h"

#include <gtest/gtest.h>

namespace verbund::crypto {
namespace {

TEST(Hasher, GivesTheSameAsAllAtOnce) {
  const std::string text(10'000, 'x');
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{9'999}, std::size_t{20'000}}) {
    Hasher hasher;
    for (std::size_t at = 0; at < text.size(); at += piece) hasher.add(std::string_view(text).substr(at, piece));
    EXPECT_EQ(hasher.finish(), sha256({text})) << piece;
  }
  EXPECT_EQ(Hasher().finish(), sha256({}));
}

}  // namespace
}  // namespace verbund::crypto
