// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace verbund::http {
namespace {

using namespace std::chrono_literals;

// Answers each connection with one of the given texts, then closes it.
class CannedServer {
 public:
  explicit CannedServer(std::vector<std::string> answers, std::chrono::milliseconds between_bytes = 0ms) {
    listening_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listening_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listening_, 8), 0);
    socklen_t size = sizeof address;
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this, answers = std::move(answers), between_bytes] {
      for (const std::string& answer : answers) {
        const int connection = ::accept(listening_, nullptr, nullptr);
        if (connection < 0) return;
        char request[4096];
        if (::recv(connection, request, sizeof request, 0) < 0) return;
        if (between_bytes == 0ms) {
          (void)!::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
        } else {
          for (const char& byte : answer) {
            std::this_thread::sleep_for(between_bytes);
            if (::send(connection, &byte, 1, MSG_NOSIGNAL) != 1) break;
          }
        }
        ::close(connection);
      }
    });
  }
  ~CannedServer() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }
  std::string url(const std::string& path = "/") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

 private:
  int listening_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

TEST(Client, PostsABodyOnceAndReadsTheAnswer) {
  std::string heard;
  auto server = Server::start({.port = 0, .workers = 1},
                              [&](const Request& request) {
                                heard = request.method + " " + request.path + " " + std::string(request.header("content-type"));
                                return text(request.body == "signed\n" ? 202 : 400, request.body);
                              }, {});
  ASSERT_TRUE(server);
  Client client;
  const std::string url = "http://127.0.0.1:" + std::to_string((*server)->port()) + "/network/requests";
  for (int round = 0; round < 2; ++round) {
    const auto answer = client.post(url, "signed\n", 1024, {{"Content-Type", "text/plain"}});
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 202);
    EXPECT_EQ(*answer->body, "signed\n");
    EXPECT_EQ(heard, "POST /network/requests text/plain");
  }
  EXPECT_EQ(*client.get(url, 1024)->body, "");   // the connection serves on
  EXPECT_EQ(client.post("http://127.0.0.1:1/", "x", 10).error().code, ErrorCode::unavailable);
}

TEST(Address, IsReadStrictly) {
  const auto full = parse_address("http://stadt.example:8080/a/b?c=d").value();
  EXPECT_EQ(full.host, "stadt.example");
  EXPECT_EQ(full.port, 8080);
  EXPECT_EQ(full.path, "/a/b?c=d");
  EXPECT_FALSE(full.secure);
  EXPECT_TRUE(parse_address("https://stadt.example/a").value().secure);
  EXPECT_EQ(parse_address("https://stadt.example/a").value().port, 443);
  EXPECT_EQ(parse_address("https://stadt.example:8443").value().port, 8443);
  EXPECT_EQ(parse_address("http://[::1]:81").value().host, "::1");
  EXPECT_EQ(parse_address("http://a").value().path, "/");
  EXPECT_EQ(parse_address("http://a?x").value().path, "/?x");
  for (const char* url : {"", "a", "https:/a/", "https://", "ftp://a", "http://", "http:///x", "http://a:0/", "http://a:65536/",
                          "http://a:b/", "http://u@a/", "http://a/#f", "http://a/ b",
                          "http://a/\r\nX: y", "http://::1/",
                          "http://[::1/"}) {
    EXPECT_EQ(parse_address(url).error().code, ErrorCode::usage) << url;
  }
}

