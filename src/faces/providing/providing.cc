// SPDX-License-Identifier: EUPL-1.2
#include "faces/providing/providing.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "directory/formats/stock.h"
#include "kits/json/json.h"

namespace verbund::providing {
namespace {

using directory::StockAreas;
using directory::StockCursor;
using directory::StockForm;

constexpr std::int64_t usual_size = 250, most_size = 1000;
constexpr const char* path = "/bereitstellung/v1/objekte";

http::Response refuse(const std::string& detail) { return http::problem(400, "Ungültige Anfrage", detail); }

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-.:[]").find(c) != std::string_view::npos;
  });
}

class Providing {
 public:
  Providing(store::Database& database, std::string base_url) : database_(database), base_url_(std::move(base_url)) {
    while (base_url_.ends_with('/')) base_url_.pop_back();
  }

  http::Response objects(const http::Request& request) const {
    auto cursor = StockCursor::parse(trim(request.query_value("ab")));
    if (!cursor) return refuse(cursor.error().message + "; " + cursor.error().hint);
    const std::string_view format = trim(request.query_value("format"));
    if (!format.empty() && format != "xzufi" && format != "json") return refuse("format ist xzufi oder json");
    const std::string_view size = trim(request.query_value("anzahl"));
    const auto most = size.empty() ? std::optional(usual_size) : parse_number(size);
    if (!most || *most < 1 || *most > most_size) return refuse("anzahl ist keine Zahl von 1 bis 1000");
    const auto areas = StockAreas::parse(request.query_value("ars"));
    if (!areas) return refuse(areas.error().message + "; " + areas.error().hint);
    const bool json = format == "json";

    Result<directory::StockPage> page;
    database_.read([&](store::Connection& connection) {
      page = directory::stock_page(connection, *cursor, static_cast<std::size_t>(*most),
                                   json ? StockForm::json : StockForm::xzufi, *areas);
    });
    if (!page) return refuse(page.error().message + "; " + page.error().hint);
    const std::string next = page->next.to_text();
    std::string address = origin(request) + path + "?ab=" + next;
    if (json) address += "&format=json";
    if (!size.empty()) address += "&anzahl=" + std::string(size);
    if (!areas->all()) address += "&ars=" + http::percent_encode(trim(request.query_value("ars")));
    Json out = Json::object({{"naechsterIndex", page->next.since},
                             {"naechsteStelle", next},
                             {"naechsteAnfrageUrl", address},
                             {"vollstaendig", page->complete},
                             {"anzahl", page->objects}});
    if (json) {
      Json content = parse_json(page->content, "page").value_or(Json());
      out.set("objekte", content["objects"]);
      out.set("geloescht", content["withdrawn"]);
    } else {
      out.set("xzufiObjekte", std::move(page->content));
    }
    http::Response response = http::json(200, out.to_canonical());
    return response.header("Link", "<" + address + ">; rel=\"next\"");
  }

  http::Response index(const http::Request&) {
    std::string names;
    database_.read([&](store::Connection& connection) { names = files_.index(connection); });
    return http::text(200, std::move(names));
  }

  http::Response file(const http::Request& request) {
    Result<std::string> bytes;
    database_.read(
        [&](store::Connection& connection) { bytes = files_.file(connection, request.parameters.at("name")); });
    if (!bytes) return http::problem(404, "Nicht gefunden", bytes.error().message + "; " + bytes.error().hint);
    http::Response response = http::text(200, std::move(*bytes));
    for (auto& [name, value] : response.headers) {
      if (name == "Content-Type") value = "application/xml";
    }
    return response;
  }

 private:
  std::string origin(const http::Request& request) const {
    if (!base_url_.empty()) return base_url_;
    const std::string_view host = request.header("host");
    return is_host(host) ? "http://" + std::string(host) : std::string();
  }

  store::Database& database_;
  std::string base_url_;
  directory::StockFiles files_;
};

}  // namespace

void add_routes(http::Router& router, const reading::PublicReading& reading, store::Database& database,
                std::string base_url) {
  const auto providing = std::make_shared<Providing>(database, std::move(base_url));
  reading.add(router, path, [providing](const http::Request& request) { return providing->objects(request); });
  reading.add(router, "/bereitstellung/xzufi/index.txt",
              [providing](const http::Request& request) { return providing->index(request); });
  reading.add(router, "/bereitstellung/xzufi/{name}",
              [providing](const http::Request& request) { return providing->file(request); });
  for (const char* pattern :
       {"/bereitstellung", "/bereitstellung/{a}", "/bereitstellung/{a}/{b}", "/bereitstellung/{a}/{b}/{c}"}) {
    reading.add(router, pattern, [](const http::Request&) {
      return http::problem(404, "Nicht gefunden",
                           "Hier gibt es /bereitstellung/v1/objekte und /bereitstellung/xzufi/index.txt.");
    });
  }
}

}  // namespace verbund::providing
