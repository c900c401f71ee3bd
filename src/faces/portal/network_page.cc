// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/network_page.h"

#include <chrono>

#include "faces/portal/view.h"

namespace verbund::portal {
namespace {

using network::Trouble;
using network_log::LogStatus;

constexpr std::chrono::minutes recent{2};   // whoever was heard since is heard now

// "vor 5 Minuten": in the largest unit that fits.
std::string ago(const Wording& say, Instant at, Instant now) {
  if (at == Instant{}) return say("network.never");
  const auto past = std::max(now - at, std::chrono::seconds(0));
  if (past < recent) return say("network.now");
  if (past < std::chrono::hours(2)) {
    return say("network.minutes", {{"count", std::to_string(std::chrono::floor<std::chrono::minutes>(past).count())}});
  }
  if (past < std::chrono::days(2)) {
    return say("network.hours", {{"count", std::to_string(std::chrono::floor<std::chrono::hours>(past).count())}});
  }
  return say("network.days", {{"count", std::to_string(std::chrono::floor<std::chrono::days>(past).count())}});
}

// How late the newest entry was.
std::string late(const Wording& say, std::int64_t seconds) {
  if (seconds <= 1) return say("network.delay_short");
  if (seconds < 120) return say("network.delay_seconds", {{"count", std::to_string(seconds)}});
  return say("network.delay_minutes", {{"count", std::to_string(seconds / 60)}});
}

std::string state_of(const Wording& say, const LogStatus& log) {
  if (!log.suspended.empty()) return say("network.suspended", {{"reason", log.suspended}});
  if (!log.active) return say("network.not_active");
  if (log.self) return say("network.self");
  if (log.trouble == Trouble::none && log.heard == Instant{}) return say("network.not_followed");
  if (log.trouble == Trouble::none && log.applied < log.entries) return say("network.catching_up");
  return say("network.trouble_" + std::string(network::name(log.trouble)));
}

page::Data row(const Visit& visit, const LogStatus& log, Instant now) {
  const Wording& say = visit.say;
  const bool alarm = network::is_alarm(log.trouble) || !log.suspended.empty();
  std::string details;
  if (log.missing > 0) details = say("network.missing", {{"count", std::to_string(log.missing)}});
  if (log.refused > 0) {
    if (!details.empty()) details += " ";
    details += say("network.refused", {{"count", std::to_string(log.refused)}});
  }
  page::Data out;
  out.set("member_title", log.title.empty() ? say("network.members_list") : log.title)
      .set("member_name", log.name)
      .set("member_entries", std::to_string(log.entries))
      .set("member_open", std::to_string(log.entries - std::min(log.entries, log.applied)))
      .set("member_delay", log.delay < 0 ? std::string() : late(say, log.delay))
      .set("member_heard", log.self ? say("network.now") : ago(say, log.heard, now))
      .set("member_state", state_of(say, log))
      .set("member_alarm", alarm)
      .set("member_details", details);
  return out;
}

}  // namespace

Page network_page(const Visit& visit, const network_log::NetworkStatus& status, Instant now) {
  Page page;
  page.name = "network";
  page.title = visit.say("network.title");
  page.path = "/netz";
  page.description = visit.say("network.lead");
  std::vector<page::Data> rows;
  for (const LogStatus& log : status.members) rows.push_back(row(visit, log, now));
  for (const LogStatus& log : status.others) rows.push_back(row(visit, log, now));
  page.data.set("heading", page.title)
      .set("network_lead", visit.say("network.lead"))
      .set("network_name", status.title)
      .set("alone", status.members.empty())
      .set("members", std::move(rows))
      .set("status_url", std::string("/network/status"));
  add_crumbs(page.data, visit, {}, page.title);
  return page;
}

}  // namespace verbund::portal
