// SPDX-License-Identifier: EUPL-1.2
#include "network/register/member_sink.h"

#include "kits/crypto/digest.h"
#include "network/register/register_store.h"

namespace verbund::network {
namespace {

class MemberWriting : public Sink::Writing {
 public:
  MemberWriting(store::Connection& connection, std::string origin, Instant now)
      : members_(connection), origin_(std::move(origin)), now_(now) {}

  Result<void> put(const Entry& entry, std::string_view body) override {
    return members_.hear(entry.kind, entry.local, body, origin_, now_);
  }
  void withdraw(const Entry& entry) override { members_.unhear(entry.kind, entry.local, origin_); }
  void begin_stock() override { members_.begin_stock(origin_); }
  void end_stock() override { members_.end_stock(origin_); }

 private:
  RegisterStore members_;
  const std::string origin_;
  const Instant now_;
};

}  // namespace

Result<std::vector<Claim>> MemberSink::claims(const Entry& entry, std::string_view body) {
  std::vector<Claim> none;
  if (entry.kind == policy_kind) {
    const auto policy = Policy::parse(body);
    if (!policy) return std::unexpected(policy.error());
    return none;
  }
  const auto member = Member::parse(body);
  if (!member) return std::unexpected(member.error());
  if (member->name != entry.local) return fail(ErrorCode::invalid, "the member has another name than the entry says");
  return none;
}

std::optional<std::string> MemberSink::held(store::Connection& connection, const Entry& entry) {
  auto body = RegisterStore(connection).body(entry.kind, entry.local);
  if (body && (!entry.digest || crypto::sha256({*body}) != *entry.digest)) body.reset();
  return body;
}

std::unique_ptr<Sink::Writing> MemberSink::writing(store::Connection& connection, const std::string& origin,
                                                   Instant now) {
  return std::make_unique<MemberWriting>(connection, origin, now);
}

std::string members_anew_file(const std::string& data_folder) { return data_folder + "/network/members.anew"; }

Rules members_rules() {
  const auto refusal = [](const Entry& entry, const std::vector<Claim>&) -> std::optional<std::string> {
    if (entry.agency != membership_agency) return "agency " + entry.agency + " has no place in a membership log";
    if (entry.kind == member_kind || (entry.kind == policy_kind && entry.local == policy_local)) return std::nullopt;
    return "kind " + entry.kind + " has no place in a membership log";
  };
  return {true, "members 1", refusal};
}

}  // namespace verbund::network
