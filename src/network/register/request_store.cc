// SPDX-License-Identifier: EUPL-1.2
// The part of the register that anybody can write to: requests.
#include "network/register/register_store.h"

namespace verbund::network {
namespace {

std::int64_t seconds(Instant at) { return static_cast<std::int64_t>(at.time_since_epoch().count()); }

}  // namespace

Result<bool> RegisterStore::receive(const JoinRequest& request, std::string_view note, std::string_view network,
                                    Instant now) {
  if (!is_operator()) return fail(ErrorCode::not_found, "this node is not the operator of a network");
  if (request.network != network) {
    return fail(ErrorCode::conflict, "the request is for another network", request.network);
  }
  if (member(request.member.name) == request.member) {
    return fail(ErrorCode::conflict, "it is a member already, just as it wants to be", request.member.name);
  }
  auto old = connection_.prepare("DELETE FROM network_request WHERE received_at < $1");
  old.bind(1, seconds(now - kept_for)).run();
  auto before = connection_.prepare("SELECT note FROM network_request WHERE name = $1 AND member_key = $2");
  before.bind(1, request.member.name).bind(2, request.member.key);
  if (before.step()) {   // whoever sends an older one again changes nothing
    const auto waits = JoinRequest::parse(before.text(0));
    if (waits && waits->at > request.at) return false;
  }
  before.reset();
  auto again = connection_.prepare("UPDATE network_request SET note = $3 WHERE name = $1 AND member_key = $2");
  again.bind(1, request.member.name).bind(2, request.member.key).bind(3, note).run();
  if (again.changes() > 0) return false;
  const auto count = [&](std::int64_t since) {
    auto row = connection_.prepare("SELECT count(*) FROM network_request WHERE received_at > $1");
    row.bind(1, since);
    row.step();
    return row.number(0);
  };
  if (count(-1) >= most_waiting) {
    return fail(ErrorCode::unavailable, "too many requests wait", "", "ask the operator to look at them");
  }
  if (count(seconds(now) - 60) >= most_each_minute) {
    return fail(ErrorCode::unavailable, "too many requests came within a minute", "", "try again in a minute");
  }
  auto add = connection_.prepare(
      "INSERT INTO network_request(name, member_key, note, received_at) VALUES ($1, $2, $3, $4)");
  add.bind(1, request.member.name).bind(2, request.member.key).bind(3, note).bind(4, seconds(now)).run();
  return true;
}

std::vector<WaitingRequest> RegisterStore::waiting() const {
  std::vector<WaitingRequest> out;
  auto rows =
      connection_.prepare("SELECT note, received_at FROM network_request ORDER BY received_at, name, member_key");
  while (rows.step()) {
    auto request = JoinRequest::parse(rows.text(0));
    if (!request) throw store::Failure("a stored request does not read: " + request.error().text());
    out.push_back({std::move(*request), Instant(std::chrono::seconds(rows.number(1)))});
  }
  return out;
}

void RegisterStore::forget_requests(std::string_view name) {
  auto gone = connection_.prepare("DELETE FROM network_request WHERE name = $1");
  gone.bind(1, name).run();
}

}  // namespace verbund::network
