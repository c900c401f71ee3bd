// SPDX-License-Identifier: EUPL-1.2
#include "kits/tlog/tree.h"

#include <gtest/gtest.h>

#include <span>

namespace verbund::tlog {
namespace {

using namespace std::string_view_literals;

std::vector<Hash> leaves(std::size_t count) {
  std::vector<Hash> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(leaf_hash("entry " + std::to_string(i)));
  return out;
}

// The definitions of RFC 6962, 2.1, word for word and slow.
Hash slow_root(std::span<const Hash> d) {
  if (d.empty()) return empty_root();
  if (d.size() == 1) return d[0];
  std::size_t k = 1;
  while (k * 2 < d.size()) k *= 2;
  return node_hash(slow_root(d.first(k)), slow_root(d.subspan(k)));
}

Proof slow_path(std::size_t m, std::span<const Hash> d) {
  if (d.size() == 1) return {};
  std::size_t k = 1;
  while (k * 2 < d.size()) k *= 2;
  Proof out = m < k ? slow_path(m, d.first(k)) : slow_path(m - k, d.subspan(k));
  out.push_back(m < k ? slow_root(d.subspan(k)) : slow_root(d.first(k)));
  return out;
}

Proof slow_subproof(std::size_t m, std::span<const Hash> d, bool complete) {
  if (m == d.size()) return complete ? Proof{} : Proof{slow_root(d)};
  std::size_t k = 1;
  while (k * 2 < d.size()) k *= 2;
  Proof out = m <= k ? slow_subproof(m, d.first(k), complete) : slow_subproof(m - k, d.subspan(k), false);
  out.push_back(m <= k ? slow_root(d.subspan(k)) : slow_root(d.first(k)));
  return out;
}

SubtreeReader reader(const std::vector<Hash>& d) {
  return [&d](unsigned level, std::uint64_t index) -> Result<Hash> {
    const std::size_t count = std::size_t{1} << level;
    if ((index + 1) * count > d.size()) return fail(ErrorCode::invalid, "outside");
    return slow_root(std::span(d).subspan(index * count, count));
  };
}

Hash flipped(const Hash& hash, std::size_t bit) {
  Hash out = hash;
  out[bit / 8] ^= static_cast<unsigned char>(1 << bit % 8);
  return out;
}

TEST(Tree, AgreesWithTheKnownRootsOfCertificateTransparency) {
  const std::string_view entries[] = {""sv, "\x00"sv, "\x10"sv, "\x20\x21"sv, "\x30\x31"sv, "\x40\x41\x42\x43"sv,
                                      "\x50\x51\x52\x53\x54\x55\x56\x57"sv,
                                      "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"sv};
  const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  EXPECT_EQ(crypto::to_hex(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Frontier frontier;
  for (std::size_t i = 0; i < std::size(entries); ++i) {
    frontier.append(leaf_hash(entries[i]));
    EXPECT_EQ(crypto::to_hex(frontier.root()), roots[i]);
  }
}

TEST(Tree, AgreesWithTheDefinitionForEverySize) {
  const std::vector<Hash> all = leaves(70);
  Frontier frontier;
  for (std::size_t size = 0; size <= all.size(); ++size) {
    const std::span d = std::span(all).first(size);
    EXPECT_EQ(tree_root(size, reader(all)).value(), slow_root(d));
    EXPECT_EQ(frontier.root(), slow_root(d));
    EXPECT_EQ(frontier.size(), size);
    auto continued = Frontier::at(size, frontier.hashes());
    ASSERT_TRUE(continued);
    EXPECT_EQ(continued->root(), frontier.root());
    for (std::size_t index = 0; index < size; ++index) {
      const Proof proof = inclusion_proof(index, size, reader(all)).value();
      EXPECT_EQ(proof, slow_path(index, d));
      EXPECT_TRUE(verify_inclusion(index, size, d[index], proof, slow_root(d)));
    }
    for (std::size_t before = 0; before <= size; ++before) {
      const Proof proof = consistency_proof(before, size, reader(all)).value();
      if (before > 0) {
        EXPECT_EQ(proof, slow_subproof(before, d, true));
      }
      EXPECT_TRUE(verify_consistency(before, slow_root(d.first(before)), size, slow_root(d), proof));
    }
    if (size < all.size()) frontier.append(all[size]);
  }
}

TEST(Tree, RefusesAnInclusionProofThatDiffersInAnyOneBit) {
  const std::vector<Hash> all = leaves(21);
  const Hash root = slow_root(all);
  for (const std::size_t index : {0u, 7u, 16u, 20u}) {
    const Proof proof = inclusion_proof(index, all.size(), reader(all)).value();
    for (std::size_t bit = 0; bit < 256; ++bit) {
      EXPECT_FALSE(verify_inclusion(index, all.size(), flipped(all[index], bit), proof, root));
      EXPECT_FALSE(verify_inclusion(index, all.size(), all[index], proof, flipped(root, bit)));
      for (std::size_t i = 0; i < proof.size(); ++i) {
        Proof other = proof;
        other[i] = flipped(other[i], bit);
        EXPECT_FALSE(verify_inclusion(index, all.size(), all[index], other, root));
      }
    }
    for (unsigned bit = 0; bit < 64; ++bit) {
      EXPECT_FALSE(verify_inclusion(index ^ std::uint64_t{1} << bit, all.size(), all[index], proof, root)) << bit;
    }
    Proof shorter = proof;
    shorter.pop_back();
    EXPECT_FALSE(verify_inclusion(index, all.size(), all[index], shorter, root));
    Proof longer = proof;
    longer.push_back(root);
    EXPECT_FALSE(verify_inclusion(index, all.size(), all[index], longer, root));
  }
  EXPECT_FALSE(verify_inclusion(0, 0, all[0], {}, all[0]));
}

TEST(Tree, RefusesAConsistencyProofThatDiffersInAnyOneBit) {
  const std::vector<Hash> all = leaves(21);
  const Hash root = slow_root(all);
  for (const std::size_t before : {1u, 5u, 8u, 16u, 20u, 21u}) {
    const Hash old_root = slow_root(std::span(all).first(before));
    const Proof proof = consistency_proof(before, all.size(), reader(all)).value();
    for (std::size_t bit = 0; bit < 256; ++bit) {
      EXPECT_FALSE(verify_consistency(before, flipped(old_root, bit), all.size(), root, proof));
      EXPECT_FALSE(verify_consistency(before, old_root, all.size(), flipped(root, bit), proof));
      for (std::size_t i = 0; i < proof.size(); ++i) {
        Proof other = proof;
        other[i] = flipped(other[i], bit);
        EXPECT_FALSE(verify_consistency(before, old_root, all.size(), root, other));
      }
    }
    for (unsigned bit = 0; bit < 64; ++bit) {
      const std::uint64_t other = before ^ std::uint64_t{1} << bit;
      EXPECT_FALSE(verify_consistency(other, old_root, all.size(), root, proof)) << before << " " << bit;
    }
    Proof longer = proof;
    longer.push_back(root);
    EXPECT_FALSE(verify_consistency(before, old_root, all.size(), root, longer));
    if (proof.empty()) continue;
    Proof shorter = proof;
    shorter.pop_back();
    EXPECT_FALSE(verify_consistency(before, old_root, all.size(), root, shorter));
  }
}

TEST(Tree, IsConsistentWithNothingOnlyWithoutAProof) {
  const Hash root = slow_root(leaves(3));
  EXPECT_TRUE(verify_consistency(0, empty_root(), 3, root, {}));
  EXPECT_FALSE(verify_consistency(0, root, 3, root, {}));
  EXPECT_FALSE(verify_consistency(0, empty_root(), 3, root, {root}));
  EXPECT_FALSE(verify_consistency(4, root, 3, root, {}));
}

TEST(Tree, PassesOnWhyAHashCouldNotBeRead) {
  const auto broken = [](unsigned, std::uint64_t) -> Result<Hash> { return fail(ErrorCode::unavailable, "disk"); };
  EXPECT_EQ(tree_root(3, broken).error().message, "disk");
  EXPECT_EQ(inclusion_proof(1, 3, broken).error().message, "disk");
  EXPECT_EQ(consistency_proof(1, 3, broken).error().message, "disk");
}

TEST(Frontier, RefusesANumberOfHashesThatNoSuchTreeHas) {
  EXPECT_FALSE(Frontier::at(3, leaves(1)));
  EXPECT_FALSE(Frontier::at(0, leaves(1)));
  EXPECT_TRUE(Frontier::at(5, leaves(2)));
}

}  // namespace
}  // namespace verbund::tlog
