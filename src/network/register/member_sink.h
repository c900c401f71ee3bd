// SPDX-License-Identifier: EUPL-1.2
// What a member hears from the operator's membership log goes into its register.
#pragma once

#include <string>

#include "network/following/follower.h"
#include "network/following/sink.h"

namespace verbund::network {

class MemberSink : public Sink {
 public:
  Result<std::vector<Claim>> claims(const Entry& entry, std::string_view body) override;
  std::optional<std::string> held(store::Connection& connection, const Entry& entry) override;
  std::unique_ptr<Writing> writing(store::Connection& connection, const std::string& origin, Instant now) override;
};

// DATA/network/members.anew: while it is there, a member believes the membership log by the operator's key alone, as one
// that has just joined. For who was away so long that no witness it knows is there any more (clause 11.11); gone as soon
// as the log was believed.
std::string members_anew_file(const std::string& data_folder);

// What a membership log may say: members and the policy, under the agency "network". The same for ever.
Rules members_rules();

}  // namespace verbund::network
