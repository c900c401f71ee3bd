// SPDX-License-Identifier: EUPL-1.2
#include <sstream>

#include "base/check.h"
#include "base/text.h"
#include "directory/formats/postcodes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund;
  std::istringstream in(std::string(data, data + size));
  (void)directory::read_postal_code_rows(in, "fuzz", [](directory::PostalCodeRow row) -> Result<void> {
    VERBUND_CHECK(row.ags.size() == 8 && is_digits(row.ags));
    VERBUND_CHECK(row.postal_code.size() == 5 && is_digits(row.postal_code));
    VERBUND_CHECK(is_utf8(row.place));
    return {};
  });
  return 0;
}
