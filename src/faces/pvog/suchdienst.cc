// SPDX-License-Identifier: EUPL-1.2
#include "faces/pvog/suchdienst.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "base/text.h"
#include "directory/objects/object_store.h"
#include "faces/pvog/documents.h"
#include "faces/pvog/parameters.h"
#include "faces/pvog/token.h"
#include "kits/json/json.h"

namespace verbund::pvog {
namespace {

using directory::AreaKey;
using directory::ObjectId;
using directory::ObjectKind;
using directory::ObjectStore;
using directory::ServiceBrief;
using directory::Snapshot;

constexpr std::size_t most_locations = 100, online_page = 1000, most_areas_of_online = 50, most_search_size = 100;

http::Response document(const Json& json) {
  http::Response response = http::json(200, json.to_canonical());
  return response.header("Vary", "Accept-Language");
}

// No tabs, no bars: one value of the table.
std::string cell(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c == '|' || static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return out;
}

class Suchdienst {
 public:
  Suchdienst(directory::Finder& finder, store::Database& database) : finder_(finder), database_(database) {}

  // /v2/locations, /v3/locations, /v2/locations/suggestions
  http::Response locations(const http::Request& request) const {
    const auto query = read_query(request);
    if (!query) return query.error();
    const auto limit = parse_number(trim(request.query_value("limit")));
    const bool places_only = to_lower_ascii(request.query_value("filterBy")) == "ort";
    return places(*query, limit && *limit > 0 ? static_cast<std::size_t>(*limit) : most_locations, places_only);
  }
  // /v3/locations/ars: municipalities only.
  http::Response regional_keys(const http::Request& request) const {
    const auto query = read_query(request);
    if (!query) return query.error();
    return places(*query, most_locations, true);
  }

  // /v8beta1/servicedescriptions, /v7/servicedescriptions/{ars}
  http::Response search(const http::Request& request) const {
    const auto snapshot = finder_.snapshot();
    const auto in_path = request.parameters.find("ars");
    const auto area = in_path == request.parameters.end() ? read_area(request, *snapshot)
                                                          : read_area_text(in_path->second, *snapshot);
    if (!area) return area.error();
    const auto query = read_query(request);
    if (!query) return query.error();
    const auto paging = read_paging(request);
    if (!paging) return paging.error();
    if (const auto day = read_day(request); !day) return day.error();
    directory::SearchRequest wanted;
    wanted.query = *query;
    wanted.area = *area;
    wanted.limit = std::min(paging->size, most_search_size);
    wanted.offset = paging->page * paging->size;
    const auto answer = snapshot->search(wanted);
    Json::Array content;
    with(request, *snapshot, *area, [&](const Look& look) {
      for (const auto& hit : answer.hits) {
        Json each = service_document(look, snapshot->service_of(hit).brief(), false);
        if (!each.is_null()) content.push_back(std::move(each));
      }
    });
    if (answer.total == 0) return no_hit("Zu „" + *query + "“ gibt es hier keine Leistung.");
    return document(Json::object({{"serviceDescriptions", spring_page(std::move(content), *paging, answer.total)}}));
  }

  // /v3/servicedescriptions/leikaid
  http::Response by_key(const http::Request& request) const { return by_keys(request, false); }
  // /v2/servicedescriptions/leikahierarchy: with the texts, also of keys above the one asked for.
  http::Response by_key_hierarchy(const http::Request& request) const { return by_keys(request, true); }

  // /v6/servicedescriptions/{id}/detail; /v5/servicedescriptions/{id}/detail?q= where {id} is the regional key
  http::Response detail(const http::Request& request) const {
    const auto snapshot = finder_.snapshot();
    const std::string& segment = request.parameters.at("id");
    const std::string_view q = trim(request.query_value("q"));
    const bool older = is_digits(segment);
    const auto area = older ? read_area_text(segment, *snapshot) : read_area(request, *snapshot);
    if (!area) return area.error();
    if (const auto day = read_day(request); !day) return day.error();
    const auto id = directory::parse_external_id(ObjectKind::service, older ? q : std::string_view(segment));
    if (!id) return http::problem(400, "Ungültige Kennung", "Erwartet wird eine Kennung wie L100002.LB.121345242.");
    const auto brief = snapshot->service(*id);
    Json out;
    if (brief) with(request, *snapshot, *area, [&](const Look& look) { out = service_detail(look, *brief); });
    if (out.is_null()) return no_hit("Diese Leistung gibt es hier nicht.");
    return document(out);
  }

