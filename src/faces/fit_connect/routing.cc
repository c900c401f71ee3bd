// SPDX-License-Identifier: EUPL-1.2
#include "faces/fit_connect/routing.h"

#include <algorithm>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>

#include "base/text.h"
#include "directory/destinations/destinations.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "faces/fit_connect/area_names.h"
#include "faces/fit_connect/route_document.h"
#include "kits/json/json.h"

namespace verbund::fit_connect {
namespace {

using directory::AreaKey;
using directory::ObjectStore;
using directory::Snapshot;

template <typename T>
using OrProblem = std::expected<T, http::Response>;

constexpr std::size_t usual_limit = 100, most_limit = 500;
constexpr std::int64_t most_offset = INT32_MAX;
constexpr std::size_t most_expressions = 10;

std::unexpected<http::Response> refuse(const std::string& detail) {
  return std::unexpected(http::problem(400, "Ungültige Anfrage", detail));
}

// A parameter that may be there once.
OrProblem<std::optional<std::string_view>> single(const http::Request& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [key, value] : request.query) {
    if (key != name) continue;
    if (found) return refuse(std::string(name) + " darf nur einmal angegeben werden");
    found = value;
  }
  return found;
}

OrProblem<std::size_t> number(const http::Request& request, std::string_view name, std::size_t otherwise,
                              std::int64_t least, std::int64_t most) {
  auto text = single(request, name);
  if (!text) return std::unexpected(std::move(text.error()));
  if (!*text) return otherwise;
  const auto value = parse_number(**text);
  if (!value || *value < least || *value > most) {
    return refuse(std::string(name) + " muss eine Zahl von " + std::to_string(least) + " bis " + std::to_string(most) +
                  " sein");
  }
  return static_cast<std::size_t>(*value);
}

struct Page {
  std::size_t offset, limit;
};

OrProblem<Page> read_page(const http::Request& request) {
  auto offset = number(request, "offset", 0, 0, most_offset);
  if (!offset) return std::unexpected(std::move(offset.error()));
  auto limit = number(request, "limit", usual_limit, 1, most_limit);
  if (!limit) return std::unexpected(std::move(limit.error()));
  return Page{*offset, *limit};
}

Json list_document(const char* name, Json::Array items, const Page& page, std::size_t total) {
  return Json::object(
      {{"count", items.size()}, {"offset", page.offset}, {"totalCount", total}, {name, std::move(items)}});
}

bool has_length(std::string_view digits, std::initializer_list<std::size_t> lengths) {
  return is_digits(digits) && std::find(lengths.begin(), lengths.end(), digits.size()) != lengths.end();
}

// The area as it is now. Nothing where there is no such area: a route for the area above would be wrong.
std::optional<AreaKey> area_now(const Snapshot& snapshot, std::string_view ars) {
  const auto key = AreaKey::parse(ars);
  if (!key) return std::nullopt;
  const auto area = snapshot.area(*key);
  if (!area || (area->key != *key && area->key.contains(*key))) return std::nullopt;
  return area->key;
}

// Exactly one of ags, ars, areaId. The inner nothing: well-formed, but there is no such area.
OrProblem<std::optional<AreaKey>> read_area(const http::Request& request, const Snapshot& snapshot) {
  std::string_view name, value;
  int given = 0;
  for (const char* each : {"ags", "ars", "areaId"}) {
    auto found = single(request, each);
    if (!found) return std::unexpected(std::move(found.error()));
    if (!*found) continue;
    ++given;
    name = each;
    value = **found;
  }
  if (given != 1) return refuse("Genau eine der Angaben ags, ars und areaId muss gesetzt sein.");
  if (name == "ars") {
    if (!has_length(value, {2, 3, 5, 9, 12})) return refuse("ars muss 2, 3, 5, 9 oder 12 Ziffern haben");
    return area_now(snapshot, value);
  }
  if (name == "ags") {
    if (!has_length(value, {2, 3, 5, 8})) return refuse("ags muss 2, 3, 5 oder 8 Ziffern haben");
    if (value.size() != 8) return area_now(snapshot, value);
    const auto place = snapshot.place(value);
    return place ? std::optional(place->key) : std::nullopt;
  }
  if (!is_digits(value)) return refuse("areaId muss aus Ziffern bestehen");
  return value.size() == 12 ? area_now(snapshot, value) : std::nullopt;
}

class Routing {
 public:
  Routing(directory::Finder& finder, store::Database& database)
      : finder_(finder), database_(database), destinations_(database) {}

