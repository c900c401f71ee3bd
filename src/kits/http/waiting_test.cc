// SPDX-License-Identifier: EUPL-1.2
// Requests that wait for something to happen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "kits/http/client.h"
#include "kits/http/http.h"
#include "kits/http/test_client.h"

namespace verbund::http {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using SteadyClock = std::chrono::steady_clock;

// A number that grows; GET /N waits until it is larger than N, /plain answers.
struct Growing {
  std::atomic<int> number{0};
  std::chrono::milliseconds time{20'000};
  std::unique_ptr<Server> server;

  explicit Growing(ServerOptions options = {}) {
    options.port = 0;
    Service service([this](const Request& request) -> Response {
      if (request.path == "/plain") return text(200, "plain");
      const int after = std::stoi(request.path.substr(1));
      return wait(time, [this, after](bool last) -> std::optional<Response> {
        if (number <= after && !last) return std::nullopt;
        return text(200, "number " + std::to_string(number));
      });
    });
    server = Server::start(options, std::move(service), {}).value();
  }
  ~Growing() { server.reset(); }
  void grow() {
    ++number;
    server->wake();
  }
};

std::string get(int after) { return "GET /" + std::to_string(after) + " HTTP/1.1\r\nHost: x\r\n\r\n"; }

TEST(Waiting, IsAnsweredWhenItHappens) {
  Growing growing;
  TestClient client(growing.server->port());
  for (int n = 0; n < 3; ++n) {
    client.send(get(n));
    std::this_thread::sleep_for(50ms);
    const auto begin = SteadyClock::now();
    growing.grow();
    EXPECT_THAT(client.answer(), HasSubstr("number " + std::to_string(n + 1)));
    EXPECT_LT(SteadyClock::now() - begin, 1s);
  }
}

TEST(Waiting, IsAnsweredAtOnceWhereItHasHappened) {
  Growing growing;
  growing.number = 5;
  TestClient client(growing.server->port());
  client.send(get(4) + get(3));
  EXPECT_THAT(client.answer(), HasSubstr("number 5"));
  EXPECT_THAT(client.answer(), HasSubstr("number 5"));
}

TEST(Waiting, EndsWithItsTime) {
  Growing growing;
  growing.time = 200ms;
  TestClient client(growing.server->port());
  const auto begin = SteadyClock::now();
  client.send(get(0));
  EXPECT_THAT(client.answer(), HasSubstr("number 0"));
  EXPECT_GE(SteadyClock::now() - begin, 190ms);
  EXPECT_LT(SteadyClock::now() - begin, 2s);
}

TEST(Waiting, HoldsNoThread) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 8'192);
  ::setrlimit(RLIMIT_NOFILE, &files);
  constexpr int many = 1'000;
  ServerOptions options;
  options.connections = options.waiting = many + 10;
  options.threads = 2;
  options.workers = 2;
  // All come within a moment: none is turned away before it waits, however slow the machine is.
  options.queue = many + 10;
  options.queue_time = 60s;
  Growing growing(options);
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < many; ++i) {
    clients.push_back(std::make_unique<TestClient>(growing.server->port()));
    ASSERT_TRUE(clients.back()->send(get(0)));
  }
  std::this_thread::sleep_for(200ms);
  TestClient other(growing.server->port());
  const auto begin = SteadyClock::now();
  other.send("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(other.answer(), HasSubstr("plain"));
  EXPECT_LT(SteadyClock::now() - begin, 2s) << "others do not wait with them";
  growing.grow();
  for (auto& client : clients) ASSERT_THAT(client->answer(), HasSubstr("number 1"));
}

TEST(Waiting, HasALimitOverWhichNobodyWaits) {
  ServerOptions options;
  options.waiting = 3;
  Growing growing(options);
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<TestClient>(growing.server->port()));
    clients.back()->send(get(0));
  }
  std::this_thread::sleep_for(100ms);
  TestClient surplus(growing.server->port());
  surplus.send(get(0));
  EXPECT_THAT(surplus.answer(), HasSubstr("number 0"));
  // Who goes makes room.
  clients.pop_back();
  std::this_thread::sleep_for(100ms);
  surplus.send(get(0));
  growing.grow();
  EXPECT_THAT(surplus.answer(), HasSubstr("number 1"));
  EXPECT_THAT(clients.front()->answer(), HasSubstr("number 1"));
}

TEST(Waiting, MakesRoomForWhoComes) {
  ServerOptions options;
  options.connections = 4;
  Growing growing(options);
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<TestClient>(growing.server->port()));
    clients.back()->send(get(0));
  }
  std::this_thread::sleep_for(100ms);
  TestClient citizen(growing.server->port());
  std::this_thread::sleep_for(100ms);
  citizen.send("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(citizen.answer(), HasSubstr("plain"));
}

TEST(Waiting, EndsWhenTheServerStops) {
  Growing growing;
  TestClient client(growing.server->port());
  client.send(get(0));
  std::this_thread::sleep_for(100ms);
  const auto begin = SteadyClock::now();
  growing.server->stop();
  EXPECT_LT(SteadyClock::now() - begin, 5s);
  EXPECT_THAT(client.answer(), HasSubstr("number 0"));
}

TEST(Waiting, LetsPipelinedRequestsWaitTheirTurn) {
  Growing growing;
  TestClient client(growing.server->port());
  client.send(get(0) + "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n");
  std::this_thread::sleep_for(50ms);
  client.send("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n");
  std::this_thread::sleep_for(50ms);
  growing.grow();
  EXPECT_THAT(client.answer(), HasSubstr("number 1"));
  EXPECT_THAT(client.answer(), HasSubstr("plain"));
  EXPECT_THAT(client.answer(), HasSubstr("plain"));
}

TEST(Waiting, SurvivesClientsThatGoWhileOthersAreAnswered) {
  Growing growing;
  for (int round = 0; round < 50; ++round) {
    std::vector<std::unique_ptr<TestClient>> clients;
    for (int i = 0; i < 8; ++i) {
      clients.push_back(std::make_unique<TestClient>(growing.server->port()));
      clients.back()->send(get(round));
    }
    if (round % 2 == 0) clients.resize(3);
    growing.grow();
    if (round % 3 == 0) clients.resize(1);
    EXPECT_THAT(clients[0]->answer(), HasSubstr("number"));
  }
}

TEST(Waiting, OfAClientEndsWhenItIsToStop) {
  Growing growing;
  std::stop_source stop;
  ClientOptions options;
  options.stop = stop.get_token();
  Client client(options);
  std::jthread later([&stop] {
    std::this_thread::sleep_for(200ms);
    stop.request_stop();
  });
  const auto begin = SteadyClock::now();
  const auto answer = client.get("http://127.0.0.1:" + std::to_string(growing.server->port()) + "/0", 100);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_LT(SteadyClock::now() - begin, 5s);
}

TEST(Waiting, GivesTheAnswerAnEntityTag) {
  Representations representations;
  Request request;
  request.method = "GET";
  Response response = representations.finish(request, wait(1s, [](bool) { return std::optional(text(200, "x")); }));
  ASSERT_TRUE(response.waiting);
  const auto answer = response.waiting->ask(true);
  ASSERT_TRUE(answer);
  EXPECT_TRUE(std::ranges::any_of(answer->headers, [](const auto& header) { return header.first == "ETag"; }));
}

}  // namespace
}  // namespace verbund::http