TEST(Client, GetsFromTheServerOfThisKitOnOneConnection) {
  std::vector<std::string> targets;
  auto server = Server::start({.port = 0, .workers = 1},
                              [&](const Request& request) {
                                targets.push_back(request.target);
                                return text(200, std::string(100'000, 'x') + request.target).header("X-Test", "ja");
                              },
                              {});
  ASSERT_TRUE(server);
  const std::string base = "http://127.0.0.1:" + std::to_string((*server)->port());
  Client client;
  for (const char* path : {"/a", "/b?c=d"}) {
    const auto answer = client.get(base + path, 200'000);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 200);
    EXPECT_TRUE(answer->body->ends_with(path));
  }
  EXPECT_EQ(client.get(base + "/c", 1000).error().code, ErrorCode::too_large);
  EXPECT_EQ(targets, (std::vector<std::string>{"/a", "/b?c=d", "/c"}));
}

// A page for people is longer than a key: what is heard is its status.
TEST(Client, HearsTheStatusOfAnAnswerThatIsLongerThanWhatWasAskedFor) {
  const auto page = [](std::string status, std::size_t bytes) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" + std::string(bytes, 'x');
  };
  CannedServer server({page("503 Service Unavailable", 40'000), page("404 Not Found", 40'000), page("200 OK", 1001),
                       page("500 Internal Server Error", 300'000)});
  Client client;
  const auto busy = client.get(server.url(), 1000);
  ASSERT_TRUE(busy) << busy.error().text();
  EXPECT_EQ(busy->status, 503);
  const auto gone = client.get(server.url(), 1000);
  ASSERT_TRUE(gone) << gone.error().text();
  EXPECT_EQ(gone->status, 404);
  EXPECT_EQ(client.get(server.url(), 1000).error().code, ErrorCode::too_large);
  EXPECT_EQ(client.get(server.url(), 1000).error().code, ErrorCode::too_large) << "nobody sends us what he likes";
}

TEST(Client, AsksABusyServerAgainForAsLongAsItIsTold) {
  const std::string busy = "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
  const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nkey";
  {
    CannedServer server({busy, busy, good});
    Client client({.busy_time = 60s});
    const auto answer = client.get(server.url(), 1000);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(*answer->body, "key");
  }
  struct Case { std::string answer; std::chrono::seconds patience; const char* why; };
  for (const Case& c : {Case{busy, 0s, "who does not want to wait"},
                        Case{"HTTP/1.1 503 Busy\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\r\n", 60s, "it takes longer"},
                        Case{"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 60s, "it does not say when"},
                        Case{"HTTP/1.1 503 Busy\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n", 60s, "no number"},
                        Case{"HTTP/1.1 500 No\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n", 60s, "not busy"}}) {
    CannedServer server({c.answer, good});
    Client client({.busy_time = c.patience});
    const auto answer = client.get(server.url(), 1000);
    ASSERT_TRUE(answer) << c.why;
    EXPECT_NE(answer->status, 200) << c.why;
    (void)client.get(server.url(), 1000);
  }
}

TEST(Client, ReadsEveryWayABodyCanEnd) {
  CannedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nA: b\r\n\r\n",
                       "HTTP/1.0 200 OK\r\n\r\nhello",
                       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nConnection: close\r\n\r\nhello"});
  Client client;
  for (int i = 0; i < 4; ++i) {
    const auto answer = client.get(server.url(), 100);
    ASSERT_TRUE(answer) << i << " " << answer.error().text();
    EXPECT_EQ(*answer->body, "hello") << i;
  }
}

TEST(Client, SaysWhatIsWrongWithAnAnswer) {
  const std::pair<std::string, ErrorCode> cases[] = {
      {"", ErrorCode::unavailable},
      {"HTTP/1.1 200 OK\r\n", ErrorCode::unavailable},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", ErrorCode::unavailable},
      {"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nhello", ErrorCode::too_large},
      {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhello", ErrorCode::invalid},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", ErrorCode::invalid},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", ErrorCode::invalid},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n", ErrorCode::too_large},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n", ErrorCode::invalid},
      {"HTTP/1.1 200 OK\r\nno header\r\n\r\n", ErrorCode::invalid},
      {"SSH-2.0 hello you there\r\n", ErrorCode::invalid},
      {"HTTP/1.1 xyz OK\r\n\r\n", ErrorCode::invalid},
      {"HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x'), ErrorCode::too_large},
      {"HTTP/1.1 200 OK\r\nA: " + std::string(20'000, 'x'), ErrorCode::too_large}};
  for (const auto& [answer, code] : cases) {
    CannedServer server({answer});
    Client client;
    const auto got = client.get(server.url(), 100);
    ASSERT_FALSE(got) << answer;
    EXPECT_EQ(got.error().code, code) << answer.substr(0, 200) << " " << got.error().text();
  }
}

TEST(Client, DoesNotWaitForeverForASlowAnswer) {
  CannedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + std::string(500, 'x')}, 20ms);
  Client client({.answer_time = 1s});
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(client.get(server.url(), 1000).error().code, ErrorCode::unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
}

TEST(Client, OpensAKeptConnectionAgainThatHasDied) {
  CannedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
                       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb"});
  Client client;
  EXPECT_EQ(*client.get(server.url(), 10).value().body, "a");
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(*client.get(server.url(), 10).value().body, "b");
}

TEST(Client, SaysThatNobodyListens) {
  std::string url;
  {
    CannedServer server({});
    url = server.url();
  }
  Client client;
  const auto answer = client.get(url, 10);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_EQ(answer.error().where, url);
}

}  // namespace
}  // namespace verbund::http
