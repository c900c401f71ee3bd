// SPDX-License-Identifier: EUPL-1.2
// Who belongs to a network and for what each member may speak.
// Source: docs/protocols/network.md, clause 8.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/tlog/note.h"
#include "network/log/entry.h"

namespace verbund::network {

// For what a member may speak. An entry outside of it is refused by every follower.
struct Mandate {
  std::vector<std::string> agencies;   // whose ids it gives: 1-100, each in one mandate of the network only
  std::vector<std::string> kinds;      // kinds of object; empty: all
  std::vector<std::string> areas;      // regional keys in shortest form, "" is Germany: at these and below
  std::vector<std::string> levels;     // of the areas it decides for: federation state region district association municipality
  bool operator==(const Mandate&) const = default;
};

struct Member {
  std::string name;                       // the origin of its log; never another one's, never changed
  std::string title;                      // for people: "Stadt Norderstedt"
  std::vector<std::string> addresses;     // of its node ("https://stadt.example"), most wanted first; may be empty (hub)
  std::string key;                        // verifier key of its log (C2SP signed-note)
  std::string witness_key;                // verifier key with which it cosigns; "": it is no witness
  Mandate mandate;
  std::string valid_from, valid_until;    // calendar days, valid_until is the first one without; "": no limit
  std::string suspended;                  // why; "": it is not

  std::string to_body() const;            // canonical JSON (RFC 8785)
  // Errors: invalid (`where` names the field), too_large (over 64 KiB).
  static Result<Member> parse(std::string_view body);
  bool active(std::string_view today) const;   // within its validity ("2026-11-27") and not suspended
  bool operator==(const Member&) const = default;
};

// What a body decides about: an area and its level. Found by whoever knows what bodies mean (app).
struct Claim {
  std::string area;      // regional key in shortest form, "" is Germany
  std::string level;     // of the area, as in Mandate::levels
};

// The rules that all members of a network apply, as its operator published them. A value; cheap to copy when small.
class Membership {
 public:
  Membership() = default;
  explicit Membership(std::vector<Member> members);    // by name

  const Member* find(std::string_view name) const;
  const std::vector<Member>& members() const { return members_; }

  // Whether `member` may say this. Nothing if so, else the reason in one English line ("agency x is not in the mandate").
  // Requires: `member` is one of members(). A withdrawal has no claims.
  // 1. The agency is in its mandate, the kind too, and it is active `today` ("2026-11-27").
  // 2. Each claim lies in an area of its mandate and has a level of its mandate.
  // 3. The narrowest mandate decides: no other active member has a mandate with the level of the claim over a longer
  //    regional key that contains the area. (A town that joins decides alone for its area; a state keeps the rest.)
  std::optional<std::string> refusal(const Member& member, std::string_view kind, std::string_view agency,
                                     const std::vector<Claim>& claims, std::string_view today) const;

 private:
  std::vector<Member> members_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

}  // namespace verbund::network
