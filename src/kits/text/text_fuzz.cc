// SPDX-License-Identifier: EUPL-1.2
// Whatever comes in: UTF-8 comes out, folding twice is folding once, words and slugs keep their shape.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/text.h"
#include "kits/text/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace text = verbund::text;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  const bool has_zero = source.find('\0') != std::string_view::npos;
  const std::string folded = text::fold(source);
  VERBUND_CHECK(has_zero || verbund::is_utf8(folded));
  VERBUND_CHECK(text::fold(folded) == folded);
  for (const std::string& word : text::words(source)) {
    VERBUND_CHECK(!word.empty() && word.size() <= 64 && verbund::is_utf8(word));
    VERBUND_CHECK(verbund::is_utf8(text::stem_german(word)));
  }
  const std::string slug = text::slug(source);
  VERBUND_CHECK(!slug.empty() && slug.size() <= 80 && slug.front() != '-' && slug.back() != '-');
  VERBUND_CHECK(slug.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
  VERBUND_CHECK(text::slug(slug) == slug);
  VERBUND_CHECK(text::sort_key(source).find('\0') == std::string::npos || has_zero);
  const std::string_view half = source.substr(0, size / 2);
  VERBUND_CHECK(text::edit_distance(half, source.substr(size / 2), 2) <= 3);
  VERBUND_CHECK(text::edit_distance(source, source, 1) == 0);
  return 0;
}
