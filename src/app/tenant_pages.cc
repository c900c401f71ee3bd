// SPDX-License-Identifier: EUPL-1.2
#include "app/tenant_pages.h"

#include <string>

namespace verbund::app {
namespace {

// Before any portal is known: the two languages most visitors read, no style, no script.
std::string in_two_languages(const char* title, const char* german, const char* english) {
  return std::string("<!doctype html><html lang=\"de\"><head><meta charset=\"utf-8\">"
                     "<meta name=\"viewport\" content=\"width=device-width\"><title>") +
         title + "</title></head><body><main><h1>" + title + "</h1><p>" + german +
         " Behördennummer: <a href=\"tel:115\">115</a>.</p><p lang=\"en\">" + english + "</p></main></body></html>\n";
}

bool wants_page(const http::Request& request) {
  return request.header("accept").find("text/html") != std::string_view::npos && !request.path.starts_with("/api/");
}

}  // namespace

http::Response misdirected(const http::Request& request) {
  http::Response out =
      wants_page(request)
          ? http::html(421, in_two_languages("Diese Adresse gibt es hier nicht",
                                 "Unter diesem Namen antwortet hier kein Portal. Bitte prüfen Sie die Adresse.",
                                 "There is no portal of this name here. Please check the address."))
          : http::problem(421, "Diese Adresse gibt es hier nicht",
                          "Unter diesem Rechnernamen (Host) antwortet hier kein Portal.");
  return out.header("Cache-Control", "no-store");
}

http::Response not_running(const http::Request& request) {
  if (request.path == "/health/live") {
    return http::json(200, R"({"status":"live"})").header("Cache-Control", "no-store");
  }
  http::Response out = request.path.starts_with("/health")
                           ? http::json(503, R"({"status":"trouble"})")
                       : wants_page(request)
                           ? http::html(503, in_two_languages("Gleich wieder da",
                                                  "Dieses Portal ist gerade nicht zu erreichen. Bitte versuchen Sie es "
                                                  "in einer Minute noch einmal.",
                                                  "This portal is not available right now. Please try again in a minute."))
                           : http::problem(503, "Gleich wieder da", "Dieses Portal ist gerade nicht zu erreichen.");
  return out.header("Retry-After", "10").header("Cache-Control", "no-store");
}

}  // namespace verbund::app
