// SPDX-License-Identifier: EUPL-1.2
#include "app/cosigner.h"

#include "app/following_rules.h"
#include "base/text.h"
#include "kits/http/client.h"
#include "network/log/own_log.h"
#include "network/register/register_store.h"
#include "network/witness/witness.h"

namespace verbund::app {
namespace {

using network::Member;

constexpr std::size_t answer_limit = 64 * 1024;
constexpr std::size_t most_asked = 32;               // witnesses of one log
constexpr std::chrono::seconds again_every{10};

Result<network::WitnessReply> ask_over_http(const std::string& address, std::string_view resource,
                                            std::string_view request, const std::stop_token& stop) {
  http::ClientOptions patience;
  patience.connect_time = std::chrono::seconds(2);
  patience.answer_time = std::chrono::seconds(3);
  patience.stop = stop;
  http::Client client(patience);
  auto answer = client.post(address + "/network/witness/" + std::string(resource), request, answer_limit);
  if (!answer) return pass(answer);
  return network::WitnessReply{answer->status, *answer->body};
}

std::optional<std::string> origin_of(const std::string& bytes) {
  const auto note = tlog::parse_note(bytes);
  const auto checkpoint = note ? tlog::Checkpoint::parse(note->text) : std::unexpected(note.error());
  if (!checkpoint) return std::nullopt;
  return checkpoint->origin;
}

}  // namespace

void Cosigner::refresh(store::Database& database) {
  std::int64_t version = 0;
  std::optional<network::Membership> membership;
  std::optional<network::Policy> policy;
  std::optional<network::Home> home;
  bool is_operator = false;
  database.read([&](store::Connection& connection) {
    const network::RegisterStore book(connection);
    home = book.home();
    version = book.version();
    if (version == version_ && home.has_value() == members_key_.has_value()) return;
    membership = book.membership();
    policy = book.policy();
    is_operator = book.is_operator();
  });
  if (!membership) return;
  std::optional<tlog::VerifierKey> members_key;
  if (is_operator) {
    if (const auto key = network::load_key(network::members_place(data_folder_))) members_key = key->verifier();
  } else if (home) {
    if (auto key = tlog::VerifierKey::parse(home->key)) members_key = std::move(*key);
  }
  const auto witness = network::load_key(network::LogPlace("", network::witness_key_file(data_folder_)));
  const std::lock_guard guard(mutex_);
  version_ = version;
  membership_ = std::move(*membership);
  policy_ = policy.value_or(network::Policy{});
  members_key_ = std::move(members_key);
  if (witness) own_witness_ = witness->verifier();
}

std::vector<tlog::VerifierKey> Cosigner::keys_of(std::string_view origin) const {
  const std::lock_guard guard(mutex_);
  if (members_key_ && members_key_->name == origin) return {*members_key_};
  const Member* member = membership_.find(origin);
  if (member == nullptr) return {};
  auto key = tlog::VerifierKey::parse(member->key);
  if (!key) return {};
  return {std::move(*key)};
}

std::optional<Cosigner::Wanted> Cosigner::wanted(const std::string& origin) const {
  const std::string today = network::day_in_berlin(clock_.now());
  const std::lock_guard guard(mutex_);
  Wanted out;
  out.members = members_key_ && members_key_->name == origin;
  if (!out.members && membership_.find(origin) == nullptr) return std::nullopt;
  std::size_t all = 0;
  for (const Member& member : membership_.members()) {
    if (member.name == origin || member.witness_key.empty() || !member.active(today)) continue;
    auto key = tlog::VerifierKey::parse(member.witness_key);
    if (!key) continue;
    if (out.members && (is_operators(member, origin) || (own_witness_ && *key == *own_witness_))) continue;
    ++all;
    if (!member.addresses.empty()) out.witnesses.push_back({std::move(*key), member.addresses.front()});
  }
  out.quorum = out.members ? members_quorum(policy_, all) : static_cast<std::size_t>(policy_.quorum);
  out.witnesses = network::choose_witnesses(std::move(out.witnesses), origin, most_asked);
  return out;
}

Result<std::string> Cosigner::cosign(const std::string& note, const tlog::TileSource& tiles) {
  const auto origin = origin_of(note);
  if (!origin) return fail(ErrorCode::invalid, "not a checkpoint");
  auto now = wanted(*origin);
  if (!now) return note;
  Asking& asking = now->members ? members_ : own_;
  if (!asking.cosigning || now->witnesses != asking.witnesses || now->quorum != asking.quorum) {
    asking.witnesses = now->witnesses;
    asking.quorum = now->quorum;
    network::Cosigning::Options options{.quorum = now->quorum};
    const std::string folder =
        now->members ? network::members_place(data_folder_).folder : network::log_folder(data_folder_);
    options.handovers = [folder] { return network::FolderLogSource(folder).handovers().value_or(""); };
    asking.cosigning = std::make_unique<network::Cosigning>(std::move(now->witnesses), ask_over_http,
                                                            std::move(options));
  }
  asking.at = std::chrono::steady_clock::now();
  return asking.cosigning->gather(note, tiles);
}

bool Cosigner::due(const std::string& note) {
  const auto origin = origin_of(note);
  const auto now = origin ? wanted(*origin) : std::nullopt;
  if (!now || network::cosigned_by_all(note, now->witnesses)) return false;
  const Asking& asking = now->members ? members_ : own_;
  return now->witnesses != asking.witnesses || now->quorum != asking.quorum ||
         std::chrono::steady_clock::now() - asking.at >= again_every;
}

}  // namespace verbund::app
