// SPDX-License-Identifier: EUPL-1.2
#include "kits/crypto/ed25519.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "kits/crypto/digest.h"

namespace verbund::crypto {
namespace {

template <typename Bytes>
Bytes from_hex(std::string_view digits) {
  Bytes out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<unsigned char>(std::stoi(std::string(digits.substr(2 * i, 2)), nullptr, 16));
  }
  return out;
}

struct Example {
  const char* seed;
  const char* key;
  std::string message;
  const char* signature;
};

// RFC 8032, section 7.1, tests 1 to 3.
const Example examples[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
     "655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
     "b00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "\xaf\x82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
     "c027beceea1ec40a"}};

TEST(Ed25519, AgreesWithTheExamplesOfTheStandard) {
  for (const Example& example : examples) {
    const auto seed = from_hex<Ed25519Seed>(example.seed);
    EXPECT_EQ(ed25519_public_key(seed), from_hex<Ed25519PublicKey>(example.key));
    EXPECT_EQ(ed25519_sign(seed, example.message), from_hex<Ed25519Signature>(example.signature));
    EXPECT_TRUE(ed25519_verify(ed25519_public_key(seed), example.message,
                               from_hex<Ed25519Signature>(example.signature)));
  }
}

TEST(Ed25519, RefusesWhatDiffersInAnyOneBit) {
  const Ed25519Seed seed = ed25519_generate();
  const Ed25519PublicKey key = ed25519_public_key(seed);
  std::string message = "Gebühr: 37,00 Euro";
  Ed25519Signature signature = ed25519_sign(seed, message);
  ASSERT_TRUE(ed25519_verify(key, message, signature));
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    Ed25519Signature other = signature;
    other[bit / 8] ^= static_cast<unsigned char>(1 << bit % 8);
    EXPECT_FALSE(ed25519_verify(key, message, other)) << bit;
  }
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    std::string other = message;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(ed25519_verify(key, other, signature)) << bit;
  }
  for (std::size_t bit = 0; bit < key.size() * 8; ++bit) {
    Ed25519PublicKey other = key;
    other[bit / 8] ^= static_cast<unsigned char>(1 << bit % 8);
    EXPECT_FALSE(ed25519_verify(other, message, signature)) << bit;
  }
}

TEST(Ed25519, RefusesTheSameSignatureWithTheGroupOrderAdded) {
  // RFC 8032, section 5.1.7: S must be below the group order, else every signature would have a second form.
  auto signature = from_hex<Ed25519Signature>(examples[0].signature);
  const auto order = from_hex<Ed25519Seed>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned>(signature[32 + i]) + order[i];
    signature[32 + i] = static_cast<unsigned char>(carry);
    carry >>= 8;
  }
  EXPECT_FALSE(ed25519_verify(from_hex<Ed25519PublicKey>(examples[0].key), "", signature));
}

TEST(Ed25519, MakesADifferentKeyEachTime) { EXPECT_NE(ed25519_generate(), ed25519_generate()); }

TEST(Digest, ReadsOnlyWhatItWrites) {
  const Digest digest = sha256({"ab", "", "c"});
  EXPECT_EQ(to_hex(digest), sha256_hex("abc"));
  EXPECT_EQ(digest_from_hex(to_hex(digest)), digest);
  EXPECT_EQ(digest_of_bytes(bytes_of(digest)), digest);
  std::string upper = to_hex(digest);
  std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  EXPECT_FALSE(digest_from_hex(upper));
  EXPECT_FALSE(digest_from_hex(to_hex(digest).substr(1)));
}

}  // namespace
}  // namespace verbund::crypto
