// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/calendar.h"

#include <algorithm>

#include "commons/incidents/uptime_store.h"
#include "directory/objects/object_store.h"
#include "faces/portal/service_view.h"
#include "faces/portal/unit_view.h"
#include "faces/portal/view.h"
#include "kits/ical/ical.h"

namespace verbund::portal {
namespace {

using directory::ObjectKind;
using directory::OpeningHours;
using directory::OrganisationalUnit;

constexpr int days_ahead = 14;
constexpr std::string_view ending = ".ics";

bool for_visits(const OpeningHours& span) {
  return span.weekday >= 1 && span.weekday <= 7 && span.opens.size() == 5 && span.closes.size() == 5 &&
         span.kind != "phone" && span.opens < span.closes;
}

// "2026-06-09" and "07:30" -> "20260609T073000"
std::string wall_time(std::string_view day, std::string_view time) {
  std::string out(day);
  out += 'T';
  out += time;
  out += "00";
  std::erase_if(out, [](char c) { return c == '-' || c == ':'; });
  return out;
}

// What to bring, as a list of lines; "" if nothing is said.
std::string documents_of(const Visit& visit, const directory::Service& service) {
  page::Data data;
  ServiceView(visit, service).add_documents(data);
  std::string out;
  for (const page::Data& one : data.names().find("documents")->second.list()) {
    out += "\n- " + one.names().find("document_title")->second.text();
  }
  return out;
}

}  // namespace

std::optional<Opening> next_opening(const std::vector<OpeningHours>& hours, Instant now) {
  const std::string today = commons::berlin_day(now);
  const BerlinTime time = to_berlin(now);
  const std::string clock = (time.hour < 10 ? "0" : "") + std::to_string(time.hour) + ":" + (time.minute < 10 ? "0" : "") +
                            std::to_string(time.minute);
  std::optional<Opening> appointment;
  for (int ahead = 0; ahead < days_ahead; ++ahead) {
    const int weekday = (time.weekday - 1 + ahead) % 7 + 1;
    const std::string day = commons::day_plus(today, ahead);
    const OpeningHours* first = nullptr;
    const OpeningHours* first_appointment = nullptr;
    for (const OpeningHours& span : hours) {
      if (!for_visits(span) || span.weekday != weekday || (ahead == 0 && span.opens <= clock)) continue;
      const OpeningHours*& best = span.kind == "appointment" ? first_appointment : first;
      if (best == nullptr || span.opens < best->opens) best = &span;
    }
    if (first != nullptr) return Opening{wall_time(day, first->opens), wall_time(day, first->closes), false};
    if (first_appointment != nullptr && !appointment) {
      appointment = Opening{wall_time(day, first_appointment->opens), wall_time(day, first_appointment->closes), true};
    }
  }
  return appointment;
}

std::string calendar_url(const Visit& visit, const OrganisationalUnit& unit, const Query& service) {
  const std::string slug = visit.objects.slug(ObjectKind::unit, unit.id);
  if (slug.empty() || std::none_of(unit.hours.begin(), unit.hours.end(), for_visits)) return {};
  return visit.url("/kalender/" + http::percent_encode(slug) + std::string(ending), service);
}

std::optional<http::Response> calendar_file(const Visit& visit, Instant now) {
  std::string_view slug = visit.parameter("file");
  if (!slug.ends_with(ending)) return std::nullopt;
  slug.remove_suffix(ending.size());
  const auto addressed = visit.objects.by_slug(ObjectKind::unit, slug);
  const auto unit = addressed ? visit.objects.get<OrganisationalUnit>(addressed->id) : std::nullopt;
  const auto opening = unit ? next_opening(unit->hours, now) : std::nullopt;
  if (!opening) return std::nullopt;

  const std::string name = worded(unit->name, "de").text;
  const std::string_view wanted = visit.request.query_value("dienst");
  const auto known = wanted.empty() ? std::nullopt : visit.objects.by_slug(ObjectKind::service, wanted);
  const auto service = known ? visit.objects.get<directory::Service>(known->id) : std::nullopt;
  const auto place = service ? visit.snapshot.area_by_slug(visit.request.query_value("ort")) : std::nullopt;
  std::string path = authority_path(slug);
  ical::Event event;
  event.summary = name;
  if (service) {
    const std::string title = worded_title(*service, visit.language).text;
    event.summary = title + " – " + name;
    path = service_path(place ? &*place : nullptr, wanted);
    if (const std::string documents = documents_of(visit, *service); !documents.empty()) {
      event.description = visit.say("service.documents") + ":" + documents + "\n\n";
    }
  }
  event.description += visit.say(opening->with_appointment ? "calendar.appointment" : "calendar.open") + " " +
                       visit.say("calendar.holidays");
  if (!visit.look.base_url.empty()) {
    event.url = absolute(visit.look, path, visit.language);
    event.description += "\n" + event.url;
  }
  if (const directory::Address* address = directory::visiting_address(*unit); address != nullptr) {
    event.location = address_lines(*address, visit.say);
    std::replace(event.location.begin(), event.location.end(), '\n', ',');
    for (std::size_t at = 0; (at = event.location.find(',', at)) != std::string::npos; at += 2) event.location.insert(at + 1, " ");
    if (address->latitude && address->longitude) event.position = std::pair{*address->latitude, *address->longitude};
  }
  event.begins = opening->begins;
  event.ends = opening->ends;
  event.stamp = now;
  event.language = visit.language == "de-simple" ? "de" : visit.language;
  // The same visit is the same entry, however often it is fetched.
  event.uid = std::string(slug) + "-" + std::string(service ? wanted : std::string_view()) + "-" + opening->begins + "@" +
              (visit.look.base_url.empty() ? std::string("verbund.invalid") : host_of(visit.look.base_url));
  http::Response response;
  response.body = std::make_shared<const std::string>(ical::calendar(event));
  response.header("Content-Type", "text/calendar; charset=utf-8")
      .header("Content-Disposition", "attachment; filename=\"termin-" + opening->begins.substr(0, 8) + ".ics\"")
      .header("Cache-Control", "no-cache");
  return response;
}

}  // namespace verbund::portal