  // /v5/servicedescriptions/csv
  http::Response csv(const http::Request& request) const {
    const auto snapshot = finder_.snapshot();
    const auto area = read_area(request, *snapshot);
    if (!area) return area.error();
    const auto services = snapshot->services_at(*area);
    if (services.empty()) return no_hit("Für dieses Gebiet gibt es keine Leistung.");
    std::string out =
        "ID-LB|Leistungsbezeichnung|LeiKa-ID|ID-OE|Organisationseinheit|Rolle|ID-OD|Onlinedienst|Onlinedienst-URL\r\n";
    for (const ServiceBrief& service : services) {
      const auto here = snapshot->at_place(service.id, *area);
      const std::string head =
          external_id(ObjectKind::service, service.id) + "|" + cell(service.title) + "|" + service.service_key + "|";
      std::string rows;
      for (const auto& role : here.roles) {
        for (const auto& unit : role.units) {
          rows += head + external_id(ObjectKind::unit, unit.id) + "|" + cell(unit.name) + "|" + role.role + "|||\r\n";
        }
      }
      for (const auto& online : here.online) {
        rows += head + "|||" + external_id(ObjectKind::online_service, online.id) + "|" + cell(online.title) + "|" +
                cell(online.url) + "\r\n";
      }
      out += rows.empty() ? head + "|||||\r\n" : rows;
    }
    http::Response response = http::text(200, std::move(out));
    for (auto& [name, value] : response.headers) {
      if (name == "Content-Type") value = "text/csv; charset=utf-8";
    }
    return response;
  }

  // /v2/organisationunits/titles
  http::Response titles(const http::Request& request) const {
    const auto snapshot = finder_.snapshot();
    const auto area = read_area(request, *snapshot);
    if (!area) return area.error();
    const auto id = directory::parse_external_id(ObjectKind::service, trim(request.query_value("lbId")));
    if (!id) return http::problem(400, "Ungültige Kennung", "lbId ist keine Kennung wie L100002.LB.121345242.");
    Json::Array units = responsible_units(snapshot->at_place(*id, *area));
    if (units.empty()) return no_hit("Hier ist niemand zuständig.");
    return document(std::move(units));
  }

  // /v5/organisationunits/detail
  http::Response unit(const http::Request& request) const {
    const auto snapshot = finder_.snapshot();
    const auto area = read_area(request, *snapshot);
    if (!area) return area.error();
    if (const auto day = read_day(request); !day) return day.error();
    const auto id = directory::parse_external_id(ObjectKind::unit, trim(request.query_value("q")));
    if (!id) return http::problem(400, "Ungültige Kennung", "q ist keine Kennung wie L100002.OE.8664.");
    std::string role = "03";  // without a service a unit is somebody to talk to
    if (const std::string_view words = trim(request.query_value("lbId")); !words.empty()) {
      const auto service = directory::parse_external_id(ObjectKind::service, words);
      if (!service) return http::problem(400, "Ungültige Kennung", "lbId ist keine Kennung wie L100002.LB.121345242.");
      for (const auto& each : snapshot->at_place(*service, *area).roles) {
        for (const auto& brief : each.units) {
          if (brief.id == *id && role == "03") role = each.role;
        }
      }
    }
    Json out;
    with(request, *snapshot, *area, [&](const Look& look) {
      if (const auto unit = look.objects.get<directory::OrganisationalUnit>(*id)) out = unit_detail(look, *unit, role);
    });
    if (out.is_null()) return no_hit("Diese Stelle gibt es hier nicht.");
    return document(out);
  }

  // /v1beta2/onlineservices
  http::Response online_services(const http::Request& request) const {
    const auto snapshot = finder_.snapshot();
    const auto area = read_area(request, *snapshot);
    if (!area) return area.error();
    const auto keys = read_keys(request);
    if (!keys) return keys.error();
    std::string after;
    if (const std::string_view token = trim(request.query_value("nextPageToken")); !token.empty()) {
      auto read = read_token(token);
      if (!read) return http::problem(400, "Ungültige Anfrage", "nextPageToken ist keiner von hier");
      after = std::move(*read);
    }
    std::map<std::string, std::pair<ObjectId, std::vector<ServiceBrief>>> found;  // by external id
    for (const ServiceBrief& service : services_for(*snapshot, *area, *keys)) {
      for (const auto& online : snapshot->at_place(service.id, *area).online) {
        auto& [id, services] = found[external_id(ObjectKind::online_service, online.id)];
        id = online.id;
        services.push_back(service);
      }
    }
    if (found.empty()) return no_hit("Für dieses Gebiet gibt es keinen Onlinedienst.");
    Json::Array list;
    std::string last;
    auto at = found.upper_bound(after);
    with(request, *snapshot, *area, [&](const Look& look) {
      for (; at != found.end() && list.size() < online_page; ++at) {
        last = at->first;
        const auto online = look.objects.get<directory::OnlineService>(at->second.first);
        if (online) list.push_back(online_document(look, *online, at->second.second));
      }
    });
    return document(Json::object({{"totalHits", found.size()},
                                  {"nextPageToken", at == found.end() ? Json() : Json(make_token(last))},
                                  {"onlineServices", std::move(list)}}));
  }

