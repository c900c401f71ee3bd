// SPDX-License-Identifier: EUPL-1.2
// Many short texts, each named by 32 bits: a fixed base (built or mapped) and what was added since. Versions share both.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "kits/flat/flat.h"

namespace verbund::directory::finder {

// A text is kept with its length in front, so that a reference is one number; reference 0 is "". Adding is for one
// thread at a time and never moves what is there: who holds a reference may read meanwhile.
// Limits: a text of 60,000 bytes, longer ones are cut between characters; 64 MiB added to a base, see room().
class SharedTexts {
 public:
  using Ref = std::uint32_t;
  static constexpr std::size_t longest = 60'000;

  SharedTexts() : base_(std::vector<char>(1, '\0')) {}
  // Requires: bytes that a Collector made.
  explicit SharedTexts(flat::Array<char> base) : base_(std::move(base)) {}

  // Makes the base: the same references, one block.
  class Collector {
   public:
    Collector() : bytes_(1, '\0') {}
    Ref add(std::string_view text) {
      if (text.empty()) return 0;
      text = cut_utf8(text, longest);
      VERBUND_CHECK(bytes_.size() + text.size() + 8 < UINT32_MAX - added_limit);
      const auto ref = static_cast<Ref>(bytes_.size());
      char head[3];
      bytes_.insert(bytes_.end(), head, head + put_length(head, text.size()));
      bytes_.insert(bytes_.end(), text.begin(), text.end());
      return ref;
    }
    std::string_view at(Ref ref) const { return read(bytes_.data() + ref); }
    std::vector<char> take() {
      bytes_.shrink_to_fit();
      return std::move(bytes_);
    }

   private:
    std::vector<char> bytes_;
  };

  std::string_view at(Ref ref) const {
    if (ref < base_.size()) return read(base_.data() + ref);
    const std::size_t place = ref - base_.size();
    return read(added_->blocks[place / block_bytes].get() + place % block_bytes);
  }

  Ref add(std::string_view text) {
    if (text.empty()) return 0;
    text = cut_utf8(text, longest);
    if (!added_) added_ = std::make_shared<Added>();
    const std::size_t need = text.size() + 3;
    if (added_->used % block_bytes + need > block_bytes) added_->used += block_bytes - added_->used % block_bytes;
    VERBUND_CHECK(added_->used + need < added_limit);
    auto& block = added_->blocks[added_->used / block_bytes];
    if (!block) block = std::make_unique<char[]>(block_bytes);
    char* to = block.get() + added_->used % block_bytes;
    const std::size_t head = put_length(to, text.size());
    std::memcpy(to + head, text.data(), text.size());
    const auto ref = static_cast<Ref>(base_.size() + added_->used);
    added_->used += head + text.size();
    return ref;
  }
  std::size_t added_bytes() const { return added_ ? added_->used.load() : 0; }
  bool room() const { return added_bytes() < added_limit / 2; }   // else it is time to build anew
  bool room_for_changes() const { return added_bytes() < added_limit - 16 * 1024 * 1024; }
  std::size_t base_bytes() const { return base_.size(); }

 private:
  static constexpr std::size_t block_bytes = 64 * 1024;
  static constexpr std::size_t added_limit = 64 * 1024 * 1024;
  struct Added {
    std::array<std::unique_ptr<char[]>, added_limit / block_bytes> blocks;
    std::atomic<std::size_t> used = 0;   // of the writer; others may ask how much there is
  };

  static std::size_t put_length(char* to, std::size_t length) {
    std::size_t n = 0;
    for (; length >= 128; length >>= 7) to[n++] = static_cast<char>(128 | (length & 127));
    to[n++] = static_cast<char>(length);
    return n;
  }
  static std::string_view read(const char* from) {
    std::size_t length = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(*from++);
      length |= static_cast<std::size_t>(byte & 127) << shift;
      if (byte < 128) break;
    }
    return {from, length};
  }

  flat::Array<char> base_;
  std::shared_ptr<Added> added_;
};

}  // namespace verbund::directory::finder
