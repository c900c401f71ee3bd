// SPDX-License-Identifier: EUPL-1.2
// Merkle trees: hashes, roots and proofs, made from any store of subtree hashes and verified without one.
// Source: RFC 6962, section 2.1; verification as in RFC 9162, sections 2.1.3.2 and 2.1.4.2. Hash: SHA-256.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/crypto/digest.h"

namespace verbund::tlog {

using Hash = crypto::Digest;
using Proof = std::vector<Hash>;            // never longer than 64 + 63 hashes

Hash leaf_hash(std::string_view entry);                       // SHA-256(0x00, entry)
Hash node_hash(const Hash& left, const Hash& right);          // SHA-256(0x01, left, right)
Hash empty_root();                                            // SHA-256 of nothing

// The hash of the complete subtree over the leaves [index << level, (index + 1) << level); level 0 is a leaf hash.
using SubtreeReader = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

// Errors of these three: those of `read`. Each asks it for at most 127 subtrees.
Result<Hash> tree_root(std::uint64_t size, const SubtreeReader& read);
// Requires: index < size.
Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const SubtreeReader& read);
// That the tree of `size` leaves begins with the tree of `old_size`. Requires: old_size <= size.
Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t size, const SubtreeReader& read);

// Errors: invalid (the proof does not prove it).
Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, const Proof& proof,
                              const Hash& root);
// With nothing before (old_size 0) the proof is empty and old_root the empty root.
Result<void> verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t size, const Hash& root,
                                const Proof& proof);

// The right edge of a growing tree: enough to append and to know the root, in at most 64 hashes.
class Frontier {
 public:
  Frontier() = default;
  // Continues from what hashes() gave at `size`. Errors: invalid (a number of hashes that no such tree has).
  static Result<Frontier> at(std::uint64_t size, std::vector<Hash> hashes);

  void append(const Hash& leaf);
  std::uint64_t size() const { return size_; }
  Hash root() const;
  const std::vector<Hash>& hashes() const { return hashes_; }   // of the complete subtrees, largest (leftmost) first

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

std::string to_base64(const Hash& hash);                       // 44 characters
Result<Hash> hash_from_base64(std::string_view text);          // Errors: invalid

}  // namespace verbund::tlog
