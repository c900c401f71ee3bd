// SPDX-License-Identifier: EUPL-1.2
// Kept and quick answers, and what happens above what can be answered: never a wrong, foreign or half one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "kits/http/http.h"
#include "kits/http/test_client.h"
#include "kits/http/worker_pool.h"

namespace verbund::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::unique_ptr<Server> start(Service service, ServerOptions options = {}, ServerObserver observer = {}) {
  options.port = 0;
  auto server = Server::start(options, std::move(service), std::move(observer));
  EXPECT_TRUE(server) << server.error().text();
  return std::move(*server);
}

std::string get(const std::string& target, const std::string& more = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n";
}

// A service that counts how often it was asked, with a tag and codings as the program's has them.
struct Counting {
  std::atomic<int> asked{0};
  std::atomic<std::uint64_t> generation{1};
  Representations representations;
  bool reusable = true;

  Service service() {
    Service out([this](const Request& request) {
      Response response = text(200, request.path + " " + std::to_string(++asked) + std::string(600, '.'));
      response.reusable = reusable;
      return representations.finish(request, std::move(response));
    });
    out.generation = [this] { return generation.load(); };
    return out;
  }
};

TEST(KeptAnswer, IsGivenUntilTheGenerationChanges) {
  Counting counting;
  auto server = start(counting.service());
  TestClient client(server->port());
  const auto ask = [&](const std::string& request, bool head = false) {
    client.send(request);
    return client.answer(head);
  };
  EXPECT_THAT(ask(get("/a")), HasSubstr("\r\n\r\n/a 1."));
  const std::string kept = ask(get("/a"));
  EXPECT_THAT(kept, HasSubstr("\r\n\r\n/a 1."));
  EXPECT_THAT(kept, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  EXPECT_THAT(kept, HasSubstr("\r\nConnection: keep-alive\r\n\r\n/a 1."));
  EXPECT_EQ(counting.asked, 1);
  EXPECT_THAT(ask("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n", true),
              AllOf(HasSubstr("Content-Length: 604"), EndsWith("\r\n\r\n")));
  const std::size_t at = kept.find("ETag: ") + 6;
  const std::string tag = kept.substr(at, kept.find("\r\n", at) - at);
  EXPECT_THAT(ask(get("/a", "If-None-Match: " + tag + "\r\n")),
              AllOf(StartsWith("HTTP/1.1 304 "), HasSubstr("ETag: " + tag), EndsWith("\r\n\r\n"),
                    Not(HasSubstr("Length"))));
  EXPECT_THAT(ask(get("/a", "If-None-Match: \"other\"\r\n")), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(counting.asked, 1);
  EXPECT_THAT(ask("GET /a HTTP/1.1\r\nHost: b\r\n\r\n"), HasSubstr("/a 2.")) << "another host";
  EXPECT_THAT(ask(get("/a?x")), HasSubstr("/a 3.")) << "another query";
  EXPECT_THAT(ask("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"), HasSubstr("/a 4."));
  EXPECT_THAT(ask(get("/a", "Accept-Encoding: gzip\r\n")), HasSubstr("Content-Encoding: gzip"));
  EXPECT_EQ(counting.asked, 5) << "the kept one is not for who takes gzip";
  EXPECT_THAT(ask(get("/a", "referer: http://a/suche\r\n")), HasSubstr("/a 6."));
  EXPECT_THAT(ask(get("/a")), HasSubstr("/a 1."));
  ++counting.generation;
  EXPECT_THAT(ask(get("/a")), HasSubstr("/a 7."));
}

TEST(KeptAnswer, IsOnlyWhatIsSaidToBeReusable) {
  Counting counting;
  counting.reusable = false;
  auto server = start(counting.service());
  TestClient client(server->port());
  for (int i = 1; i <= 4; ++i) {
    client.send(get("/a"));
    EXPECT_THAT(client.answer(), HasSubstr("/a " + std::to_string(i) + "."));
  }
}

TEST(QuickHandler, AnswersWithoutAWorkerOrLeavesItToOne) {
  std::atomic<bool> go{false};
  Service service([&](const Request& request) {
    while (!go) std::this_thread::sleep_for(milliseconds(1));
    return text(200, "worker " + request.path);
  });
  service.quick = [](const Request& request) -> std::optional<Response> {
    if (request.path == "/throw") throw std::runtime_error("oh");
    if (request.path != "/quick") return std::nullopt;
    return text(200, "quick");
  };
  auto server = start(std::move(service), {.workers = 1, .queue_time = seconds(10)});
  TestClient slow(server->port());
  slow.send(get("/slow"));
  TestClient client(server->port());
  for (int i = 0; i < 3; ++i) {
    client.send(get("/quick"));
    EXPECT_THAT(client.answer(), EndsWith("\r\n\r\nquick"));
  }
  client.send(get("/throw"));
  EXPECT_THAT(client.answer(), StartsWith("HTTP/1.1 500 "));
  go = true;
  EXPECT_THAT(slow.answer(), EndsWith("\r\n\r\nworker /slow"));
}

TEST(Pool, TellsATaskThatItIsLate) {
  WorkerPool pool(1, 10, milliseconds(50));
  std::atomic<bool> go{false};
  std::atomic<int> on_time{0}, late{0};
  const auto count = [&](bool is_late) { ++(is_late ? late : on_time); };
  ASSERT_TRUE(pool.offer([&](bool is_late) {
    count(is_late);
    while (!go) std::this_thread::sleep_for(milliseconds(1));
  }));
  while (on_time == 0) std::this_thread::yield();
  ASSERT_TRUE(pool.offer(count));
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_FALSE(pool.offer(count)) << "the oldest has waited too long";
  go = true;
  while (late == 0) std::this_thread::yield();
  EXPECT_EQ(on_time, 1);
  pool.stop();
  EXPECT_FALSE(pool.offer(count));
}

TEST(Pool, NeverCallsATaskLateThatFoundAFreeWorker) {
  WorkerPool pool(2, 10, milliseconds(-1));   // whoever waits for others is late
  std::atomic<int> on_time{0}, late{0};
  std::atomic<bool> go{false};
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(pool.offer([&](bool is_late) {
      ++(is_late ? late : on_time);
      while (!go) std::this_thread::sleep_for(milliseconds(1));
    }));
  }
  while (on_time + late < 2) std::this_thread::yield();
  EXPECT_EQ(late, 0);
  ASSERT_TRUE(pool.offer([&](bool is_late) { ++(is_late ? late : on_time); }));
  go = true;
  while (on_time + late < 3) std::this_thread::yield();
  EXPECT_EQ(late, 1);
}

// A full queue: everyone gets the page made for it, whole; who has a worker gets the right answer.
TEST(Overload, IsAnsweredWithTheWholePage) {
  const std::string sorry = "<!doctype html><p>" + std::string(9000, 's') + "</p>";
  std::atomic<bool> go{false};
  Service service([&](const Request& request) {
    while (!go) std::this_thread::sleep_for(milliseconds(1));
    return text(200, "answer to " + request.target);
  });
  service.busy = [&](const Request&) { return html(200, sorry).header("Retry-After", "7"); };
  auto server = start(std::move(service), {.workers = 1, .queue = 3, .queue_time = seconds(10)});
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 40; ++i) {
    clients.push_back(std::make_unique<TestClient>(server->port()));
    clients.back()->send(get("/?id=" + std::to_string(i)));
  }
  int served = 0, refused = 0;
  std::thread release([&] {
    std::this_thread::sleep_for(milliseconds(300));
    go = true;
  });
  for (std::size_t i = 0; i < clients.size(); ++i) {
    const std::string answer = clients[i]->answer();
    if (answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n")) {
      EXPECT_THAT(answer, HasSubstr("\r\nRetry-After: 7\r\n"));
      EXPECT_THAT(answer, EndsWith("\r\n\r\n" + sorry));
      ++refused;
    } else {
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
      EXPECT_THAT(answer, EndsWith("\r\n\r\nanswer to /?id=" + std::to_string(i)));
      ++served;
    }
    clients[i]->send(get("/?id=again" + std::to_string(i)));   // the connection lives on
  }
  release.join();
  EXPECT_GE(served, 3);   // those who could wait
  EXPECT_GT(refused, 20);
  for (std::size_t i = 0; i < clients.size(); ++i) {
    EXPECT_THAT(clients[i]->answer(), AnyOf(EndsWith("answer to /?id=again" + std::to_string(i)), EndsWith(sorry)));
  }
}

