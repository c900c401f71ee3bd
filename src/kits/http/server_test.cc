// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "kits/http/http.h"
#include "kits/http/test_client.h"
#include "kits/http/wire.h"

namespace verbund::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::unique_ptr<Server> start(Service service, ServerOptions options = {}, ServerObserver observer = {}) {
  options.port = 0;
  auto server = Server::start(options, std::move(service), std::move(observer));
  EXPECT_TRUE(server) << server.error().text();
  return std::move(*server);
}

Response echo(const Request& request) {
  std::string out = request.method + " " + request.path;
  for (const auto& [name, value] : request.query) out += "|" + name + "=" + value;
  return text(200, out + "|" + request.body);
}

TEST(Server, AnswersAndKeepsTheConnection) {
  auto server = start(echo);
  TestClient client(server->port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send("GET /a%C3%A4?x=1+2&y HTTP/1.1\r\nHost: x\r\n\r\n"));
    const std::string answer = client.answer();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
    EXPECT_THAT(answer, HasSubstr("\r\nServer: verbund\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: keep-alive\r\n"));
    EXPECT_THAT(answer, EndsWith("\r\n\r\nGET /aä|x=1 2|y=|"));
  }
}

TEST(Server, ClosesWhenTheClientWantsIt) {
  auto server = start(echo);
  TestClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.rest(), HasSubstr("\r\nConnection: close\r\n"));
  TestClient old(server->port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.rest(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  auto server = start([](const Request& request) {
    if (request.path == "/0") std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return echo(request);
  }, {.workers = 4});
  TestClient client(server->port());
  std::string all;
  for (int i = 0; i < 20; ++i) all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  client.send(all);
  for (int i = 0; i < 20; ++i) EXPECT_THAT(client.answer(), EndsWith("GET /" + std::to_string(i) + "|"));
}

TEST(Server, AnswersHeadWithTheLengthAndNoBody) {
  auto server = start(echo);
  TestClient client(server->port());
  client.send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\nGET /y HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.answer(true), HasSubstr("\r\nContent-Length: 8\r\n"));
  EXPECT_THAT(client.answer(), EndsWith("GET /y|"));
}

