// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/desk.h"

#include <algorithm>

#include "base/text.h"
#include "kits/http/representations.h"

namespace verbund::http {
namespace {

// Where somebody comes from is the service's to count.
bool has_referer(const RequestHead& head) {
  return std::any_of(head.fields.begin(), head.fields.end(), [](const auto& field) {
    return field.first.size() == 7 && to_lower_ascii(field.first) == "referer";
  });
}

}  // namespace

Desk::Desk(const ServerOptions& options, Service service, ServerObserver observer)
    : service_(std::move(service)), observer_(std::move(observer)), kept_(options.kept_bytes) {}

bool Desk::answer_kept(const RequestHead& head, bool keep_alive, std::string_view date, Keeping& keeping,
                       Answer& answer) {
  keeping.key.clear();
  const bool get = head.method == "GET";
  if ((!service_.generation && !service_.part) || head.repeated || (!get && head.method != "HEAD") || has_referer(head)) {
    return false;
  }
  if (service_.part) {
    // Of all parts one store: what is no longer true is not found and goes as the least recently used.
    const auto part = service_.part(head.host);
    if (!part) return false;
    keeping.generation = 0;
    keeping.key.append(part->name).append(1, '\n').append(std::to_string(part->generation)).append(1, '\n');
  } else {
    keeping.generation = service_.generation();
  }
  // No header has a line feed: the parts cannot run into each other.
  keeping.key.append(head.host).append(1, '\n').append(head.target).append(1, '\n');
  keeping.key += static_cast<char>('0' + static_cast<int>(choose_coding(head.accept_encoding)));
  const auto kept = kept_.find(keeping.generation, keeping.key);
  if (!kept) return false;
  const bool unchanged = !head.if_none_match.empty() && !kept->tag.empty() && names_tag(head.if_none_match, kept->tag);
  write_head(answer.head, unchanged ? kept->not_modified : kept->head, keep_alive, date);
  answer.body = unchanged || !get ? nullptr : kept->body;
  answer.keep_alive = keep_alive;
  answered(unchanged ? 304 : 200, {});
  return true;
}

// The exception boundary of all handlers: also what is no std::exception must not end the server.
template <typename Ask>
auto Desk::guarded(Ask ask) const -> decltype(ask()) {
  std::string what = "unknown exception";
  try {
    return ask();
  } catch (const std::exception& e) {
    what = e.what();
  } catch (...) {
  }
  failed(what);
  return problem(500, "Interner Fehler", "Das hat nicht geklappt. Bitte versuchen Sie es später noch einmal.");
}

std::optional<Response> Desk::quick(const Request& request) const {
  if (!service_.quick) return std::nullopt;
  return guarded([&] { return service_.quick(request); });
}

Response Desk::handle(const Request& request) const {
  return guarded([&] { return service_.handler(request); });
}

std::optional<Response> Desk::ask(const Waiting& waiting, bool last) const {
  auto response = guarded([&]() -> std::optional<Response> { return waiting.ask(last); });
  if (response && !response->waiting) return response;
  if (!last) return std::nullopt;
  failed("who waited got no answer at the end");
  return problem(500, "Interner Fehler", "Das hat nicht geklappt. Bitte versuchen Sie es später noch einmal.");
}

Response Desk::busy(const Request& request, const char* what) const {
  refused(what);
  constexpr const char* kLater = "Gerade fragen zu viele zugleich. Bitte gleich noch einmal versuchen.";
  Response response = service_.busy ? guarded([&] { return service_.busy(request); })
                                    : problem(503, "Überlastet", kLater);
  response.status = 503;
  response.reusable = false;
  const bool says_when = std::any_of(response.headers.begin(), response.headers.end(), [](const auto& header) {
    return to_lower_ascii(header.first) == "retry-after";
  });
  if (!says_when) response.header("Retry-After", "1");
  return response;
}

Response Desk::refusal(const Refusal& refusal) const {
  if (refusal.what != nullptr) refused(refusal.what);
  return problem(refusal.status, refusal.title, refusal.detail);
}

void Desk::keep(const Keeping& keeping, const Request& request, const Response& response) {
  if (keeping.key.empty() || !response.reusable || response.status != 200 || request.method != "GET") return;
  kept_.offer(keeping.generation, keeping.key, response);
}

void Desk::write(Response& response, std::string_view method, bool keep_alive, std::string_view date,
                 Answer& answer) const {
  auto head = response_head(response, true);
  if (!head) {
    failed(head.error().message);
    response = problem(500, "Interner Fehler", "Die Antwort konnte nicht gebildet werden.");
    head = response_head(response);
  }
  write_head(answer.head, *head, keep_alive, date);
  answer.body = has_body(method, response.status) ? response.body : nullptr;
  answer.keep_alive = keep_alive;
}

void Desk::answered(int status, std::chrono::nanoseconds took) const {
  if (observer_.answered) observer_.answered(status, took);
}

void Desk::refused(std::string_view what) const {
  if (observer_.refused) observer_.refused(what);
}

void Desk::failed(std::string_view what) const {
  if (observer_.failed) observer_.failed(what);
}

}  // namespace verbund::http
