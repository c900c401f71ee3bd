// SPDX-License-Identifier: EUPL-1.2
// Proofs and hand-overs out of any bytes: an error, or a value that is written exactly as it was read.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "network/log/handover.h"
#include "network/proof/bundle.h"
#include "network/proof/verify_bundle.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const tlog::VerifierKey key = tlog::SignerKey{"stadt.example/network/log", tlog::KeyType::note, {}}.verifier();
  if (const auto bundle = network::Bundle::parse(text)) {
    VERBUND_CHECK(bundle->to_text() == text);
    (void)network::verify_bundle(*bundle, key);
  }
  if (const auto handover = network::Handover::parse(text)) VERBUND_CHECK(handover->to_text() == text);
  if (const auto notes = network::split_handovers(text)) {
    std::string again;
    for (const std::string& note : *notes) again += note;
    VERBUND_CHECK(again == text);
    (void)network::current_key(key, *notes);
  }
  return 0;
}
