// SPDX-License-Identifier: EUPL-1.2
// What clients must not do, and what happens when they do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "kits/http/http.h"
#include "kits/http/test_client.h"

namespace verbund::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Refusals {
  std::mutex mutex;
  std::multiset<std::string> heard;
  ServerObserver observer() {
    return {.answered = {}, .refused = [this](std::string_view what) {
              const std::lock_guard lock(mutex);
              heard.emplace(what);
            }, .failed = {}};
  }
  std::size_t count(const std::string& what) {
    const std::lock_guard lock(mutex);
    return heard.count(what);
  }
};

std::unique_ptr<Server> start(ServerOptions options, ServerObserver observer = {},
                              Handler handler = [](const Request& r) { return text(200, r.path + "|" + r.body); }) {
  options.port = 0;
  auto server = Server::start(options, std::move(handler), std::move(observer));
  EXPECT_TRUE(server) << server.error().text();
  return std::move(*server);
}

std::string ask(std::uint16_t port, const std::string& request) {
  TestClient client(port);
  client.send(request);
  return client.answer();
}

TEST(HostileClient, GetsTheStatusOfItsMistake) {
  auto server = start({});
  struct Case { const char* request; const char* status; };
  for (const Case& c : std::vector<Case>{
           {"GET / HTTP/1.1\r\n\r\n", "400"},                                        // no Host
           {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
           {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"},
           {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
           {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
           {"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
           {"GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET /a/%2e%2E/b HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET /%2e%2e%2fetc HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET /a%2f..%2fb HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET /%c0%af HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET /?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET /%0d%0a HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET / HTTP/1.1\nHost: a\n\n", "400"},
           {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400"},
           {"GET / HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n", "400"},
           {"\x16\x03\x01\x02\x01\x01\r\n\r\n", "400"},                                  // TLS to a plain port
           {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
           {"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
       }) {
    EXPECT_THAT(ask(server->port(), c.request), StartsWith(std::string("HTTP/1.1 ") + c.status)) << c.request;
  }
  EXPECT_THAT(ask(server->port(), "GET http://x/absolute HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("/absolute|"));
}

TEST(HostileClient, CannotSmuggleARequest) {
  auto server = start({});
  for (const char* lengths :
       {"Content-Length: 4\r\nContent-Length: 5", "Content-Length: 4\r\nContent-Length: 4", "Content-Length: 4, 5",
        "Content-Length: +4", "Content-Length: -1", "Content-Length: 0x4", "Content-Length: 99999999999999999999999",
        "Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity", "Transfer-Encoding : chunked",
        "Transfer-Encoding: \x0b"
        "chunked"}) {
    TestClient client(server->port());
    client.send(std::string("POST / HTTP/1.1\r\nHost: a\r\n") + lengths +
                "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    client.finish_sending();
    const std::string all = client.rest();
    EXPECT_TRUE(all.starts_with("HTTP/1.1 400") || all.starts_with("HTTP/1.1 501") || all.starts_with("HTTP/1.1 413"))
        << lengths << "\n" << all;
    EXPECT_EQ(all.find("smuggled"), std::string::npos) << lengths;
  }
  EXPECT_THAT(ask(server->port(), "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
}

TEST(HostileClient, GetsItsBadChunksRefused) {
  auto server = start({});
  for (const char* chunks :
       {"x\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "fffffffffffffffff\r\nabc\r\n", "-1\r\n\r\n"}) {
    const std::string answer =
        ask(server->port(), std::string("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") + chunks);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.1 413")) << chunks << "\n" << answer;
  }
}

TEST(HostileClient, MeetsTheLimitsOfHeaderAndBody) {
  Refusals refusals;
  auto server = start({.header_bytes = 2048, .body_bytes = 1000}, refusals.observer());
  EXPECT_THAT(ask(server->port(), "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(5000, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(ask(server->port(), "GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"),
              StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(ask(server->port(), "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(1'000'000, 'x')),
              StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(ask(server->port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(
      ask(server->port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + std::string(500'000, 'x')),
      StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(ask(server->port(), "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                                      std::string(1001, 'x') + "\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(
      ask(server->port(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x')),
      StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(refusals.count("header"), 3u);
  EXPECT_EQ(refusals.count("body"), 3u);
}

TEST(HostileClient, GetsNoMoreTimeThanTheLimit) {
  Refusals refusals;
  auto server =
      start({.header_time = seconds(1), .body_time = seconds(1), .idle_time = seconds(1)}, refusals.observer());
  TestClient silent(server->port());
  TestClient slow_header(server->port());
  TestClient slow_body(server->port());
  TestClient idle(server->port());
  idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(idle.answer(), StartsWith("HTTP/1.1 200"));
  slow_body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
  // A byte now and then does not help.
  std::jthread dripping([&](const std::stop_token& stop) {
    for (const char c : std::string_view("GET / HTTP/1.1\r\nHost: a\r\nX: yyyyyyyyyyyyyyyyyyy")) {
      if (stop.stop_requested() || !slow_header.send(std::string_view(&c, 1))) return;
      std::this_thread::sleep_for(milliseconds(100));
    }
  });
  EXPECT_THAT(slow_header.answer(), StartsWith("HTTP/1.1 408"));
  dripping.request_stop();
  EXPECT_THAT(slow_body.answer(), StartsWith("HTTP/1.1 408"));
  EXPECT_TRUE(silent.closed_by_server(5));
  EXPECT_TRUE(idle.closed_by_server(5));
  EXPECT_EQ(refusals.count("time"), 2u);
}

TEST(HostileClient, IsAnsweredAfterClosingItsHalf) {
  auto server = start({});
  TestClient client(server->port());
  client.send("GET /half HTTP/1.1\r\nHost: a\r\n\r\n");
  client.finish_sending();
  EXPECT_THAT(client.rest(), EndsWith("/half|"));
  TestClient broken(server->port());
  broken.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  broken.finish_sending();
  EXPECT_EQ(broken.rest(), "");
  EXPECT_THAT(ask(server->port(), "GET /still HTTP/1.1\r\nHost: a\r\n\r\n"), EndsWith("/still|"));
}

TEST(HostileClient, IsTurnedAwayFromAFullQueue) {
  Refusals refusals;
  std::atomic<bool> go{false};
  auto server = start({.workers = 1, .queue = 2, .queue_time = seconds(10)}, refusals.observer(), [&](const Request&) {
    while (!go) std::this_thread::sleep_for(milliseconds(1));
    return text(200, "done");
  });
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<TestClient>(server->port()));
    clients.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(milliseconds(20));  // so that the first is taken before the second waits
  }
  const std::string busy = clients[5]->answer();
  EXPECT_THAT(busy, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(busy, HasSubstr("\r\nRetry-After: 1\r\n"));
  go = true;
  for (int i = 0; i < 3; ++i) EXPECT_THAT(clients[static_cast<std::size_t>(i)]->answer(), EndsWith("done"));
  EXPECT_EQ(refusals.count("queue"), 3u);
}

TEST(HostileClient, IsTurnedAwayWhenTooManyAreConnected) {
  Refusals refusals;
  auto server = start({.connections = 3}, refusals.observer());
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<TestClient>(server->port()));
    clients.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(clients.back()->answer(), StartsWith("HTTP/1.1 200"));
  }
  TestClient fourth(server->port());
  fourth.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(fourth.rest(), StartsWith("HTTP/1.1 503"));
  EXPECT_EQ(refusals.count("connections"), 1u);
  clients.clear();
  std::string answer;
  for (int i = 0; i < 100 && !answer.starts_with("HTTP/1.1 200"); ++i) {
    answer = ask(server->port(), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
}

TEST(HostileClient, CannotBringItDownWithTwoThousandConnections) {
  rlimit files{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 8192);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_cur < 4200) GTEST_SKIP() << "skipped: only " << files.rlim_cur << " open files allowed";
  auto server = start({.connections = 1500, .queue = 4000, .queue_time = seconds(10)});
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 2000; ++i) clients.push_back(std::make_unique<TestClient>(server->port()));
  for (auto& client : clients) client->send("GET /many HTTP/1.1\r\nHost: a\r\n\r\n");
  int answered = 0;
  int turned_away = 0;
  for (auto& client : clients) {
    const std::string answer = client->answer();
    if (answer.starts_with("HTTP/1.1 200") && answer.ends_with("/many|")) ++answered;
    else ++turned_away;  // 503, or a reset where the request crossed it
  }
  EXPECT_EQ(answered, 1500);
  EXPECT_EQ(turned_away, 500);
  clients.clear();
  std::string answer;
  for (int i = 0; i < 100 && !answer.starts_with("HTTP/1.1 200"); ++i) {
    answer = ask(server->port(), "GET /after HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_THAT(answer, EndsWith("/after|"));
}

}  // namespace
}  // namespace verbund::http
