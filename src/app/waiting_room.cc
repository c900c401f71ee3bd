// SPDX-License-Identifier: EUPL-1.2
#include "app/waiting_room.h"

#include <chrono>
#include <thread>
#include <utility>

namespace verbund::app {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 100ms;
constexpr int looks_between_tries = 10;

// Before the templates and texts of a portal are there: the two languages most visitors read, no style, no script.
constexpr const char* waiting_page =
    "<!doctype html><html lang=\"de\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>Gleich wieder da</title></head><body><main>"
    "<h1>Gleich wieder da</h1><p>Dieses Portal startet gerade und erreicht seine Datenbank noch nicht. Bitte versuchen "
    "Sie es in einer Minute noch einmal. Behördennummer: <a href=\"tel:115\">115</a>.</p>"
    "<p lang=\"en\">This portal is starting and cannot reach its database yet. Please try again in a minute.</p>"
    "</main></body></html>\n";

http::Response answer(const http::Request& request) {
  if (request.path == "/health/live") return http::json(200, R"({"status":"live"})").header("Cache-Control", "no-store");
  http::Response out = request.path.starts_with("/health") || request.path.starts_with("/api/")
                           ? http::json(503, R"({"status":"trouble","store":{"state":"away",)"
                                             R"("trouble":"the database is away"}})")
                           : http::html(503, waiting_page);
  return out.header("Retry-After", "5").header("Cache-Control", "no-store");
}

}  // namespace

Result<void> wait_for_database(const http::ServerOptions& serving, const log::Log& log, const Error& first,
                               const std::function<Result<void>()>& try_again, const std::function<bool()>& over) {
  log.error("waiting for the database", {{"reason", first.text()}});
  auto server = http::Server::start(serving, http::Service([](const http::Request& request) { return answer(request); }),
                                    {});
  if (!server) return pass(server);
  Result<void> last = std::unexpected(first);
  for (int look = 1; !over(); ++look) {
    std::this_thread::sleep_for(look_every);
    if (look % looks_between_tries != 0) continue;
    last = try_again();
    if (last || last.error().code != ErrorCode::unavailable) break;
  }
  (*server)->stop();
  return last;
}

}  // namespace verbund::app
