// SPDX-License-Identifier: EUPL-1.2
#include "words.h"

#include <algorithm>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/text.h"
#include "kits/text/text.h"

namespace verbund::bench {
namespace {

constexpr std::size_t most_words = 32;

bool in_word(unsigned char c) {
  return c >= 128 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::vector<std::string> typed_words(std::string_view typed) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < typed.size() && out.size() < most_words;) {
    std::size_t end = i;
    while (end < typed.size() && in_word(static_cast<unsigned char>(typed[end]))) ++end;
    if (end > i) out.push_back(to_lower_ascii(typed.substr(i, end - i)));
    i = end + 1;
  }
  return out;
}

std::vector<std::string> vocabulary(std::string_view text, std::size_t letters) {
  std::vector<std::string> out;
  std::string word;
  std::size_t count = 0;
  const auto end_word = [&] {
    if (count >= letters) out.push_back(word);
    word.clear();
    count = 0;
  };
  const auto size = static_cast<std::int32_t>(text.size());
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"   // in ICU's macro
  for (std::int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(text.data(), i, size, c);
    if (c < 0 || u_isalpha(c) == 0) {
      end_word();
      continue;
    }
    char bytes[4];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, u_tolower(c));
    word.append(bytes, static_cast<std::size_t>(length));
    ++count;
  }
#pragma GCC diagnostic pop
  end_word();
  return out;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::size_t limit = word.size() < 6 ? 1 : 2;
  std::string best;
  for (const std::string& candidate : candidates) {
    const std::size_t edits = text::edit_distance(word, candidate, limit);
    if (edits > limit) continue;
    best = candidate;
    if (edits == 0) break;
    limit = edits - 1;
  }
  return best;
}

OfferBits::OfferBits(const Corpus& corpus)
    : row_(corpus.documents.size() / 64 + 1), bits_(row_ * corpus.areas.size(), 0) {
  for (const Offer& offer : corpus.offers) {
    bits_[std::size_t{offer.area} * row_ + offer.service / 64] |= std::uint64_t{1} << (offer.service % 64);
  }
}

}  // namespace verbund::bench
