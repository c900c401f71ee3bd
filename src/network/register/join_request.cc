// SPDX-License-Identifier: EUPL-1.2
#include "network/register/join_request.h"

#include <algorithm>

#include "base/check.h"
#include "kits/crypto/digest.h"
#include "kits/json/json.h"

namespace verbund::network {
namespace {

constexpr JsonLimits limits{.bytes = join_note_limit, .depth = 5, .values = 4000};
constexpr const char* operation = "join";

std::string text_of(const JoinRequest& request) {
  auto member = parse_json(request.member.to_body(), "member", limits);
  VERBUND_CHECK(member.has_value());   // we wrote it
  return Json::object({{"member", std::move(*member)}, {"network", request.network}, {"operation", operation},
                       {"time", to_rfc3339(request.at)}}).to_canonical() + "\n";
}

}  // namespace

Result<std::string> JoinRequest::to_note(const tlog::NoteSigner& key) const {
  VERBUND_CHECK(key.key.to_text() == member.key);
  tlog::Note note{text_of(*this), {}};
  auto signature = key.sign_note(note.text);
  if (!signature) return pass(signature);
  note.signatures.push_back(std::move(*signature));
  return note.to_text();
}

std::string JoinRequest::to_note(const tlog::SignerKey& key) const { return to_note(tlog::NoteSigner(key)).value(); }

Result<JoinRequest> JoinRequest::parse(std::string_view bytes) {
  const auto bad = [](const char* why) { return fail(ErrorCode::invalid, std::string("not a request: ") + why); };
  if (bytes.size() > join_note_limit) return fail(ErrorCode::too_large, "a request has at most 68 KiB");
  auto note = tlog::parse_note(bytes);
  if (!note) return pass(note);
  auto json = parse_json(note->text, "request", limits);
  if (!json) return pass(json);
  if (json->text_or("operation") != operation) return bad("operation");
  JoinRequest out;
  auto member = Member::parse((*json)["member"].to_canonical());
  if (!member) return pass(member);
  out.member = std::move(*member);
  if (!out.member.suspended.empty()) return bad("suspended");
  out.network = json->text_or("network");
  if (!tlog::is_key_name(out.network)) return bad("network");
  const auto at = parse_time(json->text_or("time"));
  if (!at) return bad("time");
  out.at = *at;
  if (text_of(out) != note->text) return bad("not in its canonical form");
  const auto key = tlog::VerifierKey::parse(out.member.key);
  VERBUND_CHECK(key.has_value());   // checked by Member::parse
  const auto signed_by = tlog::verify_note(*note, *key);
  if (!signed_by) return bad("not signed by the key it names");
  return out;
}

std::string fingerprint(std::string_view verifier_key) {
  const std::string digits = crypto::sha256_hex(verifier_key).substr(0, 32);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 4) out += (i == 0 ? "" : " ") + digits.substr(i, 4);
  return out;
}

Result<void> check_admission(const std::vector<Member>& others, const Member& member, std::string_view today) {
  if (auto checked = member.check(); !checked) return checked;
  for (const Member& other : others) {
    if (other.name == member.name) continue;
    if (other.key == member.key || (!member.witness_key.empty() && other.witness_key == member.witness_key)) {
      return fail(ErrorCode::conflict, "this key is that of " + other.name, member.name);
    }
    const bool over = !other.valid_until.empty() && other.valid_until <= today;
    if (over) continue;
    for (const std::string& agency : member.mandate.agencies) {
      if (std::ranges::find(other.mandate.agencies, agency) == other.mandate.agencies.end()) continue;
      return fail(ErrorCode::conflict, "agency " + agency + " is in the mandate of " + other.name, member.name,
                  "an agency is in one mandate of the network only");
    }
  }
  return {};
}

}  // namespace verbund::network
