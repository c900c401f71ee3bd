// SPDX-License-Identifier: EUPL-1.2
#include "faces/network_log/network_log.h"

#include <string>

namespace verbund::network_log {
namespace {

constexpr int most_index_parts = 4;   // indexes below 10^12
constexpr const char* for_ever = "public, max-age=31536000, immutable";

http::Response answer(network::OwnLog& log, std::string_view path) {
  auto bytes = log.by_path(path);
  if (!bytes) {
    // Where it is not yet, it may be soon: nobody keeps this answer. Why a file could not be read is not for others.
    const bool absent = bytes.error().code == ErrorCode::not_found;
    auto refused = absent ? http::problem(404, "Nicht gefunden", "Das Log hat diese Ressource nicht oder noch nicht.")
                          : http::problem(503, "Zurzeit nicht möglich", "Das Log kann zurzeit nicht gelesen werden.");
    return refused.header("Cache-Control", "no-store");
  }
  http::Response out;
  const bool grows = path == "checkpoint" || path == "key";
  out.header("Content-Type", grows ? "text/plain; charset=utf-8" : "application/octet-stream");
  out.header("Cache-Control", grows ? "no-cache" : for_ever);
  out.header("Access-Control-Allow-Origin", "*");
  out.body = std::make_shared<const std::string>(std::move(*bytes));
  return out;
}

}  // namespace

void add_routes(http::Router& router, network::OwnLog& log, const std::string& prefix) {
  const auto serve = [&log, skip = prefix.size()](const http::Request& request) {
    return answer(log, std::string_view(request.path).substr(skip));
  };
  for (const char* path : {"checkpoint", "key"}) router.add("GET", prefix + path, serve);
  std::string tile = prefix + "tile/{level}";
  std::string bodies = prefix + "bodies/{part0}";
  for (int part = 1; part <= most_index_parts + 1; ++part) {   // one more for the width of a partial tile
    tile += "/{part" + std::to_string(part) + "}";
    bodies += "/{part" + std::to_string(part) + "}";
    router.add("GET", tile, serve);
    router.add("GET", bodies, serve);
  }
}

}  // namespace verbund::network_log
