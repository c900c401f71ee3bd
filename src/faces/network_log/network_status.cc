// SPDX-License-Identifier: EUPL-1.2
#include "faces/network_log/network_status.h"

#include <algorithm>
#include <map>

#include "network/following/followed_store.h"
#include "network/register/register_store.h"

namespace verbund::network_log {
namespace {

LogStatus of_followed(const network::FollowedStore& store, const network::FollowedLog& log) {
  LogStatus out;
  out.name = log.origin;
  out.entries = log.size;
  out.applied = log.position;
  out.heard = log.heard_at;
  out.trouble = log.trouble;
  out.since = log.since;
  out.delay = log.delay;
  out.missing = store.missing_count(log.number);
  out.refused = store.refused_count(log.number);
  return out;
}

Json to_json(const LogStatus& log) {
  Json out = Json::object({{"name", log.name}, {"entries", static_cast<std::int64_t>(log.entries)},
                           {"applied", static_cast<std::int64_t>(log.applied)}, {"active", log.active},
                           {"trouble", network::name(log.trouble)}, {"alarm", network::is_alarm(log.trouble)},
                           {"missing", log.missing}, {"refused", log.refused}, {"self", log.self}});
  if (!log.title.empty()) out.set("title", log.title);
  if (!log.suspended.empty()) out.set("suspended", log.suspended);
  if (log.heard != Instant{}) out.set("heard", to_rfc3339(log.heard));
  if (log.delay >= 0) out.set("delay_seconds", log.delay);
  if (log.trouble != network::Trouble::none && log.since != Instant{}) out.set("since", to_rfc3339(log.since));
  return out;
}

}  // namespace

NetworkStatus network_status(store::Connection& connection, network::OwnLog& own, std::string_view today,
                             const std::vector<std::string>& forked) {
  NetworkStatus out;
  const network::RegisterStore members(connection);
  const network::FollowedStore followed(connection);
  if (const auto policy = members.policy()) out.title = policy->title;
  out.is_operator = members.is_operator();
  std::map<std::string, LogStatus> logs;
  for (const network::FollowedLog& log : followed.logs()) logs.emplace(log.origin, of_followed(followed, log));
  const auto published = own.published();
  for (const network::Member& member : members.members()) {
    LogStatus one;
    if (auto known = logs.extract(member.name)) one = std::move(known.mapped());
    one.name = member.name;
    one.title = member.title;
    one.active = member.active(today);
    one.suspended = member.suspended;
    if (published && published->origin == member.name) {
      one.self = true;
      one.entries = one.applied = published->size;
    }
    out.members.push_back(std::move(one));
  }
  std::ranges::sort(out.members, {}, [](const LogStatus& log) { return std::tie(log.title, log.name); });
  for (auto& [name, log] : logs) out.others.push_back(std::move(log));
  for (auto* list : {&out.members, &out.others}) {
    for (LogStatus& log : *list) {
      if (std::ranges::find(forked, log.name) != forked.end()) log.trouble = network::Trouble::fork;
    }
  }
  return out;
}

Json to_json(const NetworkStatus& status) {
  Json members = Json(Json::Array());
  Json others = Json(Json::Array());
  for (const LogStatus& log : status.members) members.push(to_json(log));
  for (const LogStatus& log : status.others) others.push(to_json(log));
  Json out = Json::object({{"operator", status.is_operator}, {"members", std::move(members)},
                           {"others", std::move(others)}});
  if (!status.title.empty()) out.set("title", status.title);
  return out;
}

void add_status_route(http::Router& router, store::Database& database, network::OwnLog& own, const Clock& clock,
                      std::function<std::vector<std::string>()> forked) {
  router.add("GET", "/network/status", [&database, &own, &clock, forked = std::move(forked)](const http::Request&) {
    const auto known = forked ? forked() : std::vector<std::string>();
    NetworkStatus status;
    database.read([&](store::Connection& connection) {
      status = network_status(connection, own, network::day_in_berlin(clock.now()), known);
    });
    return http::json(200, to_json(status).to_canonical())
        .header("Cache-Control", "no-store")
        .header("Access-Control-Allow-Origin", "*");
  });
}

}  // namespace verbund::network_log
