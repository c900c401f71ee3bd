// SPDX-License-Identifier: EUPL-1.2
// Who belongs to a network and for what each member may speak.
// Source: docs/protocols/network.md, clause 8.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "kits/tlog/note.h"
#include "network/log/entry.h"

namespace verbund::network {

inline constexpr std::size_t member_limit = 64 * 1024;        // bytes of the body of a member

// What an entry of the membership log is about: the id is (kind, membership_agency, name of the member or "policy").
inline constexpr const char* membership_agency = "network";
inline constexpr const char* member_kind = "member";
inline constexpr const char* policy_kind = "network";
inline constexpr const char* policy_local = "policy";

std::string day_in_berlin(Instant at);   // the calendar day that validity is counted in: "2026-11-27"

// For what a member may speak. An entry outside of it is refused by every follower. Each list is a set: written sorted
// by bytes, each value once.
struct Mandate {
  std::vector<std::string> agencies;   // whose ids it gives: 1-100, each in one mandate of the network only
  std::vector<std::string> kinds;      // kinds of object, at most 20; empty: all
  std::vector<std::string> areas;      // 1-1000 regional keys in shortest form, "" is Germany: at these and below
  std::vector<std::string> levels;     // of the areas it decides for, 1-6 of: federation state region district
                                       // association municipality
  bool operator==(const Mandate&) const = default;
};

struct Member {
  std::string name;                       // the origin of its log; never another one's, never changed
  std::string title;                      // for people: "Stadt Norderstedt", 1-200 bytes
  std::vector<std::string> addresses;     // of its node ("https://stadt.example"), most wanted first, at most 8, each
                                          // at most 300 bytes; may be empty (its log comes from a hub)
  std::string key;                        // verifier key of its log (C2SP signed-note), called `name`
  std::string witness_key;                // verifier key with which it cosigns; "": it is no witness
  Mandate mandate;
  std::string valid_from, valid_until;    // calendar days, valid_until is the first one without; "": no limit
  std::string suspended;                  // why, at most 500 bytes; "": it is not

  std::string to_body() const;            // canonical JSON (RFC 8785); the lists of the mandate are sorted
  // Errors: invalid (`where` names the field; also what is not in canonical form), too_large (over member_limit).
  static Result<Member> parse(std::string_view body);
  // That parse(to_body()) will give this member again, with sorted lists. Errors: as parse.
  Result<void> check() const;
  bool active(std::string_view today) const;   // within its validity ("2026-11-27") and not suspended
  bool operator==(const Member&) const = default;
};

// What holds for the network as a whole.
struct Policy {
  std::string title;                      // for people: "Verbund Schleswig-Holstein", 1-200 bytes
  std::int64_t quorum = 0;                // cosignatures by witnesses of other members that a checkpoint needs, 0-20

  std::string to_body() const;
  static Result<Policy> parse(std::string_view body);   // Errors: as Member::parse
  bool operator==(const Policy&) const = default;
};

// What a body decides about: an area and its level. Found by whoever knows what bodies mean (app).
struct Claim {
  std::string area;      // regional key in shortest form, "" is Germany
  std::string level;     // of the area, as in Mandate::levels
};

// The rules that all members of a network apply, as its operator published them. A value; memory: some 200 bytes for
// each area of a mandate.
class Membership {
 public:
  Membership() = default;
  // Of two members with the same name the last counts.
  explicit Membership(std::vector<Member> members);

  const Member* find(std::string_view name) const;
  const std::vector<Member>& members() const { return members_; }   // by name

  // Whether `member` may say this. Nothing if so, else the reason in one English line ("agency x is not in the
  // mandate").
  // Requires: `member` is one of members(). A withdrawal has no claims.
  // 1. It is active `today` ("2026-11-27"); the agency is in its mandate, the kind too.
  // 2. Each claim lies in an area of its mandate and has a level of its mandate.
  // 3. The narrowest mandate decides: no other active member has a mandate with the kind and the level of the claim
  //    over a regional key that contains the area and is longer than every key of this mandate that contains it. (A
  //    town that joins decides alone for its area; a state keeps the rest.) With keys of one length both may speak.
  // Time: a few look-ups for each claim, however many members there are.
  std::optional<std::string> refusal(const Member& member, std::string_view kind, std::string_view agency,
                                     const std::vector<Claim>& claims, std::string_view today) const;

 private:
  std::vector<Member> members_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_area_;   // members whose mandate has the key
};

}  // namespace verbund::network
