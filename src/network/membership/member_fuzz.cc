// SPDX-License-Identifier: EUPL-1.2
// Members and policies out of any bytes: an error, or a value that is written exactly as it was read.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "network/membership/member.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund::network;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto member = Member::parse(text)) {
    VERBUND_CHECK(member->to_body() == text && member->check());
    const Membership membership({*member});
    const bool active = member->active("2026-11-27");
    const auto refusal = membership.refusal(*member, "service", member->mandate.agencies.front(),
                                            {{member->mandate.areas.front(), member->mandate.levels.front()}},
                                            "2026-11-27");
    VERBUND_CHECK(active || refusal);
  }
  if (const auto policy = Policy::parse(text)) VERBUND_CHECK(policy->to_body() == text);
  return 0;
}
