// SPDX-License-Identifier: EUPL-1.2
#include "faces/network_log/network_log.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace verbund::network_log {
namespace {

constexpr int most_index_parts = 4;   // indexes below 10^12
constexpr const char* for_ever = "public, max-age=31536000, immutable";
constexpr std::int64_t longest_wait = 30;   // seconds

http::Response resource(std::string_view path, std::shared_ptr<const std::string> bytes) {
  http::Response out;
  const bool grows = path == "checkpoint" || path == "key" || path == "handover";
  out.header("Content-Type", grows ? "text/plain; charset=utf-8" : "application/octet-stream");
  out.header("Cache-Control", grows ? "no-cache" : for_ever);
  out.header("Access-Control-Allow-Origin", "*");
  out.body = std::move(bytes);
  return out;
}

http::Response absent() {
  // Where it is not yet, it may be soon: nobody keeps this answer.
  return http::problem(404, "Nicht gefunden", "Das Log hat diese Ressource nicht oder noch nicht.")
      .header("Cache-Control", "no-store");
}

http::Response answer(network::OwnLog& log, std::string_view path) {
  auto bytes = log.by_path(path);
  if (bytes) return resource(path, std::make_shared<const std::string>(std::move(*bytes)));
  if (bytes.error().code == ErrorCode::not_found) return absent();
  // Why a file could not be read is not for others.
  return http::problem(503, "Zurzeit nicht möglich", "Das Log kann zurzeit nicht gelesen werden.")
      .header("Cache-Control", "no-store");
}

http::Response checkpoint(network::OwnLog& log, const std::function<Latest()>& latest, const http::Request& request) {
  const auto after = parse_number(request.query_value("after"));
  const auto seconds = parse_number(request.query_value("wait"));
  if (!after || !seconds || *seconds <= 0 || !latest) return answer(log, "checkpoint");
  const auto now = log.published();
  if (!now || now->size > static_cast<std::uint64_t>(*after) || !latest().checkpoint) return answer(log, "checkpoint");
  return http::wait(std::chrono::seconds(std::min(*seconds, longest_wait)),
                    [latest, size = static_cast<std::uint64_t>(*after)](bool last) -> std::optional<http::Response> {
                      Latest newest = latest();
                      if (newest.size <= size && !last) return std::nullopt;
                      return resource("checkpoint", std::move(newest.checkpoint));
                    });
}

// One route for each form of path there is.
void add_paths(http::Router& router, const std::string& prefix, const http::Handler& checkpoints,
               const http::Handler& others) {
  router.add("GET", prefix + "checkpoint", checkpoints);
  router.add("GET", prefix + "key", others);
  router.add("GET", prefix + "handover", others);
  std::string tile = prefix + "tile/{level}";
  std::string bodies = prefix + "bodies/{part0}";
  for (int part = 1; part <= most_index_parts + 1; ++part) {   // one more for the width of a partial tile
    tile += "/{part" + std::to_string(part) + "}";
    bodies += "/{part" + std::to_string(part) + "}";
    router.add("GET", tile, others);
    router.add("GET", bodies, others);
  }
}

}  // namespace

void add_routes(http::Router& router, network::OwnLog& log, const std::string& prefix,
                std::function<Latest()> latest) {
  add_paths(
      router, prefix,
      [&log, latest = std::move(latest)](const http::Request& request) { return checkpoint(log, latest, request); },
      [&log, skip = prefix.size()](const http::Request& request) {
        return answer(log, std::string_view(request.path).substr(skip));
      });
}

void add_heard_routes(http::Router& router, std::function<HeardLog(std::string_view name)> find) {
  const std::string before = "/network/heard/";
  const std::string after = "/log/";
  const auto name_of = [](const http::Request& request) { return request.parameters.find("name")->second; };
  add_paths(
      router, before + "{name}" + after,
      [find, name_of](const http::Request& request) {
        const HeardLog heard = find(name_of(request));
        return heard.log ? checkpoint(*heard.log, heard.latest, request) : absent();
      },
      [find, name_of, skip = before.size() + after.size()](const http::Request& request) {
        const std::string name = name_of(request);
        const HeardLog heard = find(name);
        if (!heard.log) return absent();
        return answer(*heard.log, std::string_view(request.path).substr(skip + name.size()));
      });
}

}  // namespace verbund::network_log
