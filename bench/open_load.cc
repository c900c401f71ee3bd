// SPDX-License-Identifier: EUPL-1.2
// Asks at a fixed rate whether answers come or not (open loop), one thread, and checks each answer.
//   open_load PORT RATE SECONDS CONNECTIONS FILE
// FILE: a line per request, "target TAB words that a 200 to it must contain"; from the top, again from the top at its
// end. Each request takes a free connection or opens one; with CONNECTIONS busy it counts as not sent. Times run from
// the moment a request went out (or its connection was asked for) to the last byte of its answer; `behind` counts those
// that went out more than 20 ms after they were due, because this program did not get the processor. Prints one JSON object.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Ask {
  std::string bytes, expected;
};

struct Connection {
  int fd = -1;
  bool busy = false;
  bool connected = false;
  std::size_t sent = 0;
  const Ask* ask = nullptr;
  Clock::time_point since;
  std::string in;
};

struct Totals {
  std::uint64_t sent = 0, not_sent = 0, served = 0, refused = 0, wrong = 0, broken = 0, behind = 0;
  std::vector<double> served_ms, refused_ms;
};

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

class Load {
 public:
  Load(std::uint16_t port, std::size_t most) : port_(port), epoll_(::epoll_create1(0)) {
    connections_.reserve(most);
    for (std::size_t i = 0; i < most; ++i) {
      connections_.push_back(std::make_unique<Connection>());
      closed_.push_back(connections_.back().get());
    }
  }

  void run(const std::vector<Ask>& asks, double rate, double seconds) {
    const auto begin = Clock::now();
    const auto step = std::chrono::duration<double>(1 / rate);
    const auto all = static_cast<std::uint64_t>(rate * seconds);
    std::uint64_t next = 0;
    while (next < all || (in_flight_ > 0 && Clock::now() < begin + std::chrono::duration<double>(seconds + 10))) {
      const auto now = Clock::now();
      for (int burst = 0; next < all && burst < 64; ++burst) {
        const auto due = begin + std::chrono::duration_cast<Clock::duration>(step * static_cast<double>(next));
        if (due > now) break;
        if (now - due > std::chrono::milliseconds(20)) ++totals.behind;
        send(asks[next % asks.size()]);
        ++next;
      }
      poll(next < all ? 0 : 5);
    }
    totals.broken += in_flight_;
  }

  Totals totals;

 private:
  void send(const Ask& ask) {
    Connection* c = nullptr;
    if (!idle_.empty()) {
      c = idle_.back();
      idle_.pop_back();
    } else if (!closed_.empty()) {
      c = closed_.back();
      if (!open(*c)) {
        ++totals.not_sent;
        return;
      }
      closed_.pop_back();
    } else {
      ++totals.not_sent;
      return;
    }
    ++totals.sent;
    ++in_flight_;
    c->busy = true;
    c->ask = &ask;
    c->since = Clock::now();
    c->sent = 0;
    c->in.clear();
    if (c->connected) write(*c);
  }