  http::Response routes(const http::Request& request) {
    const auto snapshot = finder_.snapshot();
    auto key = single(request, "leikaKey");
    if (!key) return std::move(key.error());
    if (!*key || (*key)->size() != 14 || !is_digits(**key) || !(*key)->starts_with("99"))
      return http::problem(400, "Ungültige Anfrage",
                           "leikaKey fehlt oder ist kein Leistungsschlüssel aus 14 Ziffern, der mit 99 beginnt");
    auto area = read_area(request, *snapshot);
    if (!area) return std::move(area.error());
    const auto page = read_page(request);
    if (!page) return page.error();
    std::vector<directory::Destinations::Route> found;
    if (*area) found = destinations_.at(*snapshot, **key, **area);
    Json::Array list;
    database_.read([&](store::Connection& connection) {
      const ObjectStore objects(connection);
      for (std::size_t i = page->offset; i < std::min(found.size(), page->offset + page->limit); ++i) {
        list.push_back(route_document(found[i], snapshot->at_place(found[i].service, **area), objects));
      }
    });
    return http::json(200, list_document("routes", std::move(list), *page, found.size()).to_canonical());
  }

  http::Response areas(const http::Request& request) {
    std::vector<Expression> expressions;
    for (const auto& [name, value] : request.query) {
      if (name != "areaSearchexpression") continue;
      if (expressions.size() == most_expressions)
        return http::problem(400, "Ungültige Anfrage", "areaSearchexpression darf höchstens zehnmal angegeben werden");
      auto expression = Expression::read(value);
      if (!expression) return http::problem(400, "Ungültige Anfrage", expression.error().message);
      expressions.push_back(std::move(*expression));
    }
    if (expressions.empty())
      return http::problem(400, "Ungültige Anfrage", "areaSearchexpression fehlt: ein Name oder eine Postleitzahl");
    const auto page = read_page(request);
    if (!page) return page.error();
    const auto names = area_names();
    const auto found = names->find(expressions);
    Json::Array list;
    for (std::size_t i = page->offset; i < std::min(found.size(), page->offset + page->limit); ++i) {
      list.push_back(
          Json::object({{"id", found[i]->key.padded()}, {"name", found[i]->name}, {"type", found[i]->kind}}));
    }
    http::Response response =
        http::json(200, list_document("areas", std::move(list), *page, found.size()).to_canonical());
    // The description gives a list of areas the type of a problem. Who asks for plain JSON by name gets that.
    const std::string accept = to_lower_ascii(request.header("accept"));
    const bool plain = accept.find("application/json") != accept.npos && accept.find("problem+json") == accept.npos;
    for (auto& [name, value] : response.headers) {
      if (name == "Content-Type" && !plain) value = "application/problem+json";
    }
    return response.header("Vary", "Accept");
  }

  static http::Response info(const http::Request&) {
    return http::json(200, R"({"version":{"major":2,"minor":0,"patch":0}})");
  }

 private:
  std::shared_ptr<const AreaNames> area_names() {
    std::shared_ptr<const AreaNames> names;
    database_.read([&](store::Connection& connection) {
      const std::int64_t state = directory::AreaStore(connection).state();
      const std::lock_guard lock(mutex_);
      if (!names_ || state != names_state_) {
        names_ = std::make_shared<const AreaNames>(connection);
        names_state_ = state;
      }
      names = names_;
    });
    return names;
  }

  directory::Finder& finder_;
  store::Database& database_;
  directory::Destinations destinations_;
  std::mutex mutex_;
  std::shared_ptr<const AreaNames> names_;
  std::int64_t names_state_ = 0;
};

}  // namespace

void add_routes(http::Router& router, const reading::PublicReading& everybody, directory::Finder& finder,
                store::Database& database) {
  const reading::PublicReading reading = everybody.refusing_as("application/json");  // as the description has it
  const auto routing = std::make_shared<Routing>(finder, database);
  const auto add = [&](const std::string& pattern, const http::Handler& answer) {
    reading.add(router, pattern, [answer](const http::Request& request) {
      // Who does not say what program it is, is not served. Source: FIT-Connect, rate limiting.
      if (trim(request.header("user-agent")).empty())
        return http::problem(403, "Kein User-Agent", "Bitte nennen Sie Ihr Programm in der Kopfzeile User-Agent.");
      return answer(request);
    });
  };
  for (const char* base : {"/fit-connect/routing/v1", "/fit-connect/routing/v2"}) {
    add(std::string(base) + "/routes", [routing](const http::Request& request) { return routing->routes(request); });
    add(std::string(base) + "/areas", [routing](const http::Request& request) { return routing->areas(request); });
    add(std::string(base) + "/info", Routing::info);
  }
  for (const char* pattern : {"/fit-connect", "/fit-connect/{a}", "/fit-connect/{a}/{b}", "/fit-connect/{a}/{b}/{c}"}) {
    reading.add(router, pattern, [](const http::Request&) {
      return http::problem(404, "Nicht gefunden", "Hier gibt es /fit-connect/routing/v2/routes, /areas und /info.");
    });
  }
}

}  // namespace verbund::fit_connect
