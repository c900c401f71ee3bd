// SPDX-License-Identifier: EUPL-1.2
#include "faces/open_data/open_data.h"

#include <memory>

#include "base/text.h"
#include "directory/objects/object_store.h"
#include "faces/open_data/cpsv.h"

namespace verbund::open_data {
namespace {

using directory::ObjectKind;
using directory::ObjectStore;

constexpr std::size_t services_per_page = 100;

std::optional<RdfForm> wanted_form(const http::Request& request) {
  const std::string_view format = request.query_value("format");
  if (format == "ttl") return RdfForm::turtle;
  if (format == "jsonld") return RdfForm::json_ld;
  if (!format.empty()) return std::nullopt;
  const std::string_view accept = request.header("accept");
  const std::size_t turtle = accept.find("text/turtle");
  return turtle != accept.npos && turtle < accept.find("application/ld+json") ? RdfForm::turtle : RdfForm::json_ld;
}

http::Response open(const http::Request& request, http::Response response) {
  response.header("Access-Control-Allow-Origin", "*")
      .header("Vary", "Accept")
      .header("Cache-Control", response.status == 200 ? "no-cache" : "no-store");
  // With a format in the address the answer depends on nothing else.
  response.reusable = response.status == 200 && !request.query_value("format").empty();
  return response;
}

http::Response document(RdfForm form, std::string bytes) {
  http::Response response;
  response.body = std::make_shared<const std::string>(std::move(bytes));
  response.header("Content-Type", form == RdfForm::turtle ? "text/turtle; charset=utf-8" : "application/ld+json");
  return response;
}

http::Response bad_format() {
  return http::problem(400, "Ungültige Anfrage", "format ist jsonld oder ttl");
}

}  // namespace

void add_routes(http::Router& router, directory::Finder& finder, store::Database& database, std::string base_url) {
  const std::string base = iri_base(base_url);
  router.add("GET", "/api/v1/cpsv", [&finder, &database, base](const http::Request& request) {
    const auto form = wanted_form(request);
    if (!form) return open(request, bad_format());
    const std::string_view wanted = request.query_value("seite");
    const auto page = wanted.empty() ? std::optional<std::int64_t>(1) : parse_number(wanted);
    if (!page || *page < 1 || *page > 1'000'000)
      return open(request, http::problem(400, "Ungültige Anfrage", "seite ist eine Zahl ab 1"));
    const auto snapshot = finder.snapshot();
    std::string bytes;
    std::size_t count = 0, all = 0;
    const std::size_t begin = static_cast<std::size_t>(*page - 1) * services_per_page;
    database.read([&](store::Connection& connection) {
      const ObjectStore objects(connection);
      all = static_cast<std::size_t>(objects.count(ObjectKind::service));
      count = write_cpsv(*snapshot, objects, base, *form, begin, services_per_page,
                         [&](std::string_view piece) { bytes += piece; });
    });
    if (count == 0 && *page > 1)
      return open(request, http::problem(404, "Nicht gefunden", "Eine solche Seite gibt es nicht."));
    http::Response response = document(*form, std::move(bytes));
    if (begin + count < all) {
      const std::string format = *form == RdfForm::turtle ? "ttl" : "jsonld";
      response.header("Link", "</api/v1/cpsv?format=" + format + "&seite=" + std::to_string(*page + 1) +
                                  ">; rel=\"next\"");
    }
    return open(request, std::move(response));
  });
  router.add("GET", "/api/v1/cpsv/{id}", [&finder, &database, base](const http::Request& request) {
    const auto form = wanted_form(request);
    if (!form) return open(request, bad_format());
    const auto id = directory::parse_external_id(ObjectKind::service, request.parameters.at("id"));
    std::vector<rdf::Node> nodes;
    if (id) {
      const auto snapshot = finder.snapshot();
      database.read([&](store::Connection& connection) {
        const ObjectStore objects(connection);
        if (const auto service = objects.get<directory::Service>(*id))
          nodes = cpsv_service(*service, *snapshot, objects, base);
      });
    }
    if (nodes.empty()) return open(request, http::problem(404, "Nicht gefunden", "Diese Leistung gibt es hier nicht."));
    return open(request, document(*form, cpsv_document(nodes, *form)));
  });
}

}  // namespace verbund::open_data