TEST(Overload, LetsANewcomerTakeThePlaceOfWhoIsIdleForLong) {
  auto server = start([](const Request&) { return text(200, "x"); }, {.connections = 2});
  TestClient first(server->port());
  first.send(get("/"));
  EXPECT_THAT(first.answer(), StartsWith("HTTP/1.1 200 "));
  TestClient second(server->port());
  second.send(get("/"));
  EXPECT_THAT(second.answer(), StartsWith("HTTP/1.1 200 "));
  std::this_thread::sleep_for(milliseconds(1300));
  TestClient third(server->port());
  EXPECT_TRUE(first.closed_by_server(5) || second.closed_by_server(5));
  third.send(get("/"));
  EXPECT_THAT(third.answer(), StartsWith("HTTP/1.1 200 "));
}

// Thousands of requests over many connections, each with its own id: quick, kept, by workers, refused, pipelined,
// large.
TEST(Overload, NeverMixesAnswers) {
  std::atomic<std::uint64_t> generation{1};
  const auto body_of = [](const Request& request) {
    const std::string size(request.query_value("size"));
    return request.target + "|" + std::string(std::stoul(size.empty() ? "0" : size), 'x') + "|" + request.target;
  };
  Service service([&](const Request& request) {
    if (request.path == "/wait") std::this_thread::sleep_for(milliseconds(1));
    Response response = text(200, body_of(request));
    response.reusable = request.path == "/kept";
    return response;
  });
  service.quick = [&](const Request& request) -> std::optional<Response> {
    if (request.path != "/quick") return std::nullopt;
    return text(200, body_of(request));
  };
  service.generation = [&] { return generation.load(); };
  service.busy = [](const Request&) { return html(503, "sorry" + std::string(3000, '.') + "sorry"); };
  auto server = start(std::move(service), {.threads = 3, .workers = 3, .queue = 4, .kept_bytes = 1 << 20});
  std::atomic<int> right{0}, refused{0}, wrong{0};
  const auto visitor = [&](int seed) {
    std::vector<std::unique_ptr<TestClient>> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<TestClient>(server->port()));
    unsigned chance = static_cast<unsigned>(seed) * 2654435761u + 1;
    for (int round = 0; round < 40; ++round) {
      std::vector<std::vector<std::string>> expected(clients.size());
      for (std::size_t c = 0; c < clients.size(); ++c) {
        std::string all;
        for (unsigned k = 0; k <= (chance >> 16) % 3; ++k) {
          chance = chance * 1664525u + 1013904223u;
          const unsigned kind = (chance >> 20) % 4;
          const char* path = kind == 0 ? "/quick" : kind == 1 ? "/wait" : kind == 2 ? "/kept" : "/plain";
          const std::string own = std::to_string(seed) + "." + std::to_string(round) + "." + std::to_string(c);
          const std::string id = kind == 2 ? std::to_string((chance >> 8) % 20) : own;
          const std::string size = std::to_string((chance >> 5) % 7 == 0 ? 300'000 : (chance >> 9) % 2000);
          const std::string target = std::string(path) + "?id=" + id + "&size=" + (kind == 2 ? "900" : size);
          all += get(target);
          expected[c].push_back(target);
        }
        clients[c]->send(all);
      }
      if (round % 10 == 9) ++generation;
      for (std::size_t c = 0; c < clients.size(); ++c) {
        for (const std::string& target : expected[c]) {
          const std::string answer = clients[c]->answer();
          const std::size_t end = answer.find("\r\n\r\n");
          const std::string body = end == answer.npos ? "" : answer.substr(end + 4);
          if (answer.starts_with("HTTP/1.1 200 ") && body.starts_with(target + "|") && body.ends_with("|" + target)) {
            ++right;
          } else if (answer.starts_with("HTTP/1.1 503 ") && body == "sorry" + std::string(3000, '.') + "sorry") {
            ++refused;
          } else {
            ++wrong;
          }
        }
      }
    }
  };
  {
    std::vector<std::jthread> visitors;
    for (int i = 0; i < 12; ++i) visitors.emplace_back(visitor, i);
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(right, 3000);
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace verbund::http
