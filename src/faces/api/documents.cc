// SPDX-License-Identifier: EUPL-1.2
#include "faces/api/documents.h"

#include <algorithm>

#include "faces/api/api.h"

namespace verbund::api {

using directory::AreaKey;
using directory::external_id;
using directory::ObjectKind;
using directory::Snapshot;

namespace {

template <typename Text>
Json texts(const std::vector<Text>& list) {
  Json::Array out;
  for (const Text& text : list) out.emplace_back(text);
  return out;
}

}  // namespace

std::string service_url(const Snapshot& snapshot, const AreaKey& area, std::string_view slug) {
  std::string first = "dienst";
  if (area != AreaKey()) {
    if (auto place = snapshot.area(area); place && !place->slug.empty()) first = place->slug;
  }
  return "/" + http::percent_encode(first) + "/" + http::percent_encode(slug);
}

Json area_document(const directory::Area& area, const Snapshot& snapshot) {
  return Json::object({{"key", area.key.padded()},
                       {"name", area.name},
                       {"label", snapshot.label(area.key)},
                       {"level", directory::name(area.level)},
                       {"population", area.population},
                       {"postal_codes", texts(snapshot.postal_codes(area.key))},
                       {"slug", area.slug},
                       {"url", "/" + http::percent_encode(area.slug)}});
}

Json place_document(const AreaKey& area, const Snapshot& snapshot) {
  if (area == AreaKey()) return nullptr;
  const auto known = snapshot.area(area);
  return Json::object({{"key", area.padded()}, {"label", snapshot.label(area)}, {"slug", known ? known->slug : ""}});
}

template <typename Authority>
Json authority_document(const Authority& authority, const Snapshot& snapshot) {
  return Json::object({{"id", external_id(ObjectKind::unit, authority.id)},
                       {"name", authority.name},
                       {"area", authority.area.padded()},
                       {"area_label", authority.area == AreaKey() ? "Deutschland" : snapshot.label(authority.area)},
                       {"role", authority.role}});
}

template <typename Online>
Json online_document(const std::vector<Online>& online) {
  Json::Array out;
  for (const auto& service : online) {
    out.push_back(Json::object({{"id", external_id(ObjectKind::online_service, service.id)},
                                {"title", service.title},
                                {"url", service.url},
                                {"purpose", service.purpose},
                                {"area", service.area.padded()}}));
  }
  return out;
}

template <typename Service>
Json service_document(const Service& service, const AreaKey& area, const Snapshot& snapshot) {
  return Json::object({{"id", external_id(ObjectKind::service, service.id)},
                       {"agency", service.id.agency},
                       {"local_id", service.id.local},
                       {"service_key", service.service_key},
                       {"title", service.title},
                       {"summary", service.summary},
                       {"url", service_url(snapshot, area, service.slug)}});
}

template Json authority_document(const directory::AuthorityBrief&, const Snapshot&);
template Json online_document(const std::vector<directory::OnlineBrief>&);
template Json service_document(const directory::ServiceBrief&, const AreaKey&, const Snapshot&);

Json responsible_document(const directory::ServiceAtPlace& at_place, const Snapshot& snapshot) {
  Json::Array roles;
  for (const auto& role : at_place.roles) {
    Json::Array units;
    for (const auto& unit : role.units) units.push_back(authority_document(unit, snapshot));
    roles.push_back(Json::object({{"role", role.role}, {"area", role.area.padded()}, {"units", std::move(units)}}));
  }
  return roles;
}

Json ids_document(ObjectKind kind, const std::vector<directory::ObjectId>& ids) {
  Json::Array out;
  for (const auto& id : ids) out.emplace_back(external_id(kind, id));
  return out;
}

bool tells_words(const directory::SearchAnswer& answer) {
  using How = directory::UnderstoodWord::How;
  return std::any_of(answer.words.begin(), answer.words.end(),
                     [](const auto& word) { return word.how == How::unknown || word.how == How::piece; });
}

std::string_view name_of(directory::UnderstoodWord::How how) {
  using How = directory::UnderstoodWord::How;
  switch (how) {
    case How::known: return "known";
    case How::joined: return "joined";
    case How::compound: return "compound";
    case How::completed: return "completed";
    case How::corrected: return "corrected";
    case How::piece: return "piece";
    case How::unknown: break;
  }
  return "unknown";
}

namespace {

Json::Array hit_documents(const std::vector<directory::Hit>& hits, const directory::PlaceAreas& place,
                          const AreaKey& area, const Snapshot& snapshot) {
  Json::Array out;
  std::vector<directory::OnlineView> online;
  for (const auto& hit : hits) {
    Json each = service_document(snapshot.service_of(hit), area, snapshot);
    const auto authority = snapshot.authority_of(hit, place);
    snapshot.online_of(hit, place, online);
    each.set("score", hit.score);
    each.set("authority", authority ? authority_document(*authority, snapshot) : Json());
    each.set("online", online_document(online));
    each.set("offered_here", hit.offered_here);
    out.push_back(std::move(each));
  }
  return out;
}

}  // namespace

Json hits_document(const directory::SearchRequest& request, const directory::SearchAnswer& answer,
                   const Snapshot& snapshot) {
  Json out = Json::object({{"query", request.query},
                           {"corrected", answer.corrected},
                           {"area", place_document(request.area, snapshot)},
                           {"total", answer.total},
                           {"limit", request.limit},
                           {"offset", request.offset},
                           {"hits", hit_documents(answer.hits, answer.place, request.area, snapshot)}});
  if (!tells_words(answer)) return out;
  Json::Array words;
  for (const auto& word : answer.words) {
    words.push_back(Json::object({{"typed", word.typed}, {"how", name_of(word.how)}, {"as", word.as},
                                  {"near", texts(word.near)}}));
  }
  out.set("words", std::move(words));
  if (answer.total == 0) out.set("nearest", hit_documents(answer.nearest, answer.place, request.area, snapshot));
  return out;
}

Json responsibilities_document(const directory::ServiceBrief& service, const AreaKey& area,
                               const directory::ServiceAtPlace& at_place, const Snapshot& snapshot) {
  return Json::object({{"service", service_document(service, area, snapshot)},
                       {"area", place_document(area, snapshot)},
                       {"responsible", responsible_document(at_place, snapshot)},
                       {"online", online_document(at_place.online)},
                       {"specialisations", ids_document(ObjectKind::specialisation, at_place.specialisations)}});
}

}  // namespace verbund::api
