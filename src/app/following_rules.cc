// SPDX-License-Identifier: EUPL-1.2
#include "app/following_rules.h"

#include <algorithm>

#include "base/text.h"
#include "kits/crypto/digest.h"

namespace verbund::app {
namespace {

using network::Mandate;
using network::Member;
using network::Membership;

constexpr std::size_t longest_name = 200;

bool within(std::string_view area, std::string_view wider) { return area.starts_with(wider); }

// Whether `other` may take something away from `mandate`: an area inside one of its own.
bool narrower(const Mandate& other, const Mandate& mandate) {
  return std::ranges::any_of(other.areas, [&](const std::string& inner) {
    return std::ranges::any_of(mandate.areas, [&](const std::string& outer) {
      return inner.size() > outer.size() && within(inner, outer);
    });
  });
}

void add(std::string& text, const std::vector<std::string>& list) {
  for (const std::string& each : list) text += each + " ";
  text += "\n";
}

}  // namespace

Choice::Choice(std::string_view setting) {
  for (const std::string_view part : split(setting, ',')) {
    const std::string word(trim(part));
    if (word == "all") all_ = true;
    else if (!word.empty() && word != "none") words_.push_back(word);
  }
}

bool Choice::chooses(const Member& member) const {
  if (all_) return true;
  return std::ranges::any_of(words_, [&](const std::string& word) {
    if (word == member.name || std::ranges::find(member.mandate.agencies, word) != member.mandate.agencies.end()) {
      return true;
    }
    return is_digits(word) && std::ranges::any_of(member.mandate.areas, [&](const std::string& area) {
      return within(area, word) || within(word, area);
    });
  });
}

network::Rules rules_for(std::shared_ptr<const Membership> membership, const Member& member, const std::string& today) {
  network::Rules out;
  out.speaks = member.active(today);
  std::string terms = member.to_body() + (out.speaks ? "\nspeaks\n" : "\nsilent\n");
  for (const Member& other : membership->members()) {
    if (other.name == member.name || !other.active(today) || !narrower(other.mandate, member.mandate)) continue;
    terms += other.name + "\n";
    for (const auto* list : {&other.mandate.kinds, &other.mandate.areas, &other.mandate.levels}) add(terms, *list);
  }
  out.terms = crypto::sha256_hex(terms);
  out.refusal = [membership = std::move(membership), name = member.name, today](
                    const network::Entry& entry, const std::vector<network::Claim>& claims) {
    return membership->refusal(*membership->find(name), entry.kind, entry.agency, claims, today);
  };
  return out;
}

network::Rules silent_rules() {
  return {false, "silent", [](const network::Entry&, const std::vector<network::Claim>&) {
            return std::optional<std::string>("its publisher is not followed");
          }};
}

Result<network::Trust> trust_for(const Membership& membership, const Member& member, const network::Policy& policy,
                                 const std::string& today) {
  auto key = tlog::VerifierKey::parse(member.key);
  if (!key) return pass(key);
  network::Trust out{*key, {}, static_cast<std::size_t>(policy.quorum)};
  if (out.quorum == 0) return out;   // nobody is asked
  for (const Member& other : membership.members()) {
    if (other.name == member.name || other.witness_key.empty() || !other.active(today)) continue;
    if (auto witness = tlog::VerifierKey::parse(other.witness_key)) out.witnesses.push_back(*witness);
  }
  return out;
}

bool is_operators(const Member& member, std::string_view members_origin) {
  constexpr std::string_view end = "/network/members";
  if (!members_origin.ends_with(end)) return false;
  members_origin.remove_suffix(end.size());
  return member.name == members_origin || member.name == std::string(members_origin) + "/network/log";
}

std::size_t members_quorum(const network::Policy& policy, std::size_t witnesses) {
  return witnesses == 0 ? 0 : std::min(static_cast<std::size_t>(policy.quorum), witnesses - 1);
}

network::Trust trust_in_members(const Membership& known, const tlog::VerifierKey& key, const network::Policy& policy,
                                const std::string& today) {
  network::Trust out{key, {}, 0};
  for (const Member& member : known.members()) {
    if (member.witness_key.empty() || !member.active(today) || is_operators(member, key.name)) continue;
    if (auto witness = tlog::VerifierKey::parse(member.witness_key)) out.witnesses.push_back(*witness);
  }
  out.quorum = members_quorum(policy, out.witnesses.size());
  return out;
}

std::string safe_name(std::string_view origin) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : origin) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       (c == '.' && !out.empty());
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'_', digits[byte >> 4], digits[byte & 15]};
    }
  }
  if (out.size() > longest_name) out = out.substr(0, 100) + "_" + crypto::sha256_hex(origin).substr(0, 32);
  return out;
}

}  // namespace verbund::app
