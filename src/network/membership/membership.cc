// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "network/membership/member.h"

namespace verbund::network {
namespace {

// The longest key of the set that contains the area; nothing: none does.
std::optional<std::size_t> longest_containing(const std::vector<std::string>& areas, std::string_view area) {
  std::optional<std::size_t> out;
  for (const std::string& key : areas) {
    if (area.starts_with(key) && (!out || key.size() > *out)) out = key.size();
  }
  return out;
}

bool has(const std::vector<std::string>& values, std::string_view value) {
  return std::ranges::find(values, value) != values.end();
}

bool covers_kind(const Mandate& mandate, std::string_view kind) {
  return mandate.kinds.empty() || has(mandate.kinds, kind);
}

std::string shown_area(std::string_view area) { return area.empty() ? "Germany" : "area " + std::string(area); }

}  // namespace

Membership::Membership(std::vector<Member> members) {
  std::ranges::stable_sort(members, {}, &Member::name);
  for (Member& member : members) {
    if (!members_.empty() && members_.back().name == member.name) members_.back() = std::move(member);
    else members_.push_back(std::move(member));
  }
  for (std::size_t i = 0; i < members_.size(); ++i) {
    by_name_.emplace(members_[i].name, i);
    for (const std::string& area : members_[i].mandate.areas) by_area_[area].push_back(i);
  }
}

const Member* Membership::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &members_[found->second];
}

std::optional<std::string> Membership::refusal(const Member& member, std::string_view kind, std::string_view agency,
                                               const std::vector<Claim>& claims, std::string_view today) const {
  if (!member.active(today)) {
    return member.suspended.empty() ? "the member is not within its validity" : "the member is suspended";
  }
  const Mandate& mandate = member.mandate;
  if (!has(mandate.agencies, agency)) return "agency " + std::string(agency) + " is not in the mandate";
  if (!covers_kind(mandate, kind)) return "kind " + std::string(kind) + " is not in the mandate";
  for (const auto& [area, level] : claims) {
    const auto own = longest_containing(mandate.areas, area);
    if (!own) return shown_area(area) + " is not in the mandate";
    if (!has(mandate.levels, level)) return "level " + level + " is not in the mandate";
    for (std::size_t length = *own + 1; length <= area.size(); ++length) {
      const auto narrower = by_area_.find(std::string_view(area).substr(0, length));
      if (narrower == by_area_.end()) continue;
      for (const std::size_t other : narrower->second) {
        const Member& decides = members_[other];
        if (decides.active(today) && has(decides.mandate.levels, level) && covers_kind(decides.mandate, kind)) {
          return decides.name + " decides for " + shown_area(area);
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace verbund::network
