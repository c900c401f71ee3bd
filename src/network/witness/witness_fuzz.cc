// SPDX-License-Identifier: EUPL-1.2
// Requests and cosignatures out of any bytes: an error, or a value that is written exactly as it was read.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "network/witness/comparing.h"
#include "network/witness/request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto request = network::WitnessRequest::parse(text)) VERBUND_CHECK(request->to_text() == text);
  // Evidence out of any bytes: no key of ours has signed it.
  static const std::vector keys{tlog::SignerKey{"stadt.example/network/log", tlog::KeyType::note, {}}.verifier()};
  VERBUND_CHECK(!network::verify_evidence(text, keys));
  if (const auto lines = network::parse_cosignatures(text)) {
    std::string again;
    for (const auto& line : *lines) again += network::print_cosignature(line);
    VERBUND_CHECK(again == text);
  }
  return 0;
}
