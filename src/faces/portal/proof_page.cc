// SPDX-License-Identifier: EUPL-1.2
// Where the texts of a service page come from: who said each of them when, at which place of its log, and the proof.
#include <cstdio>

#include "directory/finder/answer_objects.h"
#include "directory/objects/origin_store.h"
#include "faces/portal/pages.h"
#include "faces/portal/proofs.h"
#include "faces/portal/view.h"

namespace verbund::portal {
namespace {

using directory::Area;
using directory::ObjectId;
using directory::ObjectKind;

constexpr std::size_t most_listed = 20;
constexpr std::string_view everywhere = "deutschland";

struct Asked {
  ObjectId service;
  std::string slug;
  std::optional<Area> place;       // nothing: Germany
};

// The service and place of the address, if both are known by exactly these words.
std::optional<Asked> asked(const Visit& visit) {
  const std::string_view slug = visit.parameter("service");
  const auto addressed = visit.objects.by_slug(ObjectKind::service, slug);
  if (!addressed || !addressed->current || !visit.snapshot.service(addressed->id)) return std::nullopt;
  Asked out{addressed->id, std::string(slug), std::nullopt};
  if (visit.parameter("place") == everywhere) return out;
  out.place = visit.snapshot.area_by_slug(visit.parameter("place"));
  if (!out.place) return std::nullopt;
  return out;
}

directory::AreaKey key_of(const Asked& one) { return one.place ? one.place->key : directory::AreaKey(); }

std::string name_of(const Visit& visit, ObjectKind kind, const ObjectId& id) {
  if (kind == ObjectKind::unit) {
    const auto unit = visit.objects.get<directory::OrganisationalUnit>(id);
    if (unit) return worded(unit->name, "de").text;
  }
  if (kind == ObjectKind::online_service) {
    const auto online = visit.objects.get<directory::OnlineService>(id);
    if (online) return worded(online->title, "de").text;
  }
  return {};
}

std::string moment(Instant at, const Wording& say) {
  const BerlinTime time = to_berlin(at);
  char day[32], clock[16];
  std::snprintf(day, sizeof day, "%04d-%02d-%02d", time.year, time.month, time.day);
  std::snprintf(clock, sizeof clock, "%02d:%02d", time.hour, time.minute);
  return say("proof.moment", {{"date", date(day, say)}, {"time", clock}});
}

std::string origin_of(const Visit& visit, ObjectKind kind, const ObjectId& id) {
  return visit.connection == nullptr ? std::string() : directory::origin_of(*visit.connection, kind, id);
}

// Service, specialisations, units and online services: what a person reads.
std::vector<Proofs::Shown> shown_objects(const Visit& visit, const Asked& one) {
  std::vector<Proofs::Shown> out;
  const auto add = [&](ObjectKind kind, const ObjectId& id) {
    auto body = visit.objects.body(kind, id);
    if (body && out.size() < most_listed) out.push_back({kind, id, std::move(*body), origin_of(visit, kind, id)});
  };
  const auto here = visit.snapshot.at_place(one.service, key_of(one));
  add(ObjectKind::service, one.service);
  for (const ObjectId& id : here.specialisations) add(ObjectKind::specialisation, id);
  for (const auto& role : here.roles) {
    for (const auto& unit : role.units) add(ObjectKind::unit, unit.id);
  }
  for (const auto& online : here.online) add(ObjectKind::online_service, online.id);
  return out;
}

}  // namespace

std::string proof_path(const Area* place, std::string_view slug) {
  return "/nachweis" + (place == nullptr ? "/" + std::string(everywhere) : place_path(*place)) + "/" +
         http::percent_encode(slug);
}

Page proof_page(const Visit& visit) {
  const auto one = asked(visit);
  if (!one || visit.proofs == nullptr) return not_found_page(visit, nullptr, visit.parameter("service"));
  const Area* place = one->place ? &*one->place : nullptr;
  const auto service = visit.objects.get<directory::Service>(one->service);
  const Worded title = service ? worded_title(*service, visit.language) : Worded{};

  Page page;
  page.name = "proof";
  page.path = proof_path(place, one->slug);
  page.passing = true;   // the log goes on while the page stays the same
  page.noindex = true;
  page.title = visit.say("proof.page_title", {{"service", title.text}});
  page.description = visit.say("proof.description");
  const auto number = [&](std::uint64_t value) { return grouped(static_cast<std::int64_t>(value), visit.language); };
  std::vector<page::Data> items;
  for (const Proofs::Shown& object : shown_objects(visit, *one)) {
    page::Data item;
    const auto standing = visit.proofs->standing(object);
    std::string name = name_of(visit, object.kind, object.id);
    if (name.empty()) name = title.text;
    item.set("proof_kind", visit.say("proof.kind." + std::string(directory::name(object.kind))))
        .set("proof_name", name)
        .set("proof_publisher", standing ? standing->publisher : std::string())
        .set("proof_time", standing ? moment(standing->at, visit.say) : std::string())
        .set("proof_position",
             standing ? visit.say("proof.position",
                                  {{"position", number(standing->position + 1)}, {"size", number(standing->size)}})
                      : std::string())
        .set("proof_pending", !standing);
    items.push_back(std::move(item));
  }
  const std::string back = visit.url(service_path(place, one->slug));
  page.data.set("proof_title", visit.say("proof.title"))
      .set("proof_lead", visit.say("proof.lead", {{"service", title.text}}))
      .set("proof_items", std::move(items))
      .set("proof_file_url", page.path + "/beweis.txt")
      .set("proof_key_text", visit.say(visit.proofs->by_operator() ? "proof.key_operator" : "proof.key_own"))
      .set("proof_back_url", back);
  std::vector<Crumb> crumbs;
  if (place != nullptr) crumbs.push_back({place->short_name, visit.url(place_path(*place)), ""});
  crumbs.push_back({title.text, back, visit.mark(title.language)});
  add_crumbs(page.data, visit, crumbs, visit.say("proof.title"));
  return page;
}

http::Response proof_file(const Visit& visit) {
  const auto one = asked(visit);
  if (!one) return http::problem(404, "Nicht gefunden", "Diesen Beweis gibt es nicht.");
  if (visit.connection == nullptr || visit.proofs == nullptr) {
    return http::problem(503, "Zurzeit nicht möglich", "Der Datenspeicher ist gerade gestört.")
        .header("Retry-After", "30").header("Cache-Control", "no-store");
  }
  const auto names = directory::objects_of_answer(visit.snapshot, *visit.connection, visit.proofs->sayings(),
                                                  one->service, key_of(*one));
  std::vector<Proofs::Shown> objects;
  for (const auto& [kind, id] : names.value_or(std::vector<directory::ObjectName>())) {
    objects.push_back({kind, id, visit.objects.body(kind, id).value_or(""), origin_of(visit, kind, id)});
  }
  auto text = names ? visit.proofs->bundle(objects) : std::unexpected(names.error());
  if (!text) {
    http::Response out = http::problem(503, "Zurzeit nicht möglich",
                                       "Das Log enthält den neuesten Stand noch nicht. Bitte in einigen Sekunden noch "
                                       "einmal versuchen.");
    out.header("Retry-After", "2").header("Cache-Control", "no-store");
    return out;
  }
  http::Response out;
  out.header("Content-Type", "text/plain; charset=utf-8")
      .header("Content-Disposition", "attachment; filename=\"" + one->slug + ".beweis.txt\"")
      .header("Cache-Control", "no-cache");
  out.body = std::make_shared<const std::string>(std::move(*text));
  return out;
}

}  // namespace verbund::portal
