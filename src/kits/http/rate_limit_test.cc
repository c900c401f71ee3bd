// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/rate_limit.h"

#include <gtest/gtest.h>

#include "kits/http/test_client.h"

namespace verbund::http {
namespace {

using namespace std::chrono_literals;

struct Limited {
  explicit Limited(RateLimiter::Options options) : limiter(std::move(options), [this] { return now; }) {}
  RateLimiter::Verdict ask(std::string client, std::string forwarded = {}) {
    Request request;
    request.client = std::move(client);
    if (!forwarded.empty()) request.headers["x-forwarded-for"] = std::move(forwarded);
    return limiter.ask(request);
  }
  std::chrono::steady_clock::time_point now{};
  RateLimiter limiter;
};

TEST(RateLimiter, LetsAClientAskAsOftenAsAllowedAndThenWait) {
  Limited limited({.per_minute = 60, .clients = 64, .client_header = ""});
  for (std::uint32_t i = 0; i < 60; ++i) {
    const auto verdict = limited.ask("192.0.2.1");
    ASSERT_TRUE(verdict.allowed) << i;
    EXPECT_EQ(verdict.limit, 60u);
    EXPECT_EQ(verdict.remaining, 59 - i);
    EXPECT_EQ(verdict.reset, i + 1);
  }
  const auto refused = limited.ask("192.0.2.1");
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, 1u);
  EXPECT_EQ(refused.reset, 60u);
  EXPECT_TRUE(limited.ask("192.0.2.2").allowed) << "another client has its own";
  limited.now += 999ms;
  EXPECT_FALSE(limited.ask("192.0.2.1").allowed);
  limited.now += 1ms;
  EXPECT_TRUE(limited.ask("192.0.2.1").allowed);
  limited.now += 1h;
  EXPECT_EQ(limited.ask("192.0.2.1").remaining, 59u);
}

TEST(RateLimiter, FillsExactlyHoweverOftenItIsAsked) {  // small steps must not lose what is gained between them
  Limited limited({.per_minute = 6000, .clients = 64, .client_header = ""});
  int answered = 0;
  for (int i = 0; i < 120'000; ++i) {
    answered += limited.ask("192.0.2.1").allowed ? 1 : 0;
    limited.now += 1ms;  // 1000 a second for two minutes, 100 a second allowed
  }
  EXPECT_NEAR(answered, 6000 + 12'000, 20);
}

TEST(RateLimiter, TakesANetworkForOneClient) {
  struct Case {
    const char *one, *other;
    bool same;
  };
  for (const auto& [one, other, same] :
       {Case{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true}, Case{"2001:db8:1:2::1", "2001:db8:1:3::1", false},
        Case{"::ffff:192.0.2.1", "192.0.2.1", true}, Case{"192.0.2.1", "192.0.2.2", false},
        Case{"fe80::1%eth0", "fe80::2", true}}) {
    EXPECT_EQ(client_network(one) == client_network(other), same) << one << " " << other;
    EXPECT_FALSE(client_network(one).empty());
  }
  for (const char* none : {"", "unknown", "1.2.3", "1.2.3.4.5", "g::1", "192.0.2.1:80"}) {
    EXPECT_EQ(client_network(none), "") << none;
  }
  EXPECT_EQ(client_network(std::string(5000, '1')), "");
}

TEST(RateLimiter, DoesNotLimitItsOwnMachineUnlessAProxyNamesTheClient) {
  Limited direct({.per_minute = 1, .clients = 64, .client_header = ""});
  for (const char* own : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(direct.ask(own).allowed) << own;
  }
  EXPECT_EQ(direct.ask("127.0.0.1").remaining, 1u);
  Limited behind({.per_minute = 1, .clients = 64, .client_header = "x-forwarded-for"});
  EXPECT_TRUE(behind.ask("127.0.0.1", "192.0.2.1").allowed);
  EXPECT_FALSE(behind.ask("127.0.0.1", "192.0.2.1").allowed);
  EXPECT_FALSE(behind.ask("127.0.0.1", "198.51.100.7, 192.0.2.1").allowed)
      << "what the client itself writes counts not";
  EXPECT_TRUE(behind.ask("127.0.0.1", "192.0.2.1, 198.51.100.7").allowed);
  EXPECT_TRUE(behind.ask("127.0.0.1", "nobody").allowed);
}

TEST(RateLimiter, ForgetsWhoHasMostLeftWhenItsTableIsFull) {
  Limited limited({.per_minute = 100, .clients = 16, .client_header = ""});
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(limited.ask("192.0.2.1").allowed);
  for (int i = 0; i < 2000; ++i) {
    EXPECT_TRUE(limited.ask("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)).allowed);
  }
  EXPECT_FALSE(limited.ask("192.0.2.1").allowed) << "who has used all of it is remembered longest";
}

TEST(RateLimiter, SaysNothingWithoutALimit) {
  Limited limited({.per_minute = 0, .clients = 16, .client_header = ""});
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limited.ask("192.0.2.1").allowed);
  Response response = text(200, "x");
  add_rate_headers(response, limited.ask("192.0.2.1"));
  EXPECT_TRUE(response.own_headers.empty());
}

TEST(RateLimiter, ItsHeadersAreSentButNotKept) {
  std::uint32_t left = 9;
  Service service([&](const Request& request) {
    Response response = text(200, "from " + request.client);
    response.reusable = true;
    add_rate_headers(response, {true, 10, left--, 1, 0});
    return response;
  });
  service.generation = [] { return std::uint64_t{1}; };
  auto server = Server::start({.port = 0, .workers = 1}, std::move(service), {});
  ASSERT_TRUE(server);
  TestClient client((*server)->port());
  const auto ask = [&] {
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    return client.answer();
  };
  const std::string first = ask(), second = ask();
  EXPECT_NE(first.find("RateLimit-Remaining: 9\r\n"), std::string::npos) << first;
  EXPECT_EQ(second.find("RateLimit"), std::string::npos) << "an answer from memory costs nothing: " << second;
  EXPECT_NE(second.find("from 127.0.0.1"), std::string::npos) << second;
  EXPECT_EQ(left, 8u);
}

TEST(RateLimiter, RefusesWithAProblemThatSaysWhenToComeBack) {
  const Response response = too_many_requests({false, 60, 0, 60, 1});
  EXPECT_EQ(response.status, 429);
  EXPECT_NE(response.body->find("\"status\":429"), std::string::npos);
  bool says = false;
  for (const auto& [name, value] : response.headers) says |= name == "Retry-After" && value == "1";
  EXPECT_TRUE(says);
  EXPECT_EQ(response.own_headers.size(), 3u);
}

}  // namespace
}  // namespace verbund::http
