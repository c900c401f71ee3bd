// SPDX-License-Identifier: EUPL-1.2
// An index.txt out of any bytes: an error, or names that stay in their folder, each once.
#include <cstddef>
#include <cstdint>
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "directory/adapter/stock_copy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto names = verbund::directory::read_index({reinterpret_cast<const char*>(data), size}, 100);
  if (!names) return 0;
  VERBUND_CHECK(!names->empty() && names->size() <= 100);
  VERBUND_CHECK(std::set<std::string>(names->begin(), names->end()).size() == names->size());
  for (const auto& name : *names) {
    VERBUND_CHECK(verbund::is_utf8(name) && !name.starts_with('.') && name.find_first_of("/\\") == std::string::npos);
  }
  return 0;
}
