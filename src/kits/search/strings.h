// SPDX-License-Identifier: EUPL-1.2
// Tables of short strings in flat arrays, and hash tables that find a string's number. Inside this kit only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "kits/flat/flat.h"

namespace verbund::search {

inline constexpr std::uint32_t none = UINT32_MAX;
inline constexpr std::size_t longest_word = 64;   // bytes; Limit: longer words are cut where they come in

// A polynomial modulo 2^64, so that the hash of every piece of a word follows from the hashes of its beginnings.
// The same on every machine and in every run.
class WordHash {
 public:
  static constexpr std::uint64_t base = 0x9e3779b97f4a7c15ULL;
  static constexpr std::uint64_t extend(std::uint64_t raw, char c) {
    return raw * base + static_cast<unsigned char>(c) + 1;
  }
  static constexpr std::uint64_t raw(std::string_view text) {
    std::uint64_t hash = 0;
    for (const char c : text) hash = extend(hash, c);
    return hash;
  }
  // raw(a + b) from raw(a) and raw(b).
  static std::uint64_t joined(std::uint64_t a, std::uint64_t b, std::size_t b_bytes) { return a * power(b_bytes) + b; }
  static constexpr std::uint64_t finish(std::uint64_t raw) {
    raw ^= raw >> 32;
    raw *= 0xd6e8feb86659fd93ULL;
    return raw ^ (raw >> 29);
  }
  static std::uint64_t of(std::string_view text) { return finish(raw(text)); }
  static std::uint64_t power(std::size_t bytes) { return powers[bytes]; }

 private:
  static constexpr std::array<std::uint64_t, 2 * longest_word + 1> powers = [] {
    std::array<std::uint64_t, 2 * longest_word + 1> out{};
    out[0] = 1;
    for (std::size_t i = 1; i < out.size(); ++i) out[i] = out[i - 1] * base;
    return out;
  }();
};

// Hashes of all pieces of one word. Requires: at most longest_word bytes.
class PieceHashes {
 public:
  explicit PieceHashes(std::string_view word) {
    begins_[0] = 0;
    for (std::size_t i = 0; i < word.size(); ++i) begins_[i + 1] = WordHash::extend(begins_[i], word[i]);
  }
  std::uint64_t of(std::size_t begin, std::size_t end) const {
    return WordHash::finish(begins_[end] - begins_[begin] * WordHash::power(end - begin));
  }

 private:
  std::array<std::uint64_t, longest_word + 1> begins_;
};

// Strings by number.
class StringTable {
 public:
  StringTable() { begin_ = std::vector<std::uint32_t>{0}; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(begin_.size() - 1); }
  std::string_view at(std::uint32_t number) const {
    const std::uint32_t begin = begin_[number];
    return {text_.data() + begin, begin_[number + 1] - begin};
  }
  std::size_t length(std::uint32_t number) const { return begin_[number + 1] - begin_[number]; }
  void prefetch(std::uint32_t number) const { __builtin_prefetch(begin_.data() + number); }
  std::size_t bytes() const { return begin_.bytes() + text_.bytes(); }
  void save(flat::Writer& out, const std::string& name) const {
    out.add(name + ".begin", begin_);
    out.add(name + ".text", text_);
  }
  // Errors: invalid (missing, or offsets that fall or point outside).
  Result<void> load(const flat::File& file, const std::string& name);

 private:
  friend class StringTableBuilder;
  flat::Array<std::uint32_t> begin_;
  flat::Array<char> text_;
};

class StringTableBuilder {
 public:
  void reserve(std::size_t strings, std::size_t bytes) {
    begin_.reserve(strings + 1);
    text_.reserve(bytes);
  }
  void add(std::string_view text) {
    text_.insert(text_.end(), text.begin(), text.end());
    VERBUND_CHECK(text_.size() < UINT32_MAX);
    begin_.push_back(static_cast<std::uint32_t>(text_.size()));
  }
  StringTable finish() {
    StringTable out;
    out.begin_ = std::move(begin_);
    out.text_ = std::move(text_);
    return out;
  }

 private:
  std::vector<std::uint32_t> begin_{0};
  std::vector<char> text_;
};

// Numbers by a 64-bit hash: open addressing, at most half full, the upper half of the hash kept beside the number so
// that most misses touch one slot. `is(number)` decides whether it is the one meant.
class HashSlots {
 public:
  struct Slot {
    std::uint32_t mark, number;
  };

  template <typename HashOf>
  static HashSlots build(std::uint32_t count, const HashOf& hash_of) {
    std::size_t size = 16;
    while (size < std::size_t{count} * 2) size *= 2;
    std::vector<Slot> slots(size, Slot{0, none});
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t hash = hash_of(i);
      std::size_t at = hash & (size - 1);
      while (slots[at].number != none) at = (at + 1) & (size - 1);
      slots[at] = {static_cast<std::uint32_t>(hash >> 32), i};
    }
    HashSlots out;
    out.slots_ = std::move(slots);
    return out;
  }

  void prefetch(std::uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(slots_.data() + (hash & (slots_.size() - 1)));
  }
  template <typename Is>
  std::uint32_t find(std::uint64_t hash, const Is& is) const {
    if (slots_.empty()) return none;
    const std::size_t last = slots_.size() - 1;
    for (std::size_t at = hash & last;; at = (at + 1) & last) {
      const Slot slot = slots_[at];
      if (slot.number == none) return none;
      if (slot.mark == static_cast<std::uint32_t>(hash >> 32) && is(slot.number)) return slot.number;
    }
  }

  std::size_t bytes() const { return slots_.bytes(); }
  void save(flat::Writer& out, const std::string& name) const { out.add(name, slots_); }
  // Errors: invalid (missing, not a power of two, full, or a number not below `count`).
  Result<void> load(const flat::File& file, const std::string& name, std::uint32_t count);

 private:
  flat::Array<Slot> slots_;
};

// Errors: invalid unless `begin` has `lists` + 1 entries that never fall, from 0 to `end`.
Result<void> check_offsets(std::span<const std::uint32_t> begin, std::size_t lists, std::size_t end, const char* what);
// Errors: invalid unless every number is below `bound`.
Result<void> check_below(std::span<const std::uint32_t> numbers, std::size_t bound, const char* what);

}  // namespace verbund::search
