// SPDX-License-Identifier: EUPL-1.2
// Signed requests out of any bytes: an error, or one whose signature and form hold.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "network/register/join_request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund::network;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto request = JoinRequest::parse(text)) {
    VERBUND_CHECK(request->member.check() && request->member.suspended.empty());
    VERBUND_CHECK(!fingerprint(request->member.key).empty());
    VERBUND_CHECK(check_admission({request->member}, request->member, "2026-11-27").has_value());
  }
  return 0;
}
