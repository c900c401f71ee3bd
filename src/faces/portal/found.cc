// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/found.h"

#include <exception>

#include "base/text.h"
#include "faces/portal/changes_feed.h"
#include "faces/portal/security.h"
#include "faces/portal/sitemaps.h"
#include "faces/portal/visit.h"
#include "kits/json/json.h"
#include "kits/xml/xml.h"

namespace verbund::portal {
namespace {

constexpr std::size_t most_completions = 8;
constexpr std::size_t longest_short_name = 16;   // Source: OpenSearch 1.1 draft 6, ShortName

http::Response file(std::string media_type, std::string body) {
  http::Response response;
  response.body = std::make_shared<const std::string>(std::move(body));
  response.header("Content-Type", std::move(media_type)).header("Cache-Control", "public, max-age=300");
  response.reusable = true;   // depends on the address and the snapshot only
  return response;
}

http::Response nothing(std::string detail) { return http::problem(404, "Nicht gefunden", std::move(detail)); }

}  // namespace

struct Found::Asked {
  const http::Request& request;
  const directory::Snapshot& snapshot;
  store::Connection& connection;
  std::string language;
};

void Found::add_routes(http::Router& router) const {
  router.add("GET", "/robots.txt", [this](const http::Request&) { return secured(robots()); });
  router.add("GET", "/vorschlaege/opensearch", [this](const http::Request& request) { return secured(completions(request)); });
  add(router, "/sitemap.xml", &Found::index);
  add(router, "/sitemaps/{file}", &Found::part);
  add(router, std::string(feed_name), &Found::feed);
  add(router, "/{place}" + std::string(feed_name), &Found::feed);
  add(router, "/opensearch.xml", &Found::description);
  if (!look_.notice_key.empty()) {
    router.add("GET", "/" + look_.notice_key + ".txt",
               [this](const http::Request&) { return secured(http::text(200, look_.notice_key)); });
  }
}

void Found::add(http::Router& router, std::string pattern, http::Response (Found::*make)(const Asked&) const) const {
  router.add("GET", std::move(pattern), [this, make](const http::Request& request) {
    if (look_.base_url.empty()) return nothing("Diese Datei gibt es erst, wenn look.base_url eingestellt ist.");
    try {
      const auto snapshot = finder_.snapshot();
      http::Response response;
      database_.read([&](store::Connection& connection) {
        response = secured((this->*make)(
            {request, *snapshot, connection, std::string(known_language(request.query_value("lang")))}));
      });
      return response;
    } catch (const std::exception& failure) {
      log_.error("file failed", {{"path", request.path.substr(0, 200)}, {"reason", failure.what()}});
      return http::problem(503, "Gerade nicht möglich", "Bitte versuchen Sie es in einer Minute noch einmal.")
          .header("Retry-After", "60");
    }
  });
}

http::Response Found::robots() const {
  if (look_.demonstration) return http::text(200, "User-agent: *\nDisallow: /\n");
  std::string text = "User-agent: *\nDisallow: /suche\nDisallow: /vorschlaege\n";
  if (!look_.base_url.empty()) text += "\nSitemap: " + absolute(look_, "/sitemap.xml") + "\n";
  return http::text(200, std::move(text));
}

http::Response Found::index(const Asked& asked) const {
  return file("application/xml", sitemap_index(look_, asked.snapshot, asked.connection));
}

http::Response Found::part(const Asked& asked) const {
  auto made = sitemap_part(look_, asked.snapshot, asked.connection, asked.request.parameters.at("file"));
  if (!made) return nothing("Diesen Teil der Sitemap gibt es nicht.");
  http::Response response = file("application/xml", std::move(*made));
  response.reusable = false;   // who walks through all parts must not push the pages of people out of memory
  return response;
}

http::Response Found::feed(const Asked& asked) const {
  const auto place = asked.request.parameters.find("place");
  std::optional<directory::Area> area;
  if (place != asked.request.parameters.end()) {
    area = asked.snapshot.area_by_slug(place->second);
    if (!area) return nothing("Diesen Ort gibt es nicht.");
  }
  return file("application/atom+xml",
              changes_feed(look_, texts_.in(asked.language), asked.language, asked.snapshot,
                           directory::ObjectStore(asked.connection), area ? &*area : nullptr));
}

// Source: OpenSearch 1.1 draft 6; the suggestions extension 1.0.
http::Response Found::description(const Asked& asked) const {
  const Wording say = texts_.in(asked.language);
  std::string text;
  xml::Writer writer([&](std::string_view piece) { text += piece; });
  writer.open("OpenSearchDescription");
  writer.attribute("xmlns", "http://a9.com/-/spec/opensearch/1.1/");
  writer.leaf("ShortName", cut_utf8(look_.name, longest_short_name));
  writer.leaf("Description", say("start.description"));
  writer.leaf("InputEncoding", "UTF-8");
  writer.leaf("OutputEncoding", "UTF-8");
  writer.leaf("Language", asked.language);
  writer.open("Image");
  writer.attribute("width", "32");
  writer.attribute("height", "32");
  writer.attribute("type", "image/svg+xml");
  writer.text(absolute(look_, "/favicon.svg"));
  writer.close();
  const auto url = [&](std::string_view type, std::string_view relation, std::string address) {
    writer.open("Url");
    writer.attribute("type", type);
    if (!relation.empty()) writer.attribute("rel", relation);
    writer.attribute("template", address);
    writer.close();
  };
  const std::string language = asked.language == languages[0] ? "" : "&lang=" + asked.language;
  url("text/html", "", absolute(look_, "/suche?q={searchTerms}") + language);
  url("application/x-suggestions+json", "", absolute(look_, "/vorschlaege/opensearch?q={searchTerms}"));
  url("application/opensearchdescription+xml", "self", absolute(look_, "/opensearch.xml"));
  writer.close();
  writer.finish();
  return file("application/opensearchdescription+xml", std::move(text));
}

// ["typed", ["title", ...], ["summary", ...], ["address", ...]]
http::Response Found::completions(const http::Request& request) const {
  const std::string typed(trim(cut_utf8(trim(request.query_value("q")), 200)));
  const auto snapshot = finder_.snapshot();
  const auto place = look_.place.empty() ? std::nullopt : snapshot->place(look_.place);
  const directory::Area* at = place && !place->key.digits().empty() ? &*place : nullptr;
  Json titles = Json::array({}), summaries = Json::array({}), addresses = Json::array({});
  if (!typed.empty()) {
    const auto key = at == nullptr ? directory::AreaKey() : at->key;
    for (const auto& service : snapshot->suggest(typed, key, most_completions)) {
      titles.push(service.title);
      summaries.push(service.summary);
      addresses.push(absolute(look_, service_path(at, service.slug)));
    }
  }
  const Json all = Json::array({Json(typed), std::move(titles), std::move(summaries), std::move(addresses)});
  http::Response response;
  response.body = std::make_shared<const std::string>(all.to_canonical());
  response.header("Content-Type", "application/x-suggestions+json").header("Cache-Control", "no-cache");
  response.reusable = true;
  return response;
}

}  // namespace verbund::portal
