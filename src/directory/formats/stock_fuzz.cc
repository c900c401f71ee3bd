// SPDX-License-Identifier: EUPL-1.2
// Cursors of strangers: refused, or exactly what we would have given out.
#include <cstdint>
#include <cstdlib>

#include "directory/formats/stock.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto cursor = verbund::directory::StockCursor::parse(text);
  if (cursor && cursor->to_text() != text) std::abort();
  return 0;
}
