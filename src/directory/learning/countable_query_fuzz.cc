// SPDX-License-Identifier: EUPL-1.2
// Whatever is typed: what is kept stays within the limits, is one line, holds no address, and is its own kept form.
#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "directory/learning/countable_query.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace verbund;
  const std::string kept =
      directory::countable_query(std::string_view(reinterpret_cast<const char*>(data), size));
  if (kept.empty()) return 0;
  VERBUND_CHECK(kept.size() <= directory::longest_counted_query && is_utf8(kept));
  VERBUND_CHECK(kept.find('@') == std::string::npos && trim(kept) == kept);
  VERBUND_CHECK(std::none_of(kept.begin(), kept.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
  VERBUND_CHECK(std::count_if(kept.begin(), kept.end(), [](char c) { return c >= '0' && c <= '9'; }) <=
                static_cast<std::ptrdiff_t>(directory::most_counted_digits));
  VERBUND_CHECK(split(kept, ' ').size() <= directory::most_counted_words);
  VERBUND_CHECK(directory::countable_query(kept) == kept);
  return 0;
}
