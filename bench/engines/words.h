// SPDX-License-Identifier: EUPL-1.2
// What an application around SQLite or PostgreSQL does with a typed query before it becomes an expression.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "corpus.h"

namespace verbund::bench {

// Runs of ASCII letters and digits and of bytes from 128 on, at most 32 of them; ASCII upper case lowered.
std::vector<std::string> typed_words(std::string_view typed);

// Words of the text in lower case (Unicode), at least `letters` code points long, only letters.
std::vector<std::string> vocabulary(std::string_view text, std::size_t letters);

// The candidate nearest to the word: edits with transposition, then the order given; at most 2 edits (1 below 6
// letters). "" if none.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// One bit a service for each area: the filter that an application keeps beside its engine.
class OfferBits {
 public:
  explicit OfferBits(const Corpus& corpus);
  // Where the next questions are asked. Requires: `place` outlives them.
  void set_place(const Place& place) { place_ = &place; }
  bool operator()(std::uint32_t service) const {
    for (const std::uint32_t area : place_->areas) {
      if ((bits_[std::size_t{area} * row_ + service / 64] >> (service % 64) & 1) != 0) return true;
    }
    return false;
  }

 private:
  std::size_t row_;
  std::vector<std::uint64_t> bits_;
  const Place* place_ = nullptr;
};

}  // namespace verbund::bench
