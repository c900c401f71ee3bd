// SPDX-License-Identifier: EUPL-1.2
// Many short strings in one block, each named by 32 bits; and a hash table that finds numbers by the string they name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"

namespace verbund::directory::finder {

// Append only. A text is kept with its length in front, so that a reference is one number; reference 0 is "".
// Limit: 4 GiB together.
class StringPool {
 public:
  using Ref = std::uint32_t;
  StringPool() : bytes_(1, '\0') {}

  Ref add(std::string_view text) {
    if (text.empty()) return 0;
    VERBUND_CHECK(bytes_.size() + text.size() + 5 < UINT32_MAX);
    const auto ref = static_cast<Ref>(bytes_.size());
    std::size_t length = text.size();
    for (; length >= 128; length >>= 7) bytes_ += static_cast<char>(128 | (length & 127));
    bytes_ += static_cast<char>(length);
    bytes_ += text;
    return ref;
  }

  std::string_view at(Ref ref) const {
    std::size_t length = 0, position = ref;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[position++]);
      length |= static_cast<std::size_t>(byte & 127) << shift;
      if (byte < 128) break;
    }
    return {bytes_.data() + position, length};
  }

  void shrink() { bytes_.shrink_to_fit(); }
  std::size_t bytes() const { return bytes_.capacity(); }

 private:
  std::string bytes_;
};

// FNV-1a with a final mix; the same on every machine and in every run.
inline std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  hash ^= hash >> 32;
  hash *= 0x9fb21c651e98df25ULL;
  return hash ^ (hash >> 29);
}

// Open addressing, at most half full. `text_of(number)` gives the string a number names.
class TextHash {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  template <typename TextOf>
  void build(std::uint32_t count, const TextOf& text_of) {
    std::size_t size = 16;
    while (size < std::size_t{count} * 2) size *= 2;
    slots_.assign(size, none);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::size_t slot = hash_text(text_of(i)) & (size - 1);
      while (slots_[slot] != none) slot = (slot + 1) & (size - 1);
      slots_[slot] = i;
    }
  }

  template <typename TextOf>
  std::uint32_t find(std::string_view text, const TextOf& text_of) const {
    if (slots_.empty()) return none;
    for (std::size_t slot = hash_text(text) & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
      if (slots_[slot] == none || text_of(slots_[slot]) == text) return slots_[slot];
    }
  }

  std::size_t bytes() const { return slots_.capacity() * sizeof(std::uint32_t); }

 private:
  std::vector<std::uint32_t> slots_;
};

}  // namespace verbund::directory::finder
