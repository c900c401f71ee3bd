// SPDX-License-Identifier: EUPL-1.2
#include "network/proof/verify_bundle.h"

#include <algorithm>

#include "network/log/handover.h"
#include "network/membership/member.h"

namespace verbund::network {
namespace {

std::unexpected<Error> wrong(std::string what, std::string where) {
  return fail(ErrorCode::invalid, std::move(what), std::move(where));
}

// One log below the key that somebody vouches for. Beside the log itself only `witnesses` may have signed: a signature
// that nobody checks would be a line that proves nothing.
Result<BundleReport::Log> verify_proven_log(const ProvenLog& log, const tlog::VerifierKey& known,
                                            const std::vector<tlog::VerifierKey>& witnesses, std::size_t quorum) {
  auto key = current_key(known, log.handovers);
  if (!key) return wrong(key.error().message, known.name);
  auto note = tlog::parse_note(log.checkpoint);
  if (!note) return pass(note);
  auto checkpoint = tlog::open_checkpoint(*note, *key);
  if (!checkpoint) return pass(checkpoint);
  for (const tlog::NoteSignature& signature : note->signatures) {
    const auto by = [&](const tlog::VerifierKey& one) {
      return signature.name == one.name && signature.key_id == one.id();
    };
    if (!by(*key) && std::ranges::none_of(witnesses, by)) return wrong("a signature by an unknown key", known.name);
  }
  if (auto enough = tlog::verify_quorum(*note, witnesses, quorum); !enough) {
    return wrong(enough.error().message, known.name);
  }
  for (const Statement& statement : log.statements) {
    const Entry& entry = statement.entry;
    const std::string where = known.name + ", entry " + std::to_string(statement.index);
    const auto included = tlog::verify_inclusion(statement.index, checkpoint->size, tlog::leaf_hash(entry.to_text()),
                                                 statement.hashes, checkpoint->root);
    if (!included) return wrong(included.error().message, where);
    const bool fits = entry.digest ? crypto::sha256({statement.body}) == *entry.digest : statement.body.empty();
    if (!fits) return wrong("the text is not the one its entry names", where);
  }
  return BundleReport::Log{std::move(*checkpoint), *key, {}};
}

struct Rules {
  std::vector<Member> members;
  std::int64_t quorum = 0;
};

// What the entries of the membership log say. Requires: they are verified.
Result<Rules> rules_of(const ProvenLog& log) {
  Rules out;
  for (const Statement& statement : log.statements) {
    const Entry& entry = statement.entry;
    const std::string where = "membership, entry " + std::to_string(statement.index);
    if (entry.agency != membership_agency || !entry.digest) return wrong("it says nothing of who belongs", where);
    if (entry.kind == policy_kind && entry.local == policy_local) {
      auto policy = Policy::parse(statement.body);
      if (!policy) return wrong(policy.error().message, where);
      out.quorum = policy->quorum;
    } else if (entry.kind == member_kind) {
      auto member = Member::parse(statement.body);
      if (!member) return wrong(member.error().message, where);
      if (member->name != entry.local) return wrong("a member of another name", where);
      out.members.push_back(std::move(*member));
    } else {
      return wrong("it says nothing of who belongs", where);
    }
  }
  return out;
}

std::string day_of(Instant at) { return to_rfc3339(at).substr(0, 10); }

Result<BundleReport::Log> verify_publisher(const ProvenLog& log, const Rules& rules, const Membership& membership) {
  auto origin = origin_of(log.checkpoint);
  if (!origin) return pass(origin);
  const Member* member = membership.find(*origin);
  if (member == nullptr) return wrong("the publisher is no member", *origin);
  const auto key = tlog::VerifierKey::parse(member->key);
  if (!key) return std::unexpected(key.error());
  std::vector<tlog::VerifierKey> witnesses;
  for (const Member& other : membership.members()) {
    if (other.name == member->name || other.witness_key.empty()) continue;
    auto witness = tlog::VerifierKey::parse(other.witness_key);
    if (!witness) return pass(witness);
    witnesses.push_back(std::move(*witness));
  }
  auto out = verify_proven_log(log, *key, witnesses, static_cast<std::size_t>(rules.quorum));
  if (!out) return out;
  for (const Statement& statement : log.statements) {
    const Entry& entry = statement.entry;
    // Of which place a text speaks is judged by those who know what it means: the followers.
    if (const auto refusal = membership.refusal(*member, entry.kind, entry.agency, {}, day_of(entry.at))) {
      return wrong(*refusal, *origin + ", entry " + std::to_string(statement.index));
    }
  }
  out->title = member->title;
  return out;
}

}  // namespace

Result<BundleReport> verify_bundle(const Bundle& bundle, const tlog::VerifierKey& key) {
  BundleReport out;
  if (!bundle.membership) {
    for (const ProvenLog& log : bundle.publishers) {
      auto verified = verify_proven_log(log, key, {}, 0);
      if (!verified) return pass(verified);
      out.publishers.push_back(std::move(*verified));
    }
    return out;
  }
  if (auto verified = verify_proven_log(*bundle.membership, key, {}, 0); !verified) return pass(verified);
  auto rules = rules_of(*bundle.membership);
  if (!rules) return pass(rules);
  const Membership membership(rules->members);
  if (membership.members().size() != rules->members.size()) return wrong("a member is named twice", "membership");
  for (const ProvenLog& log : bundle.publishers) {
    auto verified = verify_publisher(log, *rules, membership);
    if (!verified) return pass(verified);
    out.publishers.push_back(std::move(*verified));
  }
  out.by_operator = true;
  return out;
}

}  // namespace verbund::network
