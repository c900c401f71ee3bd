// SPDX-License-Identifier: EUPL-1.2
// How a node asks to be admitted, and what its operator looks at before it says yes.
// Source: docs/protocols/network.md, clause 8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "kits/tlog/note.h"
#include "kits/tlog/signer.h"
#include "network/membership/member.h"

namespace verbund::network {

inline constexpr std::size_t join_note_limit = 68 * 1024;   // bytes of a signed request

struct JoinRequest {
  Member member;              // as it wants to be; not suspended
  std::string network;        // origin of the membership log of the network
  Instant at{};               // when it was signed

  // Signed by the key of the member's log. Requires: member.check(), the key is the one in it.
  std::string to_note(const tlog::SignerKey& key) const;
  // The same by whoever keeps the key. Errors: unavailable (it does not sign now).
  Result<std::string> to_note(const tlog::NoteSigner& key) const;
  // Form and signature: whoever sent it holds the key that the request names. Errors: invalid, too_large.
  static Result<JoinRequest> parse(std::string_view note);
  bool operator==(const JoinRequest&) const = default;
};

// For two people on the telephone: the first 16 bytes of SHA-256 of the text of a verifier key, "3f2a 9c01 ...".
std::string fingerprint(std::string_view verifier_key);

// Whether the operator may say this of a member, beside `others` (one with the same name is the one it replaces).
// Errors: as Member::check; conflict (an agency is in the mandate of another member whose time is not over `today`, a
// key is another member's).
Result<void> check_admission(const std::vector<Member>& others, const Member& member, std::string_view today);

}  // namespace verbund::network
