// SPDX-License-Identifier: EUPL-1.2
#include "kits/tlog/tree.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "kits/crypto/base64.h"

namespace verbund::tlog {
namespace {

using crypto::bytes_of;

// The largest power of two smaller than n. Requires: n > 1.
std::uint64_t split_point(std::uint64_t n) { return std::bit_floor(n - 1); }

// MTH(D[begin:begin + count]) of RFC 6962. Requires: count > 0, begin a multiple of the power of two not below count.
Result<Hash> range_hash(std::uint64_t begin, std::uint64_t count, const SubtreeReader& read) {
  if (std::has_single_bit(count)) {
    const auto level = static_cast<unsigned>(std::countr_zero(count));
    return read(level, begin >> level);
  }
  const std::uint64_t k = split_point(count);
  auto left = range_hash(begin, k, read);
  if (!left) return left;
  auto right = range_hash(begin + k, count - k, read);
  if (!right) return right;
  return node_hash(*left, *right);
}

// PATH(index, D[begin:begin + count]) of RFC 6962, 2.1.1.
Result<void> path(std::uint64_t index, std::uint64_t begin, std::uint64_t count, const SubtreeReader& read,
                  Proof& out) {
  if (count == 1) return {};
  const std::uint64_t k = split_point(count);
  const bool left = index - begin < k;
  const auto deeper = left ? path(index, begin, k, read, out) : path(index, begin + k, count - k, read, out);
  if (!deeper) return deeper;
  auto sibling = left ? range_hash(begin + k, count - k, read) : range_hash(begin, k, read);
  if (!sibling) return pass(sibling);
  out.push_back(*sibling);
  return {};
}

// SUBPROOF(m, D[begin:begin + count], complete) of RFC 6962, 2.1.2.
Result<void> subproof(std::uint64_t m, std::uint64_t begin, std::uint64_t count, bool complete,
                      const SubtreeReader& read, Proof& out) {
  if (m == count) {
    if (complete) return {};
    auto hash = range_hash(begin, count, read);
    if (!hash) return pass(hash);
    out.push_back(*hash);
    return {};
  }
  const std::uint64_t k = split_point(count);
  const bool left = m <= k;
  const auto deeper = left ? subproof(m, begin, k, complete, read, out)
                           : subproof(m - k, begin + k, count - k, false, read, out);
  if (!deeper) return deeper;
  auto sibling = left ? range_hash(begin + k, count - k, read) : range_hash(begin, k, read);
  if (!sibling) return pass(sibling);
  out.push_back(*sibling);
  return {};
}

std::unexpected<Error> not_proved(const char* what) { return fail(ErrorCode::invalid, what); }

}  // namespace

Hash leaf_hash(std::string_view entry) {
  using namespace std::string_view_literals;
  return crypto::sha256({"\0"sv, entry});
}

Hash node_hash(const Hash& left, const Hash& right) {
  return crypto::sha256({"\1", bytes_of(left), bytes_of(right)});
}

Hash empty_root() { return crypto::sha256({}); }

Result<Hash> tree_root(std::uint64_t size, const SubtreeReader& read) {
  if (size == 0) return empty_root();
  return range_hash(0, size, read);
}

Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const SubtreeReader& read) {
  VERBUND_CHECK(index < size);
  Proof out;
  if (auto done = path(index, 0, size, read, out); !done) return pass(done);
  return out;
}

Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t size, const SubtreeReader& read) {
  VERBUND_CHECK(old_size <= size);
  Proof out;
  if (old_size == 0 || old_size == size) return out;
  if (auto done = subproof(old_size, 0, size, true, read, out); !done) return pass(done);
  return out;
}

Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, const Proof& proof,
                              const Hash& root) {
  if (index >= size) return not_proved("the position is outside the tree");
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Hash hash = leaf;
  for (const Hash& p : proof) {
    if (sn == 0) return not_proved("the inclusion proof is too long");
    if ((fn & 1) == 1 || fn == sn) {
      hash = node_hash(p, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = node_hash(hash, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return not_proved("the inclusion proof is too short");
  if (hash != root) return not_proved("the inclusion proof leads to another root");
  return {};
}

Result<void> verify_consistency(std::uint64_t old_size, const Hash& old_root, std::uint64_t size, const Hash& root,
                                const Proof& proof) {
  if (old_size > size) return not_proved("the new tree is smaller than the old one");
  if (old_size == 0 || old_size == size) {
    if (!proof.empty()) return not_proved("the consistency proof is too long");
    if (old_root != (old_size == 0 ? empty_root() : root)) return not_proved("the trees have different roots");
    return {};
  }
  Proof path = proof;
  if (std::has_single_bit(old_size)) path.insert(path.begin(), old_root);
  if (path.empty()) return not_proved("the consistency proof is too short");
  std::uint64_t fn = old_size - 1;
  std::uint64_t sn = size - 1;
  while ((fn & 1) == 1) {
    fn >>= 1;
    sn >>= 1;
  }
  Hash old_hash = path.front();
  Hash new_hash = path.front();
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (sn == 0) return not_proved("the consistency proof is too long");
    if ((fn & 1) == 1 || fn == sn) {
      old_hash = node_hash(path[i], old_hash);
      new_hash = node_hash(path[i], new_hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      new_hash = node_hash(new_hash, path[i]);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return not_proved("the consistency proof is too short");
  if (old_hash != old_root) return not_proved("the consistency proof leads to another old root");
  if (new_hash != root) return not_proved("the consistency proof leads to another new root");
  return {};
}

Result<Frontier> Frontier::at(std::uint64_t size, std::vector<Hash> hashes) {
  if (hashes.size() != static_cast<std::size_t>(std::popcount(size))) {
    return fail(ErrorCode::invalid, "a tree of this size has another number of complete subtrees");
  }
  Frontier out;
  out.size_ = size;
  out.hashes_ = std::move(hashes);
  return out;
}

void Frontier::append(const Hash& leaf) {
  Hash hash = leaf;
  for (std::uint64_t rest = size_; (rest & 1) == 1; rest >>= 1) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  ++size_;
}

Hash Frontier::root() const {
  if (hashes_.empty()) return empty_root();
  Hash hash = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i) hash = node_hash(hashes_[i - 1], hash);
  return hash;
}

std::string to_base64(const Hash& hash) { return crypto::to_base64(bytes_of(hash)); }

Result<Hash> hash_from_base64(std::string_view text) {
  const auto bytes = crypto::from_base64(text);
  if (!bytes || bytes->size() != sizeof(Hash)) return fail(ErrorCode::invalid, "not the base64 of a hash");
  return crypto::digest_of_bytes(*bytes);
}

}  // namespace verbund::tlog
