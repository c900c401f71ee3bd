// SPDX-License-Identifier: EUPL-1.2
// Source: Fetch Standard, 3.2 (CORS); draft-ietf-httpapi-ratelimit-headers-05 (the three RateLimit headers).
#include "faces/reading/public_reading.h"

#include <algorithm>
#include <utility>

namespace verbund::reading {

void PublicReading::open(http::Response& response) const {
  if (!options_.any_origin) return;
  response.header("Access-Control-Allow-Origin", "*");
  response.header("Access-Control-Expose-Headers",
                  "ETag, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After");
}

http::Response PublicReading::answer(const http::Request& request, const http::Handler& handler) const {
  http::RateLimiter::Verdict verdict;
  if (limiter_ != nullptr) verdict = limiter_->ask(request);
  if (!verdict.allowed) {
    http::Response refused = http::too_many_requests(verdict);
    for (auto& [name, value] : refused.headers) {
      if (name == "Content-Type" && !refusal_type_.empty()) value = refusal_type_;
    }
    open(refused);
    return refused;
  }
  http::Response response = handler(request);
  open(response);
  const bool said = std::any_of(response.headers.begin(), response.headers.end(),
                                [](const auto& header) { return header.first == "Cache-Control"; });
  if (!said) response.header("Cache-Control", response.status == 200 ? "no-cache" : "no-store");
  http::add_rate_headers(response, verdict);
  return response;
}

http::Response PublicReading::preflight() const {
  http::Response response;
  response.status = 204;
  response.header("Allow", "GET, HEAD, OPTIONS");
  if (!options_.any_origin) return response;
  // "*" names every header but Authorization, which nothing here wants.
  response.header("Access-Control-Allow-Origin", "*")
      .header("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
      .header("Access-Control-Allow-Headers", "*")
      .header("Access-Control-Max-Age", "86400");
  return response;
}

PublicReading PublicReading::refusing_as(std::string media_type) const {
  PublicReading out = *this;
  out.refusal_type_ = std::move(media_type);
  return out;
}

void PublicReading::add(http::Router& router, const std::string& pattern, http::Handler handler, Test quick) const {
  const auto ask = [self = *this, handler = std::move(handler)](const http::Request& request) {
    return self.answer(request, handler);
  };
  http::QuickHandler at_once;
  if (quick) {
    at_once = [ask, quick = std::move(quick)](const http::Request& request) -> std::optional<http::Response> {
      if (!quick(request)) return std::nullopt;
      return ask(request);
    };
  }
  router.add("GET", pattern, ask, std::move(at_once));
  router.add("OPTIONS", pattern, [self = *this](const http::Request&) { return self.preflight(); });
}

}  // namespace verbund::reading