  // /v2/onlineservices/detail
  http::Response online_service(const http::Request& request) const {
    const auto snapshot = finder_.snapshot();
    const auto id = directory::parse_external_id(ObjectKind::online_service, trim(request.query_value("q")));
    if (!id) return http::problem(400, "Ungültige Kennung", "q ist keine Kennung wie L100002.OD.146561120.");
    Json out;
    with(request, *snapshot, AreaKey(), [&](const Look& look) {
      if (const auto online = look.objects.get<directory::OnlineService>(*id)) out = online_detail(look, *online);
    });
    if (out.is_null()) return no_hit("Diesen Onlinedienst gibt es hier nicht.");
    return document(out);
  }

  // /v1beta2/onlineservices/{id}/organisations: who is responsible where the online service is offered.
  http::Response organisations(const http::Request& request) const {
    const auto snapshot = finder_.snapshot();
    const auto id = directory::parse_external_id(ObjectKind::online_service, request.parameters.at("id"));
    if (!id) return http::problem(400, "Ungültige Kennung", "Erwartet wird eine Kennung wie L100002.OD.146561120.");
    const auto wanted = read_area(request, *snapshot);
    if (!wanted) return wanted.error();
    const bool anywhere = trim(request.query_value("ars")).empty();
    Json::Array out;
    std::set<std::pair<ObjectId, std::string>> seen;
    for (const auto& offer : snapshot->offers_of_online(*id)) {
      std::vector<AreaKey> areas = anywhere ? offer.areas : std::vector<AreaKey>{*wanted};
      if (areas.size() > most_areas_of_online) areas.resize(most_areas_of_online);
      for (const AreaKey& area : areas) {
        const bool offered = std::any_of(offer.areas.begin(), offer.areas.end(),
                                         [&](const AreaKey& each) { return each.contains(area); });
        if (!offered) continue;
        for (const auto& role : snapshot->at_place(offer.service.id, area).roles) {
          for (const auto& unit : role.units) {
            if (!seen.emplace(unit.id, role.role).second) continue;
            out.push_back(Json::object({{"id", external_id(ObjectKind::unit, unit.id)},
                                        {"title", unit.name},
                                        {"ars", unit.area.padded()},
                                        {"lbId", external_id(ObjectKind::service, offer.service.id)},
                                        {"role", role_document(role.role)}}));
          }
        }
      }
    }
    if (out.empty()) return no_hit("Zu diesem Onlinedienst ist keine Stelle bekannt.");
    return document(std::move(out));
  }

 private:
  void with(const http::Request& request, const Snapshot& snapshot, const AreaKey& area,
            const std::function<void(const Look&)>& work) const {
    database_.read([&](store::Connection& connection) {
      const ObjectStore objects(connection);
      work(Look{snapshot, objects, area, language_of(request)});
    });
  }

  http::Response places(const std::string& query, std::size_t limit, bool municipalities) const {
    const auto snapshot = finder_.snapshot();
    Json::Array out;
    for (const auto& match : snapshot->find_places(query, most_locations)) {
      if (out.size() >= limit) break;
      const bool municipality = match.area.level == directory::AreaLevel::municipality;
      if (match.area.key == AreaKey() || (municipalities && !municipality)) continue;
      out.push_back(location_document(*snapshot, match.area, query));
    }
    if (out.empty()) return no_hit("Einen Ort „" + query + "“ gibt es nicht.");
    return document(std::move(out));
  }

