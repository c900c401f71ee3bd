// SPDX-License-Identifier: EUPL-1.2
// Whatever comes in: an error or a value that reads back the same from both of its forms.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/text.h"
#include "kits/json/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = verbund::parse_json(text, "fuzz");
  if (!value) {
    VERBUND_CHECK(!value.error().message.empty());
    return 0;
  }
  const std::string canonical = value->to_canonical();
  VERBUND_CHECK(verbund::is_utf8(canonical));
  const auto again = verbund::parse_json(canonical, "canonical");
  VERBUND_CHECK(again.has_value());
  VERBUND_CHECK(again->to_canonical() == canonical);
  const auto pretty = verbund::parse_json(value->to_pretty(), "pretty");
  VERBUND_CHECK(pretty.has_value() && *pretty == *again);
  return 0;
}
