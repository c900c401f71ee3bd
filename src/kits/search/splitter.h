// SPDX-License-Identifier: EUPL-1.2
// Takes German compounds apart: where both sides are known words, at the place that leaves the longest shorter side; if
// there is none, where the longest known word ends it and what is before it is a compound.
#pragma once

#include <string_view>

#include "kits/search/dictionary.h"

namespace verbund::search {

class Splitter {
 public:
  explicit Splitter(const Dictionary& words) : words_(words) {}
  // Parts in order, each compound part before its own parts.
  Dictionary::Parts split(std::string_view word) const;
  // The longest known piece at the begin or the end, or none.
  std::uint32_t piece(std::string_view word) const;

 private:
  void split(const PieceHashes& hashes, std::string_view word, std::size_t begin, std::size_t end, int depth,
             Dictionary::Parts& out) const;
  void split_chain(const PieceHashes& hashes, std::string_view word, std::size_t begin, std::size_t end, int depth,
                   Dictionary::Parts& out) const;
  std::uint32_t known(const PieceHashes& hashes, std::string_view word, std::size_t begin, std::size_t end,
                      bool head) const;
  const Dictionary& words_;
};

}  // namespace verbund::search
