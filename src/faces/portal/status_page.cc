// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/status_page.h"

#include <algorithm>
#include <cstdio>

#include "commons/incidents/uptime_store.h"
#include "faces/portal/status_words.h"
#include "faces/portal/view.h"

namespace verbund::portal {
namespace {

using commons::Incident;

constexpr int days_shown = 90;
constexpr std::int64_t most_waiting = 1000;   // changes that the log may lag behind before that is a trouble

page::Data incident_data(const Visit& visit, const Incident& one, Instant now) {
  const Worded title = told(one.titles, visit.language);
  std::vector<page::Data> updates;
  for (auto update = one.updates.rbegin(); update != one.updates.rend(); ++update) {
    const Worded text = told(update->texts, visit.language);
    updates.push_back(page::Data()
                          .set("update_at", moment(update->at, visit.say))
                          .set("update_text", text.text)
                          .set("update_lang", visit.mark(text.language)));
  }
  std::string state = one.over(now) ? "over" : one.planned(now) ? "planned" : one.maintenance ? "maintenance" : "open";
  std::string time = moment(one.begins, visit.say);
  if (one.ends) time = visit.say("status.span", {{"from", time}, {"until", moment(*one.ends, visit.say)}});
  page::Data out;
  out.set("incident_title", title.text)
      .set("incident_lang", visit.mark(title.language))
      .set("incident_id", "vorfall-" + std::to_string(one.number))
      .set("incident_state", visit.say("status." + state))
      .set("incident_alarm", state == "open")
      .set("incident_part", visit.say("status.part." + one.part))
      .set("incident_time", time)
      .set("updates", std::move(updates));
  return out;
}

std::string part_words(const Visit& visit, const StatusNow::Part& part) {
  const auto number = [&](std::int64_t value) { return grouped(value, visit.language); };
  std::string text = visit.say("status.about." + part.name, {{"count", number(part.count)}});
  if (part.name == "publishing" && part.of > 0) text += " " + visit.say("status.waiting", {{"count", number(part.of)}});
  if (part.name == "network") {
    text = part.of == 0 ? visit.say("network.alone")
                        : visit.say("status.about.network", {{"count", number(part.count) + " / " + number(part.of)}});
  }
  return text;
}

}  // namespace

bool StatusNow::trouble(std::string_view part) const {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& one) { return one.name == part; });
  if (found != parts.end() && !found->good) return true;
  return std::any_of(incidents.begin(), incidents.end(), [&](const Incident& one) {
    return one.active(now) && (one.part == part || one.part == "all");
  });
}

StatusNow status_now(const Visit& visit, Instant now) {
  StatusNow out;
  out.now = now;
  const auto sizes = visit.snapshot.sizes();
  if (visit.connection == nullptr) {   // the store is away: the search goes on from memory, nothing new is taken
    out.parts = {{"search", true, static_cast<std::int64_t>(sizes.services), 0},
                 {"directory", false, visit.snapshot.sequence(), 0},
                 {"publishing", false, 0, 0}};
    return out;
  }
  store::Connection& connection = *visit.connection;
  const std::int64_t own = visit.objects.last_own_sequence();
  std::int64_t entries = 0;
  std::int64_t members = 0, in_order = 0;
  bool published = true;
  if (visit.look.own_log != nullptr) {
    const auto log = visit.look.own_log->published();
    published = log.has_value();
    if (log) entries = static_cast<std::int64_t>(log->size);
    for (const auto& one : network_log::network_status(connection, *visit.look.own_log, visit.today).members) {
      ++members;
      if (one.trouble == network::Trouble::none && one.suspended.empty()) ++in_order;
    }
  }
  // Entries begin at 1 with what is not a change, so the difference is a lower bound of what waits.
  const std::int64_t waiting = std::max<std::int64_t>(0, own - entries);
  out.parts = {{"search", true, static_cast<std::int64_t>(sizes.services), 0},
               {"online", true, visit.objects.count(directory::ObjectKind::online_service), 0},
               {"directory", true, visit.objects.last_sequence(), 0},
               {"publishing", published && waiting <= most_waiting, entries, waiting},
               {"network", in_order == members, in_order, members}};
  out.incidents = commons::IncidentStore(connection).list(now - std::chrono::days{days_shown});
  const commons::UptimeStore uptime(connection);
  for (const std::string_view part : {"search", "directory", "publishing", "network"}) {
    StatusNow::Days days{std::string(part), 0, 0, {}};
    for (const auto& day : uptime.days(part, now, days_shown)) {
      days.minutes += day.minutes;
      days.good += day.good;
      days.days.push_back({day.day, day.minutes, day.good});
    }
    out.uptime.push_back(std::move(days));
  }
  return out;
}

