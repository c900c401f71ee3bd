// SPDX-License-Identifier: EUPL-1.2
// Search expressions of strangers: read or refused; what is read matches itself where it has no star.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "faces/fit_connect/area_names.h"
#include "kits/text/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!is_utf8(bytes)) return 0;   // as the server refuses it
  const auto expression = fit_connect::Expression::read(bytes);
  if (!expression) return 0;
  expression->matches("");
  const std::string folded = text::fold_umlauts(trim(bytes));
  if (bytes.find('*') == bytes.npos && !expression->matches(folded)) std::abort();
  return 0;
}
