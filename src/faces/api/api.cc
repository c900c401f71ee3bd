// SPDX-License-Identifier: EUPL-1.2
#include "faces/api/api.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "directory/objects/service_here.h"
#include "faces/api/documents.h"
#include "faces/api/hits_writer.h"
#include "faces/api/parameters.h"
#include "kits/embed/embed.h"

namespace verbund::embedded {
std::span<const embed::File> api_files();
}

namespace verbund::api {
namespace {

using directory::AreaKey;
using directory::ObjectKind;
using directory::ObjectStore;
using directory::Snapshot;

constexpr std::size_t kMostAreas = 1000;  // that a query for areas looks at

http::Response document(const Json& json) { return http::json(200, json.to_canonical()); }

class Routes {
 public:
  Routes(directory::Finder& finder, store::Database& database) : finder_(finder), database_(database) {}

  http::Response areas(const http::Request& request) const {
    const auto paging = read_paging(request);
    if (!paging) return paging.error();
    const std::string_view query = trim(request.query_value("q"));
    if (query.empty())
      return http::problem(400, "Ungültige Anfrage", "q fehlt: ein Name, eine Postleitzahl oder ein Schlüssel");
    const auto snapshot = finder_.snapshot();
    const auto matches = snapshot->find_places(cut_utf8(query, 200), kMostAreas);
    Json::Array list;
    for (std::size_t i = paging->offset; i < std::min(matches.size(), paging->offset + paging->limit); ++i) {
      Json area = area_document(matches[i].area, *snapshot);
      area.set("exact", matches[i].exact);
      list.push_back(std::move(area));
    }
    return document(Json::object({{"query", query}, {"total", matches.size()}, {"limit", paging->limit},
                                  {"offset", paging->offset}, {"areas", std::move(list)}}));
  }

  http::Response services(const http::Request& request) const {
    const auto paging = read_paging(request);
    if (!paging) return paging.error();
    const auto snapshot = finder_.snapshot();
    const auto area = read_area(request, *snapshot);
    if (!area) return area.error();
    directory::SearchRequest search;
    search.query = cut_utf8(trim(request.query_value("q")), 200);
    search.area = *area;
    search.limit = paging->limit;
    search.offset = paging->offset;
    thread_local directory::SearchAnswer answer;   // keeps its memory
    if (search.query.empty()) snapshot->list(search, answer);
    else snapshot->search(search, answer);
    return http::json(200, write_hits(search, answer, *snapshot));
  }

  http::Response service(const http::Request& request) const {
    const auto snapshot = finder_.snapshot();
    const auto area = read_area(request, *snapshot);
    if (!area) return area.error();
    const auto brief = read_service(request.parameters.at("id"), *area, *snapshot);
    if (!brief) return brief.error();
    const auto at_place = snapshot->at_place(brief->id, *area);
    Json out = service_document(*brief, *area, *snapshot);
    out.set("area", place_document(*area, *snapshot));
    out.set("responsible", responsible_document(at_place, *snapshot));
    out.set("online", online_document(at_place.online));
    out.set("specialisations", ids_document(ObjectKind::specialisation, at_place.specialisations));
    bool found = false;
    database_.read([&](store::Connection& connection) {
      const ObjectStore objects(connection);
      const auto service = directory::service_here(objects, brief->id, at_place.specialisations);
      if (!service) return;
      found = true;
      out.set("service", directory::to_json(*service));
      out.set("changed_at", changed_at(objects, ObjectKind::service, brief->id));
    });
    // Withdrawn since the index was built.
    if (!found) return http::problem(404, "Leistung nicht gefunden", "Diese Leistung wurde gerade zurückgezogen.");
    return document(out);
  }

  http::Response responsibilities(const http::Request& request) const {
    const auto snapshot = finder_.snapshot();
    const auto area = read_area(request, *snapshot);
    if (!area) return area.error();
    const std::string_view words = trim(request.query_value("service"));
    if (words.empty())
      return http::problem(400, "Ungültige Anfrage", "service fehlt: eine Kennung oder ein Leistungsschlüssel");
    const auto brief = read_service(words, *area, *snapshot);
    if (!brief) return brief.error();
    return document(responsibilities_document(*brief, *area, snapshot->at_place(brief->id, *area), *snapshot));
  }

