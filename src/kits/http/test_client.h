// SPDX-License-Identifier: EUPL-1.2
// For tests: a connection that sends exactly the bytes one wants and shows exactly the bytes that came.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace verbund::http {

class TestClient {
 public:
  explicit TestClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~TestClient() { ::close(fd_); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  bool connected() const { return connected_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void finish_sending() { ::shutdown(fd_, SHUT_WR); }

  // One answer with its body by Content-Length; less if the server closes or `seconds` pass.
  std::string answer(bool to_head = false, int seconds = 10) {
    while (read_.find("\r\n\r\n") == std::string::npos && more(seconds)) {
    }
    const std::size_t end = read_.find("\r\n\r\n");
    if (end == std::string::npos) return take(read_.size());
    std::size_t body = 0;
    const std::size_t length = read_.find("Content-Length: ");
    if (length < end && !to_head) body = std::stoul(read_.substr(length + 16));
    while (read_.size() < end + 4 + body && more(seconds)) {
    }
    return take(std::min(read_.size(), end + 4 + body));
  }
  // Everything until the server closes.
  std::string rest(int seconds = 10) {
    while (more(seconds)) {
    }
    return take(read_.size());
  }
  bool closed_by_server(int seconds) { return read_.empty() && !more(seconds) && closed_; }

 private:
  bool more(int seconds) {
    pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, seconds * 1000) <= 0) return false;
    char bytes[16384];
    const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) {
      closed_ = true;
      return false;
    }
    read_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }
  std::string take(std::size_t bytes) {
    std::string out = read_.substr(0, bytes);
    read_.erase(0, bytes);
    return out;
  }

  int fd_;
  bool connected_ = false;
  bool closed_ = false;
  std::string read_;
};

}  // namespace verbund::http