  bool open(Connection& c) {
    c.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c.fd < 0) return false;
    const int one = 1;
    ::setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c.connected = ::connect(c.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET | EPOLLOUT | EPOLLRDHUP;
    event.data.ptr = &c;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, c.fd, &event);
    return true;
  }

  void write(Connection& c) {
    while (c.busy && c.sent < c.ask->bytes.size()) {
      const ssize_t n = ::send(c.fd, c.ask->bytes.data() + c.sent, c.ask->bytes.size() - c.sent, MSG_NOSIGNAL);
      if (n < 0) {
        if (errno != EAGAIN) close(c);
        return;
      }
      c.sent += static_cast<std::size_t>(n);
    }
  }

  void close(Connection& c) {
    if (c.fd < 0) return;
    ::close(c.fd);
    c.fd = -1;
    c.connected = false;
    if (c.busy) {
      ++totals.broken;
      --in_flight_;
      c.busy = false;
    } else {
      std::erase(idle_, &c);
    }
    closed_.push_back(&c);
  }

  void poll(int timeout_ms) {
    epoll_event events[256];
    const int n = ::epoll_wait(epoll_, events, 256, timeout_ms);
    for (int i = 0; i < n; ++i) {
      Connection& c = *static_cast<Connection*>(events[i].data.ptr);
      if (c.fd < 0) continue;
      if ((events[i].events & EPOLLOUT) != 0) {
        c.connected = true;
        write(c);
      }
      if (c.fd >= 0 && (events[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) read(c);
    }
  }

  void read(Connection& c) {
    char bytes[65536];
    while (true) {
      const ssize_t n = ::recv(c.fd, bytes, sizeof bytes, 0);
      if (n < 0 && errno == EAGAIN) return;
      if (n <= 0) return close(c);
      if (!c.busy) {   // bytes nobody asked for
        ++totals.wrong;
        return close(c);
      }
      c.in.append(bytes, static_cast<std::size_t>(n));
      if (!finish(c)) continue;
      if (c.fd < 0) return;
    }
  }

  // True if the answer is whole.
  bool finish(Connection& c) {
    const std::size_t end = c.in.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::string_view head(c.in.data(), end + 2);
    const std::size_t length_at = head.find("\r\nContent-Length: ");
    const std::size_t length = length_at == head.npos ? 0 : std::strtoul(head.data() + length_at + 18, nullptr, 10);
    if (c.in.size() < end + 4 + length) return false;
    const double ms = std::chrono::duration<double, std::milli>(Clock::now() - c.since).count();
    const std::string_view body = std::string_view(c.in).substr(end + 4);
    if (body.size() > length) {
      ++totals.wrong;
    } else if (head.starts_with("HTTP/1.1 200 ")) {
      if (body.find(c.ask->expected) == body.npos) ++totals.wrong;
      ++totals.served;
      totals.served_ms.push_back(ms);
    } else if (head.starts_with("HTTP/1.1 503 ") && head.find("\r\nRetry-After: ") != head.npos && length > 0) {
      ++totals.refused;
      totals.refused_ms.push_back(ms);
    } else {
      ++totals.wrong;
    }
    const bool last = head.find("\r\nConnection: close\r\n") != head.npos;
    c.busy = false;
    --in_flight_;
    if (last) {
      ::close(c.fd);
      c.fd = -1;
      c.connected = false;
      closed_.push_back(&c);
    } else {
      idle_.push_back(&c);
    }
    return true;
  }

  const std::uint16_t port_;
  const int epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> idle_, closed_;
  std::uint64_t in_flight_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: open_load PORT RATE SECONDS CONNECTIONS FILE\n");
    return 2;
  }
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  std::vector<Ask> asks;
  std::ifstream file(argv[5]);
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    asks.push_back({"GET " + line.substr(0, tab) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    tab < line.size() ? line.substr(tab + 1) : std::string()});
  }
  if (asks.empty()) return 1;
  Load load(static_cast<std::uint16_t>(std::atoi(argv[1])), static_cast<std::size_t>(std::atoi(argv[4])));
  const double seconds = std::atof(argv[3]);
  load.run(asks, std::atof(argv[2]), seconds);
  Totals& t = load.totals;
  std::printf("{\"sent\":%lu,\"not_sent\":%lu,\"behind\":%lu,\"served\":%lu,\"served_per_s\":%.0f,\"refused\":%lu,"
              "\"wrong\":%lu,\"broken\":%lu,\"served_p50_ms\":%.2f,\"served_p99_ms\":%.2f,\"refused_p99_ms\":%.2f}\n",
              t.sent, t.not_sent, t.behind, t.served, static_cast<double>(t.served) / seconds, t.refused, t.wrong,
              t.broken, percentile(t.served_ms, 0.5), percentile(t.served_ms, 0.99), percentile(t.refused_ms, 0.99));
  return t.wrong == 0 ? 0 : 1;
}
