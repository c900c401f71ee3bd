// SPDX-License-Identifier: EUPL-1.2
#include "faces/reading/public_reading.h"

#include <gtest/gtest.h>

#include "kits/http/test_request.h"

namespace verbund::reading {
namespace {

using http::header_of;

struct Door {
  explicit Door(Options options, std::uint32_t per_minute = 2)
      : limiter({.per_minute = per_minute, .clients = 16, .client_header = ""}), reading(options, &limiter) {
    reading.add(router, "/thing/{id}", [this](const http::Request& request) {
      ++asked;
      auto response = http::json(request.parameters.at("id") == "none" ? 404 : 200, "{}");
      response.reusable = true;
      return response;
    }, [](const http::Request& request) { return request.path != "/thing/slow"; });
  }
  http::Request request(std::string method, std::string path) const {
    http::Request out;
    out.method = std::move(method);
    out.path = std::move(path);
    out.client = "192.0.2.1";
    return out;
  }
  http::Response ask(std::string method, std::string path) const { return router.route(request(method, path)); }

  http::RateLimiter limiter;
  PublicReading reading;
  http::Router router;
  int asked = 0;
};

TEST(PublicReading, OpensEveryAnswerToEveryPageAndSaysWhatIsLeft) {
  Door door({});
  const auto response = door.ask("GET", "/thing/1");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header_of(response, "Cache-Control"), "no-cache");
  EXPECT_EQ(header_of(response, "RateLimit-Limit"), "2");
  EXPECT_EQ(header_of(response, "RateLimit-Remaining"), "1");
  EXPECT_EQ(header_of(response, "RateLimit-Reset"), "30");
  const auto absent = door.ask("GET", "/thing/none");
  EXPECT_EQ(absent.status, 404);
  EXPECT_EQ(header_of(absent, "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(absent, "Access-Control-Allow-Origin"), "*");
}

TEST(PublicReading, RefusesOverTheLimitBeforeAnyWorkAndLetsScriptsReadWhy) {
  Door door({});
  door.ask("GET", "/thing/1");
  door.ask("GET", "/thing/1");
  const auto refused = door.ask("GET", "/thing/1");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header_of(refused, "Content-Type"), "application/problem+json");
  EXPECT_EQ(header_of(refused, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header_of(refused, "Retry-After"), "30");
  EXPECT_FALSE(refused.reusable);
  EXPECT_EQ(door.asked, 2);
}

TEST(PublicReading, AnswersAPreflightAndDoesNotCountIt) {
  Door door({});
  for (int i = 0; i < 5; ++i) {
    const auto response = door.ask("OPTIONS", "/thing/1");
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Headers"), "*");
    EXPECT_EQ(header_of(response, "Access-Control-Max-Age"), "86400");
  }
  EXPECT_EQ(door.ask("GET", "/thing/1").status, 200);
  EXPECT_EQ(door.ask("POST", "/thing/1").status, 405);
}

TEST(PublicReading, KeepsToItselfWhereTheOperatorWantsIt) {
  Door door({.any_origin = false});
  EXPECT_EQ(header_of(door.ask("GET", "/thing/1"), "Access-Control-Allow-Origin"), "");
  const auto preflight = door.ask("OPTIONS", "/thing/1");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(header_of(preflight, "Access-Control-Allow-Origin"), "");
}

TEST(PublicReading, CountsAQuickAnswerOnceAndASlowOneOnce) {
  Door door({}, 10);
  EXPECT_TRUE(door.router.quick(door.request("GET", "/thing/1")).has_value());
  EXPECT_FALSE(door.router.quick(door.request("GET", "/thing/slow")).has_value());
  EXPECT_EQ(header_of(door.ask("GET", "/thing/slow"), "RateLimit-Remaining"), "8");
}

TEST(PublicReading, SaysNothingOfLimitsWithoutALimiter) {
  http::Router router;
  PublicReading({}, nullptr).add(router, "/x", [](const http::Request&) { return http::json(200, "{}"); });
  http::Request request;
  request.method = "GET";
  request.path = "/x";
  const auto response = router.route(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.own_headers.empty());
}

}  // namespace
}  // namespace verbund::reading
