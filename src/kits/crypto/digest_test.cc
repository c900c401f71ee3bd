// SPDX-License-Identifier: EUPL-1.2
#include "kits/crypto/digest.h"

#include <gtest/gtest.h>

#include <set>

namespace verbund::crypto {
namespace {

// Values of FIPS 180-4 and its published example values.
TEST(Digest, GivesTheSha256OfTheStandardsExamples) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, CountsZeroBytes) {
  using namespace std::string_view_literals;
  EXPECT_NE(sha256_hex("a\0b"sv), sha256_hex("a"sv));
}

TEST(Random, GivesAsManyBytesAsAsked) {
  EXPECT_EQ(random_hex(0), "");
  for (std::size_t bytes : {1u, 16u, 255u, 256u, 257u, 1000u}) {
    const std::string hex = random_hex(bytes);
    EXPECT_EQ(hex.size(), bytes * 2);
    EXPECT_EQ(hex.find_first_not_of("0123456789abcdef"), std::string::npos);
  }
}

TEST(Random, NeverRepeatsItself) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_hex(16));
  EXPECT_EQ(seen.size(), 1000u);
}

}  // namespace
}  // namespace verbund::crypto
