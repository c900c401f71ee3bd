// SPDX-License-Identifier: EUPL-1.2
// Manifests and lists of sums of somebody else's backup: what reads is written again and reads as the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "network/keeping/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund::network;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto manifest = Manifest::parse(text))
    VERBUND_CHECK(Manifest::parse(manifest->to_text()).value() == *manifest);
  if (const auto sums = parse_sums(text)) VERBUND_CHECK(parse_sums(print_sums(*sums)).value() == *sums);
  return 0;
}
