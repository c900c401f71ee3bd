// SPDX-License-Identifier: EUPL-1.2
// An array in pieces that versions share: a draft starts as a copy of what readers use, copies a piece the first time
// it writes to it, and is sealed before it is published. Knows nothing of what it holds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/check.h"

namespace verbund::directory::finder {

// Reading costs two dependent loads. Copying costs one pointer pair per piece (2^shift elements). One writer at a time;
// a sealed array may be read by any thread while copies of it are written.
template <typename T, unsigned shift = 8>
class SharedArray {
 public:
  static constexpr std::size_t piece_size = std::size_t{1} << shift;

  SharedArray() = default;
  // Over memory that `keep` holds (a mapped file); it is never written.
  SharedArray(std::span<const T> base, std::shared_ptr<const void> keep) : size_(base.size()), keep_(std::move(keep)) {
    for (std::size_t at = 0; at < base.size(); at += piece_size) pieces_.push_back({base.data() + at, nullptr, false});
  }
  explicit SharedArray(std::vector<T> values) {
    const auto owned = std::make_shared<const std::vector<T>>(std::move(values));
    *this = SharedArray(std::span<const T>(*owned), owned);
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](std::size_t index) const { return pieces_[index >> shift].data[index & (piece_size - 1)]; }

  // The element to write. Valid until the next push_back or seal.
  T& edit(std::size_t index) {
    VERBUND_CHECK(index < size_);
    return own(index >> shift)[index & (piece_size - 1)];
  }
  void push_back(T value) {
    if ((size_ & (piece_size - 1)) == 0) pieces_.push_back({nullptr, nullptr, false});
    own(size_ >> shift)[size_ & (piece_size - 1)] = std::move(value);
    ++size_;
  }
  // From here on nothing that is there now is written again.
  void seal() {
    for (Piece& piece : pieces_) piece.mine = false;
  }
  // Memory of pieces that were copied; the base is not counted.
  std::size_t own_bytes() const {
    std::size_t out = pieces_.capacity() * sizeof(Piece);
    for (const Piece& piece : pieces_) out += piece.owned ? piece_size * sizeof(T) : 0;
    return out;
  }

 private:
  struct Piece {
    const T* data;
    std::shared_ptr<std::vector<T>> owned;   // null: part of the base
    bool mine;                               // written by this draft already
  };

  T* own(std::size_t which) {
    Piece& piece = pieces_[which];
    if (!piece.mine) {
      auto copy = std::make_shared<std::vector<T>>(piece_size);
      const std::size_t used = std::min(piece_size, size_ - std::min(size_, which << shift));
      for (std::size_t i = 0; i < used; ++i) (*copy)[i] = piece.data[i];
      piece.data = copy->data();
      piece.mine = true;
      piece.owned = std::move(copy);
    }
    return piece.owned->data();
  }

  std::vector<Piece> pieces_;
  std::size_t size_ = 0;
  std::shared_ptr<const void> keep_;
};

}  // namespace verbund::directory::finder
