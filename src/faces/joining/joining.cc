// SPDX-License-Identifier: EUPL-1.2
#include "faces/joining/joining.h"

#include "kits/json/json.h"
#include "network/register/register_store.h"

namespace verbund::joining {
namespace {

http::Response refusal(const Error& error) {
  using enum ErrorCode;
  switch (error.code) {
    case not_found:
      return http::problem(404, "Kein Netz", "Dieser Knoten ist nicht der Betreiber eines Netzes.");
    case too_large:
      return http::problem(413, "Zu lang", "Ein Antrag hat höchstens 68 KiB.");
    case conflict:
      return http::problem(409, "Antrag passt nicht", error.text());
    case unavailable:
      return http::problem(503, "Zu viele Anträge", error.text()).header("Retry-After", "60");
    default:
      return http::problem(400, "Kein gültiger Antrag", error.text());
  }
}

Result<bool> receive(store::Database& database, network::OwnLog& members, const std::string& note, Instant now) {
  const auto published = members.published();
  if (!published) return fail(ErrorCode::not_found, "no membership log");
  const auto request = network::JoinRequest::parse(note);
  if (!request) return std::unexpected(request.error());
  bool fresh = false;
  auto written = database.write([&](store::Connection& connection) -> Result<void> {
    auto received = network::RegisterStore(connection).receive(*request, note, published->origin, now);
    if (!received) return pass(received);
    fresh = *received;
    return {};
  }, store::Again::yes);
  if (!written) return pass(written);
  return fresh;
}

}  // namespace

void add_routes(http::Router& router, store::Database& database, network::OwnLog& members, const Clock& clock) {
  router.add("POST", "/network/requests", [&](const http::Request& request) {
    const auto fresh = receive(database, members, request.body, clock.now());
    auto response = fresh ? http::json(202, Json::object({{"state", "waiting"}, {"new", *fresh}}).to_canonical())
                          : refusal(fresh.error());
    return response.header("Cache-Control", "no-store");
  });
}

}  // namespace verbund::joining
