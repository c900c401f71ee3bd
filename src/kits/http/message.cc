// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/http.h"
#include "kits/json/json.h"

namespace verbund::http {
namespace {

Response with_type(int status, std::string body, const char* type) {
  Response response;
  response.status = status;
  response.body = std::make_shared<const std::string>(std::move(body));
  response.header("Content-Type", type);
  return response;
}

struct Kind {
  int status;
  const char* title;
};

Kind kind_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid: return {400, "Ungültige Anfrage"};
    case ErrorCode::not_found: return {404, "Nicht gefunden"};
    case ErrorCode::conflict: return {409, "Widerspruch"};
    case ErrorCode::too_large: return {413, "Zu groß"};
    case ErrorCode::unavailable: return {503, "Zurzeit nicht möglich"};
    case ErrorCode::usage: return {400, "Ungültige Anfrage"};
  }
  return {500, "Interner Fehler"};
}

}  // namespace

std::string_view Request::header(std::string_view lower_case_name) const {
  auto found = headers.find(lower_case_name);
  return found == headers.end() ? std::string_view{} : std::string_view(found->second);
}

std::string_view Request::query_value(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return {};
}

Response& Response::header(std::string name, std::string value) {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

Response text(int status, std::string body) { return with_type(status, std::move(body), "text/plain; charset=utf-8"); }
Response html(int status, std::string body) { return with_type(status, std::move(body), "text/html; charset=utf-8"); }
Response json(int status, std::string body) { return with_type(status, std::move(body), "application/json"); }

Response wait(std::chrono::milliseconds time, std::function<std::optional<Response>(bool last)> ask) {
  Response out;
  out.waiting = std::make_shared<const Waiting>(Waiting{time, std::move(ask)});
  return out;
}

Response redirect(int status, std::string location) {
  Response response;
  response.status = status;
  response.header("Location", std::move(location));
  return response;
}

Response problem(int status, std::string title, std::string detail) {
  Json body = Json::object({{"type", "about:blank"}, {"title", std::move(title)}, {"status", status}});
  if (!detail.empty()) body.set("detail", std::move(detail));
  return with_type(status, body.to_canonical(), "application/problem+json");
}

Response problem(const Error& error) {
  const Kind kind = kind_of(error.code);
  // Where something of ours is unavailable (a file, a disk) is for the log, not for the world.
  if (error.code == ErrorCode::unavailable) {
    Response response = problem(kind.status, kind.title, error.message);
    response.header("Retry-After", "10");
    return response;
  }
  return problem(kind.status, kind.title, error.text());
}

}  // namespace verbund::http