Page status_page(const Visit& visit, const StatusNow& status) {
  const Wording& say = visit.say;
  Page page;
  page.name = "status";
  page.passing = true;
  page.title = say("status.title");
  page.path = "/status";
  page.description = say("status.description", {{"name", visit.look.name}});
  std::vector<page::Data> parts, now, planned, past, uptime;
  bool good = true;
  for (const StatusNow::Part& part : status.parts) {
    const bool trouble = status.trouble(part.name);
    good = good && !trouble;
    parts.push_back(page::Data()
                        .set("part_name", say("status.part." + part.name))
                        .set("part_state", say(trouble ? "status.bad" : part.name == "online" ? "status.unreported" : "status.good"))
                        .set("part_alarm", trouble)
                        .set("part_text", part_words(visit, part))
                        .set("part_url", part.name == "network" && part.of > 0 ? visit.url("/netz") : std::string()));
  }
  for (const Incident& one : status.incidents) {
    auto& list = one.over(status.now) ? past : one.planned(status.now) ? planned : now;
    if (one.active(status.now) && !one.maintenance) good = false;
    list.push_back(incident_data(visit, one, status.now));
  }
  for (const StatusNow::Days& days : status.uptime) {
    if (days.minutes == 0) continue;
    const std::string share = percent(days.good, days.minutes, visit.language);
    uptime.push_back(page::Data()
                         .set("uptime_part", say("status.part." + days.part))
                         .set("uptime_share", share)
                         .set("uptime_bars", page::Markup{uptime_bars(days, say("status.bars", {{"share", share}}))}));
  }
  page.data.set("heading", page.title)
      .set("status_good", good)
      .set("status_lead", say(good ? "status.all_good" : "status.some_bad"))
      .set("status_time", say("status.as_of", {{"time", moment(status.now, say)}}))
      .set("parts", std::move(parts))
      .set("has_now", !now.empty())
      .set("now", std::move(now))
      .set("has_planned", !planned.empty())
      .set("planned", std::move(planned))
      .set("has_past", !past.empty())
      .set("past", std::move(past))
      .set("has_uptime", !uptime.empty())
      .set("uptime", std::move(uptime))
      .set("status_json", "/status.json")
      .set("status_feed", visit.look.base_url.empty() ? std::string() : visit.url("/status/stoerungen.atom"));
  add_crumbs(page.data, visit, {}, page.title);
  return page;
}

Json status_json(const Look& look, const StatusNow& status) {
  Json parts = Json(Json::Array{}), incidents = Json(Json::Array{}), uptime = Json(Json::Array{});
  for (const auto& part : status.parts) {
    Json item = Json::object({{"name", part.name}, {"good", !status.trouble(part.name)}, {"count", part.count}});
    if (part.name == "publishing") item.set("waiting", part.of);
    if (part.name == "network") item.set("members", part.of);
    parts.push(std::move(item));
  }
  for (const Incident& one : status.incidents) {
    Json item = Json::object({{"number", one.number}, {"part", one.part}, {"maintenance", one.maintenance},
                              {"active", one.active(status.now)}, {"begins", to_rfc3339(one.begins)}});
    if (one.ends) item.set("ends", to_rfc3339(*one.ends));
    Json titles = Json(Json::Object{});
    for (const auto& [language, text] : one.titles) titles.set(language, text);
    item.set("title", std::move(titles));
    incidents.push(std::move(item));
  }
  for (const auto& days : status.uptime) {
    uptime.push(Json::object({{"name", days.part}, {"days", static_cast<std::int64_t>(days.days.size())},
                              {"minutes", days.minutes}, {"good", days.good}}));
  }
  return Json::object({{"portal", look.name}, {"at", to_rfc3339(status.now)}, {"parts", std::move(parts)},
                       {"incidents", std::move(incidents)}, {"uptime", std::move(uptime)}});
}

void add_incident_banner(page::Data& data, const Visit& visit) {
  std::vector<page::Data> list;
  if (visit.look.incidents != nullptr) {
    for (const Incident& one : *visit.look.incidents->now()) {
      const Worded title = told(one.titles, visit.language);
      list.push_back(page::Data()
                         .set("banner_kind", visit.say(one.maintenance ? "status.maintenance" : "status.open"))
                         .set("banner_title", title.text)
                         .set("banner_lang", visit.mark(title.language))
                         .set("banner_url", visit.url("/status") + "#vorfall-" + std::to_string(one.number)));
    }
  }
  data.set("has_banner", !list.empty()).set("banner", std::move(list));
}

}  // namespace verbund::portal