TEST(Server, WritesNoBodyFor204And304) {
  auto server = start([](const Request& request) { return text(request.path == "/204" ? 204 : 304, "never seen"); });
  TestClient client(server->port());
  client.send("GET /204 HTTP/1.1\r\nHost: x\r\n\r\nGET /304 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string all = client.rest();
  EXPECT_THAT(all, HasSubstr("304 Not Modified"));
  EXPECT_THAT(all, Not(HasSubstr("never seen")));
  EXPECT_THAT(all, Not(HasSubstr("Content-Length")));
}

TEST(Server, ReadsBodiesByLengthAndInChunks) {
  auto server = start(echo);
  TestClient client(server->port());
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_THAT(client.answer(), EndsWith("POST /a|hello"));
  client.send("POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
  EXPECT_THAT(client.answer(), EndsWith("POST /b|abcde"));
}

TEST(Server, SendsContinueBeforeTheBody) {
  auto server = start(echo);
  TestClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_THAT(client.answer(), EndsWith("POST /|ok"));
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: coffee\r\n\r\n");
  EXPECT_THAT(client.answer(), StartsWith("HTTP/1.1 417 "));
}

TEST(Server, JoinsRepeatedHeaders) {
  auto server = start([](const Request& r) {
    return text(200, std::string(r.header("accept")) + "|" + std::string(r.header("cookie")) + "|" +
                         std::string(r.header("none")));
  });
  TestClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nAccept: a\r\nACCEPT: b\r\nCookie: c=1\r\nCookie: d=2\r\n\r\n");
  EXPECT_THAT(client.answer(), EndsWith("a, b|c=1; d=2|"));
}

TEST(Server, TurnsAnExceptionInto500) {
  std::mutex mutex;
  std::string heard;
  auto server = start([](const Request& r) -> Response {
    if (r.path == "/int") throw 7;
    throw std::runtime_error("secret detail");
  }, {}, {.answered = {}, .refused = {}, .failed = [&](std::string_view what) {
            const std::lock_guard lock(mutex);
            heard += what;
          }});
  TestClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, HasSubstr("application/problem+json"));
  EXPECT_THAT(answer, Not(HasSubstr("secret")));
  client.send("GET /int HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.answer(), StartsWith("HTTP/1.1 500 "));
  const std::lock_guard lock(mutex);
  EXPECT_THAT(heard, HasSubstr("secret detail"));
}

TEST(Server, LetsNoHandlerSplitTheResponse) {
  auto server = start([](const Request& r) { return redirect(303, "/" + std::string(r.query_value("to"))); });
  TestClient client(server->port());
  client.send("GET /?to=x%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("Set-Cookie")));
  client.send("GET /?to=x HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.answer(), HasSubstr("\r\nLocation: /x\r\n"));
}

TEST(Server, SendsALargeBodyWhole) {
  const auto body = std::make_shared<const std::string>(std::string(20'000'000, 'x') + "end");
  auto server = start([&](const Request&) {
    Response response;
    response.body = body;
    return response;
  });
  TestClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string all = client.rest();
  EXPECT_GT(all.size(), body->size());
  EXPECT_THAT(all.substr(all.size() - 4), "xend");
}

TEST(Server, TellsTheObserverOfEachAnswer) {
  std::atomic<int> answered{0};
  std::atomic<int> status{0};
  auto server = start(echo, {}, {.answered = [&](int answered_with, std::chrono::nanoseconds) {
                                   status = answered_with;
                                   ++answered;
                                 }, .refused = {}, .failed = {}});
  TestClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  client.answer();
  server->stop();
  EXPECT_EQ(answered, 1);
  EXPECT_EQ(status, 200);
}

TEST(Server, FinishesRunningRequestsWhenStopped) {
  std::atomic<bool> entered{false};
  auto server = start([&](const Request& r) {
    entered = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return echo(r);
  });
  TestClient idle(server->port());
  idle.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(idle.answer(), EndsWith("GET /first|"));
  entered = false;
  TestClient client(server->port());
  client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  while (!entered) std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  std::thread stopping([&] { server->stop(); });
  EXPECT_THAT(client.answer(), EndsWith("GET /slow|"));
  EXPECT_TRUE(idle.closed_by_server(5));
  stopping.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  TestClient late(server->port());
  EXPECT_FALSE(late.connected());
  server->stop();  // twice is once
}

TEST(Server, StopsInTimeThoughAClientDoesNotRead) {
  const auto body = std::make_shared<const std::string>(std::string(50'000'000, 'x'));
  auto server = start([&](const Request&) {
    Response response;
    response.body = body;
    return response;
  }, {.stop_time = std::chrono::seconds(1)});
  TestClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto begin = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
}

TEST(Server, SaysWhyItCannotListen) {
  auto server = start(echo);
  ServerOptions taken;
  taken.port = server->port();
  auto second = Server::start(taken, echo, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_THAT(second.error().text(), HasSubstr("port " + std::to_string(taken.port) + " is in use"));
  auto name = Server::start({.address = "example.invalid"}, echo, {});
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().code, ErrorCode::usage);
}

TEST(Server, ListensOnIpv6) {
  auto server = Server::start({.address = "::1", .port = 0}, echo, {});
  if (!server) GTEST_SKIP() << "skipped: no IPv6 here";
  EXPECT_GT((*server)->port(), 0);
}

TEST(Wire, WritesTheDateAsHttpWantsIt) { EXPECT_EQ(http_date(1780904461), "Mon, 08 Jun 2026 07:41:01 GMT"); }

}  // namespace
}  // namespace verbund::http
