// SPDX-License-Identifier: EUPL-1.2
// Whom a node follows and what it believes them, out of the register of its network. Values only.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "network/following/follower.h"
#include "network/following/mirror.h"
#include "network/membership/member.h"

namespace verbund::app {

// The setting network.follow: all, none, or a list of regional keys, agencies and names of members.
class Choice {
 public:
  // Separated by commas, spaces around them do not count. Any word is one of these, so there are no errors.
  explicit Choice(std::string_view setting);
  // A regional key chooses who has a mandate below it, or over it: who decides for the place or gives it its texts.
  bool chooses(const network::Member& member) const;

 private:
  bool all_ = false;
  std::vector<std::string> words_;
};

// What `member` is believed on `today` ("2026-11-27"). Its terms change when an answer for it may change: with its own
// body, its being active, and the mandates of active members within its own area. Requires: it is in `membership`.
network::Rules rules_for(std::shared_ptr<const network::Membership> membership, const network::Member& member,
                         const std::string& today);
// Of a log that is no longer followed, or whose publisher is no member: nothing of it is shown.
network::Rules silent_rules();

// The key of its log and the witnesses of all other active members. Errors: invalid (a key that does not read).
Result<network::Trust> trust_for(const network::Membership& membership, const network::Member& member,
                                 const network::Policy& policy, const std::string& today);

// The member that is the operator's own node, by the usual names: "land.example/network/log" of the membership log
// "land.example/network/members". Its witness is no witness of the membership log.
bool is_operators(const network::Member& member, std::string_view members_origin);
// So many witnesses sign the membership log: as the policy says, but one may be away, so that it can be taken out.
std::size_t members_quorum(const network::Policy& policy, std::size_t witnesses);
// Of the membership log itself, by the list that is known already: `key` and the witnesses of active members.
network::Trust trust_in_members(const network::Membership& known, const tlog::VerifierKey& key,
                                const network::Policy& policy, const std::string& today);

// A name for files and addresses: letters, digits, '.' and '-' as they are, others as "_2f"; different for different
// origins, at most 200 bytes.
std::string safe_name(std::string_view origin);

}  // namespace verbund::app
