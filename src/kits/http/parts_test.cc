// SPDX-License-Identifier: EUPL-1.2
// One server that answers for several: nobody gets what is another one's, however the questions come.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "kits/http/host.h"
#include "kits/http/http.h"
#include "kits/http/test_client.h"

namespace verbund::http {
namespace {

// Says whose answer it is, how often it was made, and what was asked.
class TwoParts {
 public:
  std::atomic<std::uint64_t> generations[2] = {1, 1};
  std::atomic<int> made{0};

  std::unique_ptr<Server> start(unsigned threads = 2) {
    Service service([this](const Request& request) { return answer(request); });
    service.quick = [this](const Request& request) -> std::optional<Response> {
      if (request.path.starts_with("/quick")) return answer(request);
      return std::nullopt;
    };
    service.part = [this](std::string_view host) -> std::optional<Service::Part> {
      const int part = part_of(host);
      if (part < 0) return std::nullopt;
      return Service::Part{part == 0 ? "a" : "b", generations[part]};
    };
    ServerOptions options;
    options.port = 0;
    options.threads = threads;
    options.queue_time = std::chrono::seconds(60);
    auto server = Server::start(options, std::move(service), {});
    EXPECT_TRUE(server);
    return std::move(*server);
  }

 private:
  static int part_of(std::string_view host) {
    const std::string name = host_name(host);
    return name == "a.example" ? 0 : name == "b.example" ? 1 : -1;
  }
  Response answer(const Request& request) {
    const int part = part_of(request.header("host"));
    if (part < 0) return problem(421, "Nicht hier", "");
    Response out = text(200, std::string(part == 0 ? "this is a" : "this is b") + " " + request.path + " " +
                                 std::to_string(++made) + " " + std::to_string(generations[part]) + "\n");
    out.reusable = true;
    return out;
  }
};

std::string ask_of(const std::string& host, const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

TEST(Parts, WhatIsKeptForOneIsNotGivenForAnother) {
  TwoParts parts;
  auto server = parts.start();
  TestClient client(server->port());
  for (int round = 0; round < 4; ++round) {
    for (const char* host : {"a.example", "b.example"}) {
      ASSERT_TRUE(client.send(ask_of(host, "/x")));
      EXPECT_NE(client.answer().find(std::string("this is ") + host[0]), std::string::npos);
    }
  }
  EXPECT_EQ(parts.made, 2) << "the same question is answered once for each";
}

TEST(Parts, AChangeOfOneLeavesWhatIsKeptOfTheOther) {
  TwoParts parts;
  auto server = parts.start();
  TestClient client(server->port());
  const auto ask = [&](const char* host) {
    client.send(ask_of(host, "/x"));
    return client.answer();
  };
  ask("a.example");
  ask("b.example");
  ++parts.generations[0];
  EXPECT_NE(ask("a.example").find("/x 3 2"), std::string::npos);
  EXPECT_NE(ask("b.example").find("/x 2 1"), std::string::npos);
  EXPECT_EQ(parts.made, 3);
}

TEST(Parts, QuestionsInOneGoAreAnsweredInTheirOrderEachByItsOwn) {
  TwoParts parts;
  auto server = parts.start();
  TestClient client(server->port());
  std::string all;
  for (int i = 0; i < 200; ++i) {
    all += ask_of(i % 2 == 0 ? "a.example" : "b.example", (i % 3 == 0 ? "/quick" : "/slow") + std::to_string(i % 7));
  }
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 200; ++i) {
    const std::string answer = client.answer(false, 60);
    const std::string expected = std::string(i % 2 == 0 ? "this is a " : "this is b ") +
                                 (i % 3 == 0 ? "/quick" : "/slow") + std::to_string(i % 7) + " ";
    ASSERT_NE(answer.find(expected), std::string::npos) << i << answer;
  }
}

TEST(Parts, UnderLoadNothingIsMixed) {
  TwoParts parts;
  auto server = parts.start(3);
  std::atomic<int> wrong{0}, right{0};
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < 4; ++c) {
      clients.emplace_back([&, c] {
        TestClient client(server->port());
        for (int i = 0; i < 300; ++i) {
          const bool a = (i + c) % 2 == 0;
          client.send(ask_of(a ? "a.example" : "B.EXAMPLE.:80", (i % 5 == 0 ? "/quick" : "/slow") + std::to_string(i % 9)));
          const std::string answer = client.answer(false, 60);
          const bool good = answer.find(a ? "this is a " : "this is b ") != std::string::npos;
          ++(good ? right : wrong);
          if (i % 50 == 0) ++parts.generations[c % 2];
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(right, 1200);
}

TEST(Parts, AHostThatIsNobodysGetsNothingOfAnybody) {
  TwoParts parts;
  auto server = parts.start();
  for (const std::string& head :
       std::vector<std::string>{"GET / HTTP/1.1\r\nHost: c.example\r\n\r\n", "GET / HTTP/1.1\r\nHost: u@a.example\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a.example, b.example\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: \r\n\r\n", "GET / HTTP/1.1\r\nHost: a.example.\x01\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a.example\r\nHost: a.example\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
                                "GET http://c.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: a.example" + std::string(10'000, 'x') + "\r\n\r\n"}) {
    TestClient client(server->port());
    ASSERT_TRUE(client.send(head));
    const std::string answer = client.answer();
    EXPECT_EQ(answer.find("this is"), std::string::npos) << head.substr(0, 80);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 4") || answer.empty()) << head.substr(0, 80) << answer;
  }
  TestClient absolute(server->port());
  ASSERT_TRUE(absolute.send("GET http://b.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n"));
  EXPECT_NE(absolute.answer().find("this is b"), std::string::npos) << "the target says whom it means";
}

}  // namespace
}  // namespace verbund::http