  // Services with one of the keys at the place; without keys all of the place.
  static std::vector<ServiceBrief> services_for(const Snapshot& snapshot, const AreaKey& area,
                                                const std::vector<std::string>& keys) {
    std::vector<ServiceBrief> out = snapshot.services_at(area);
    if (keys.empty()) return out;
    std::erase_if(out, [&](const ServiceBrief& service) {
      return std::find(keys.begin(), keys.end(), service.service_key) == keys.end();
    });
    for (const std::string& key : keys) {  // the nearest also where nobody is known to do it
      const auto nearest = snapshot.service_by_key(key, area);
      const bool there = !nearest || std::any_of(out.begin(), out.end(),
                                                 [&](const auto& service) { return service.id == nearest->id; });
      if (!there) out.push_back(*nearest);
    }
    return out;
  }

  // Without the detail, without the act: what a key stands below. Source: LeiKa, 99 GGG KKK VVV DDD.
  static std::vector<std::string> with_above(const std::vector<std::string>& keys) {
    std::vector<std::string> out = keys;
    for (const std::string& key : keys) {
      for (const std::size_t zeros : {3u, 6u}) {
        std::string above = key.substr(0, 14 - zeros) + std::string(zeros, '0');
        if (std::find(out.begin(), out.end(), above) == out.end()) out.push_back(std::move(above));
      }
    }
    return out;
  }

  http::Response by_keys(const http::Request& request, bool hierarchy) const {
    const auto snapshot = finder_.snapshot();
    const auto area = read_area(request, *snapshot);
    if (!area) return area.error();
    const auto keys = read_keys(request);
    if (!keys) return keys.error();
    if (keys->empty()) return http::problem(400, "Ungültige Anfrage", "leikaIds fehlt");
    const auto paging = read_paging(request);
    if (!paging) return paging.error();
    if (const auto day = read_day(request); !day) return day.error();
    const auto services = services_for(*snapshot, *area, hierarchy ? with_above(*keys) : *keys);
    if (services.empty()) return no_hit("Zu diesen Schlüsseln gibt es hier keine Leistung.");
    Json::Array content;
    const std::size_t first = paging->page * paging->size;
    with(request, *snapshot, *area, [&](const Look& look) {
      for (std::size_t i = first; i < std::min(services.size(), first + paging->size); ++i) {
        Json each = service_document(look, services[i], hierarchy);
        if (!each.is_null()) content.push_back(std::move(each));
      }
    });
    return document(spring_page(std::move(content), *paging, services.size()));
  }

  directory::Finder& finder_;
  store::Database& database_;
};

}  // namespace

void add_routes(http::Router& router, const reading::PublicReading& reading, directory::Finder& finder,
                store::Database& database) {
  const auto service = std::make_shared<const Suchdienst>(finder, database);
  const auto add = [&](const std::string& pattern, http::Response (Suchdienst::*answer)(const http::Request&) const) {
    reading.add(router, "/suchdienst/api" + pattern,
                [service, answer](const http::Request& request) { return (service.get()->*answer)(request); });
  };
  for (const char* version : {"/v2", "/v3"}) add(version + std::string("/locations"), &Suchdienst::locations);
  add("/v2/locations/suggestions", &Suchdienst::locations);
  add("/v3/locations/ars", &Suchdienst::regional_keys);
  add("/v8beta1/servicedescriptions", &Suchdienst::search);
  add("/v7/servicedescriptions/{ars}", &Suchdienst::search);
  add("/v3/servicedescriptions/leikaid", &Suchdienst::by_key);
  add("/v2/servicedescriptions/leikahierarchy", &Suchdienst::by_key_hierarchy);
  for (const char* version : {"/v5", "/v6"})
    add(version + std::string("/servicedescriptions/{id}/detail"), &Suchdienst::detail);
  add("/v5/servicedescriptions/csv", &Suchdienst::csv);
  add("/v2/organisationunits/titles", &Suchdienst::titles);
  add("/v5/organisationunits/detail", &Suchdienst::unit);
  add("/v1beta2/onlineservices", &Suchdienst::online_services);
  add("/v1beta2/onlineservices/{id}/organisations", &Suchdienst::organisations);
  add("/v2/onlineservices/detail", &Suchdienst::online_service);
  std::string pattern = "/suchdienst";
  for (const char* segment : {"", "/{a}", "/{b}", "/{c}", "/{d}", "/{e}"}) {
    pattern += segment;
    reading.add(router, pattern, [](const http::Request&) {
      return http::problem(404, "Nicht gefunden",
                           "Diesen Pfad des Suchdienstes gibt es hier nicht; /schnittstellen zählt alle auf.");
    });
  }
}

}  // namespace verbund::pvog