  http::Response unit(const http::Request& request) const {
    const std::string& words = request.parameters.at("id");
    const auto id = directory::parse_external_id(ObjectKind::unit, words);
    const std::string shown(cut_utf8(words, 200));
    if (!id) return http::problem(400, "Ungültige Kennung", "„" + shown + "“ ist keine Kennung wie L100002.OE.8664");
    const auto snapshot = finder_.snapshot();
    Json out;
    database_.read([&](store::Connection& connection) {
      const ObjectStore objects(connection);
      const auto unit = objects.get<directory::OrganisationalUnit>(*id);
      if (!unit) return;
      const std::string slug = objects.slug(ObjectKind::unit, *id);
      out = Json::object({{"id", directory::external_id(ObjectKind::unit, *id)},
                          {"agency", id->agency},
                          {"local_id", id->local},
                          {"name", directory::pick(unit->name, "de")},
                          {"url", "/behoerden/" + http::percent_encode(slug)},
                          {"changed_at", changed_at(objects, ObjectKind::unit, *id)},
                          {"unit", directory::to_json(*unit)}});
    });
    if (out.is_null())
      return http::problem(404, "Stelle nicht gefunden", "Eine Stelle „" + shown + "“ gibt es hier nicht.");
    Json::Array offered;
    for (const auto& service : snapshot->services_of_unit(*id))
      offered.push_back(service_document(service, AreaKey(), *snapshot));
    out.set("services", std::move(offered));
    return document(out);
  }

 private:
  static Json changed_at(const ObjectStore& objects, ObjectKind kind, const directory::ObjectId& id) {
    const auto at = objects.changed_at(kind, id);
    return at ? Json(to_rfc3339(*at)) : Json();
  }

  directory::Finder& finder_;
  store::Database& database_;
};

// No answer here depends on who asks.
http::Response shared(http::Response response) {
  response.reusable = response.status == 200;
  return response;
}

}  // namespace

void add_routes(http::Router& router, const reading::PublicReading& reading, directory::Finder& finder,
                store::Database& database) {
  const auto routes = std::make_shared<const Routes>(finder, database);
  // `needed`: with this parameter the answer comes from the snapshot alone and is quick; without, it is a list of
  // everything, which is long. "": never quick.
  const auto add = [&](const char* pattern, http::Response (Routes::*answer)(const http::Request&) const,
                       const char* needed = "") {
    reading::PublicReading::Test quick;
    if (*needed != '\0') {
      quick = [needed](const http::Request& request) { return !trim(request.query_value(needed)).empty(); };
    }
    reading.add(router, pattern,
                [routes, answer](const http::Request& request) { return shared((routes.get()->*answer)(request)); },
                std::move(quick));
  };
  add("/api/v1/areas", &Routes::areas, "q");
  add("/api/v1/services", &Routes::services, "q");
  add("/api/v1/services/{id}", &Routes::service);
  add("/api/v1/responsibilities", &Routes::responsibilities, "service");
  add("/api/v1/units/{id}", &Routes::unit);

  const std::string_view description = embed::find(embedded::api_files(), "openapi.json");
  VERBUND_CHECK(description.data() != nullptr);
  reading.add(router, "/api/v1/openapi.json",
              [description](const http::Request&) { return shared(http::json(200, std::string(description))); });
  // A program that asks for what is not there gets a problem, not a page.
  const auto nothing = [](const http::Request& request) {
    return http::problem(404, "Nicht gefunden", request.path + " gibt es nicht; /api/v1/openapi.json beschreibt alles.");
  };
  for (const char* pattern : {"/api", "/api/{a}", "/api/{a}/{b}", "/api/{a}/{b}/{c}", "/api/{a}/{b}/{c}/{d}"})
    reading.add(router, pattern, nothing);
}

}  // namespace verbund::api
