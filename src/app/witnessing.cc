// SPDX-License-Identifier: EUPL-1.2
#include "app/witnessing.h"

#include "kits/http/client.h"
#include "network/log/handover.h"
#include "network/log/log_source.h"
#include "network/register/register_store.h"

namespace verbund::app {
namespace {

constexpr std::size_t answer_limit = 64 * 1024;
http::ClientOptions patience() {
  http::ClientOptions out;
  out.connect_time = std::chrono::seconds(2);
  out.answer_time = std::chrono::seconds(3);
  return out;
}

Result<network::WitnessReply> ask_over_http(const std::string& address, std::string_view request) {
  http::Client client(patience());
  auto answer = client.post(address + "/network/witness/add-checkpoint", request, answer_limit);
  if (!answer) return pass(answer);
  return network::WitnessReply{answer->status, *answer->body};
}

}  // namespace

std::string witness_name(std::string log_name) {
  constexpr std::string_view end = "/log";
  if (log_name.ends_with(end)) log_name.resize(log_name.size() - end.size());
  return log_name + "/witness";
}

Witnessing::Witnessing(std::string data_folder, const std::string& log_name, const Clock& clock, const log::Log& log,
                       metrics::Registry& registry)
    : data_folder_(std::move(data_folder)), log_(log),
      answered_(registry.counter("verbund_witness_answers_total", "Requests to cosign that were answered")),
      forks_(registry.counter("verbund_witness_forks_total", "Two histories of one log that somebody wanted cosigned")) {
  auto key = network::load_or_create_witness_key(data_folder_, witness_name(log_name));
  if (!key) {
    log_.error("no witness", {{"reason", key.error().text()}});
    return;
  }
  witness_ = std::make_unique<network::Witness>(
      network::witness_folder(data_folder_), std::move(*key),
      [this](std::string_view origin) { return keys_of(origin); }, clock);
}

void Witnessing::refresh(store::Database& database) {
  std::int64_t version = 0, quorum = 0;
  std::optional<network::Membership> membership;
  database.read([&](store::Connection& connection) {
    const network::RegisterStore book(connection);
    version = book.version();
    if (version == version_) return;
    membership = book.membership();
    if (const auto policy = book.policy()) quorum = policy->quorum;
  });
  if (!membership) return;
  const std::lock_guard guard(mutex_);
  version_ = version;
  membership_ = std::move(*membership);
  quorum_ = quorum;
}

std::vector<tlog::VerifierKey> Witnessing::keys_of(std::string_view origin) const {
  std::string text;
  {
    const std::lock_guard guard(mutex_);
    const network::Member* member = membership_.find(origin);
    if (member == nullptr) return {};
    text = member->key;
  }
  auto key = tlog::VerifierKey::parse(text);
  if (!key) return {};
  return {std::move(*key)};
}

void Witnessing::answered(const network::Witness::Answer& answer) {
  answered_.add();
  if (!answer.fork) return;
  forks_.add();
  log_.error("two histories of one log", {{"evidence", network::witness_folder(data_folder_) + "/evidence"}});
}

Result<std::string> Witnessing::cosign(const std::string& note, const tlog::TileSource& tiles) {
  const auto parsed = tlog::parse_note(note);
  const auto own = parsed ? tlog::Checkpoint::parse(parsed->text) : std::unexpected(parsed.error());
  if (!own) return std::unexpected(own.error());
  std::vector<network::WitnessAddress> witnesses;
  std::int64_t quorum = 0;
  {
    const std::lock_guard guard(mutex_);
    if (membership_.find(own->origin) == nullptr) return note;
    quorum = quorum_;
    for (const network::Member& member : membership_.members()) {
      if (member.name == own->origin || member.witness_key.empty() || member.addresses.empty()) continue;
      if (!member.suspended.empty()) continue;
      auto key = tlog::VerifierKey::parse(member.witness_key);
      if (key) witnesses.push_back({std::move(*key), member.addresses.front()});
    }
  }
  if (!cosigning_ || witnesses != asked_ || quorum != asked_quorum_) {
    asked_ = witnesses;
    asked_quorum_ = quorum;
    cosigning_ = std::make_unique<network::Cosigning>(
        std::move(witnesses), ask_over_http, network::Cosigning::Options{.quorum = static_cast<std::size_t>(quorum)});
  }
  return cosigning_->gather(note, tiles);
}

}  // namespace verbund::app
