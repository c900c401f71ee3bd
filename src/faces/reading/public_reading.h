// SPDX-License-Identifier: EUPL-1.2
// What all interfaces for programs have in common: anybody may read without a key, from any web page, so often a
// minute.
#pragma once

#include <functional>
#include <string>

#include "kits/http/http.h"
#include "kits/http/rate_limit.h"

namespace verbund::reading {

struct Options {
  bool any_origin = true;  // scripts of all web pages may read (CORS); false: only those of this portal
};

class PublicReading {
 public:
  // Requires: `limiter` lives as long. Null: no limit.
  PublicReading(Options options, http::RateLimiter* limiter) : options_(options), limiter_(limiter) {}

  using Test = std::function<bool(const http::Request&)>;
  // GET and OPTIONS (the preflight of a browser) for the pattern. Over the limit: 429, `handler` is not asked. Every
  // answer says how much is left, except one that was kept by the server: that costs nothing and is not counted.
  // Cache-Control is set where `handler` has not: 200 no-cache (ask with the ETag), else no-store.
  // `quick`: whether `handler` may answer this request where waiting is forbidden (see http::QuickHandler).
  void add(http::Router& router, const std::string& pattern, http::Handler handler, Test quick = {}) const;
  // The same, but what is refused over the limit has this media type: for descriptions that want another one.
  PublicReading refusing_as(std::string media_type) const;

 private:
  http::Response answer(const http::Request& request, const http::Handler& handler) const;
  http::Response preflight() const;
  void open(http::Response& response) const;

  Options options_;
  http::RateLimiter* limiter_;
  std::string refusal_type_;  // "": that of a problem
};

}  // namespace verbund::reading
