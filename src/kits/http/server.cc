// SPDX-License-Identifier: EUPL-1.2
// Listens, accepts and deals the connections out to the loops. Boost is here and in loop.cc only.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "kits/http/http.h"
#include "kits/http/loop.h"

namespace verbund::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr std::size_t kMostSurplus = 256;               // connections over the limit that are heard before they go
constexpr std::size_t kAcceptedAtOnce = 64;
constexpr unsigned kMostThreads = 8;
constexpr std::chrono::milliseconds kAcceptPause{100};  // after accept failed (too many open files)

class TcpServer : public Server {
 public:
  TcpServer(std::unique_ptr<Shared> shared, std::vector<std::unique_ptr<Loop>> loops, tcp::acceptor acceptor)
      : shared_(std::move(shared)), loops_(std::move(loops)), acceptor_(std::move(acceptor)), pause_(loops_[0]->io()),
        ipv6_(acceptor_.local_endpoint().address().is_v6()), port_(acceptor_.local_endpoint().port()) {
    await_connection();
    for (auto& loop : loops_) threads_.emplace_back([l = loop.get()] { l->run(); });
  }

  ~TcpServer() override { stop(); }

  std::uint16_t port() const override { return port_; }

  void wake() override {
    for (auto& loop : loops_) loop->wake();
  }

  void stop() override {
    if (threads_.empty()) return;
    std::future<void> drained = shared_->drained.get_future();
    asio::post(loops_[0]->io(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
      shared_->draining = true;  // whoever was accepted is counted in `alive` by now
      for (auto& loop : loops_) loop->drain();
      shared_->tell_if_drained();
    });
    drained.wait_for(shared_->options.stop_time);
    for (auto& loop : loops_) loop->finish();
    for (auto& thread : threads_) thread.join();  // ends, as nothing is left that could complete
    threads_.clear();
    shared_->pool.stop();                         // workers may still post sessions back ...
    for (auto& loop : loops_) loop->run();        // ... which end here, on closed sockets
  }

 private:
  void await_connection() {
    acceptor_.async_wait(tcp::acceptor::wait_read, [this](error_code ec) {
      if (acceptor_.is_open() && !ec) accept_some();
    });
  }

  void accept_some() {
    for (std::size_t i = 0; i < kAcceptedAtOnce; ++i) {
      const int socket = ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket >= 0) {
        deal_out(socket);
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        break;
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        return pause();
      }  // others are of that one connection: it has gone
    }
    await_connection();
  }

  // The waiting ones stay in the kernel's queue meanwhile.
  void pause() {
    shared_->desk.refused("connections");
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](error_code ec) {
      if (!ec && acceptor_.is_open()) await_connection();
    });
  }

  // In turn, so that each loop has as many.
  void deal_out(int socket) {
    const std::size_t most = shared_->options.connections;
    const bool surplus = shared_->alive >= most;
    if (surplus) {
      for (auto& loop : loops_) loop->make_room();
    }
    if (shared_->alive >= most + kMostSurplus) return turn_away(socket);
    loops_[next_++ % loops_.size()]->adopt(socket, ipv6_, surplus);
  }

  // Unheard and without waiting: a fresh connection takes so few bytes at once.
  void turn_away(int socket) {
    Request unheard;
    unheard.method = "GET";
    unheard.target = unheard.path = "/";
    Response full = shared_->desk.busy(unheard, "connections");
    Answer answer;
    shared_->desk.write(full, "GET", false, http_date(std::time(nullptr)), answer);
    const std::string text = answer.head + *answer.body;
    std::array<char, 4096> unread;
    [[maybe_unused]] ssize_t ignored = ::recv(socket, unread.data(), unread.size(), MSG_DONTWAIT);
    ignored = ::send(socket, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ::shutdown(socket, SHUT_WR);
    ::close(socket);
  }

  std::unique_ptr<Shared> shared_;
  std::vector<std::unique_ptr<Loop>> loops_;  // the first one accepts
  std::vector<std::thread> threads_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  const bool ipv6_;
  const std::uint16_t port_;
  std::size_t next_ = 0;
};

Error cannot_listen(const ServerOptions& options, const error_code& ec) {
  const std::string where = options.address + ":" + std::to_string(options.port);
  if (ec == asio::error::address_in_use) {
    return {ErrorCode::unavailable, "port " + std::to_string(options.port) + " is in use by another program", where,
            "stop that program or choose another port, 0 for any free one"};
  }
  if (ec == asio::error::access_denied) {
    return {ErrorCode::unavailable, "no permission to listen there", where, "choose a port from 1024"};
  }
  return {ErrorCode::unavailable, "cannot listen: " + ec.message(), where, "check the address"};
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Service service, ServerObserver observer) {
  error_code ec;
  const std::string name = options.address == "localhost" ? "127.0.0.1" : options.address;
  const asio::ip::address address = asio::ip::make_address(name, ec);
  if (ec) {
    return fail(ErrorCode::usage, "not an IP address: " + options.address, "", "write 127.0.0.1, 0.0.0.0, ::1 or ::");
  }
  auto shared = std::make_unique<Shared>(options, std::move(service), std::move(observer));
  std::vector<std::unique_ptr<Loop>> loops;
  const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1u, kMostThreads);
  const unsigned threads = options.threads > 0 ? options.threads : cores;
  for (unsigned i = 0; i < threads; ++i) loops.push_back(std::make_unique<Loop>(*shared));
  tcp::acceptor acceptor(loops[0]->io());
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(tcp::acceptor::max_listen_connections, ec);
  if (!ec) acceptor.native_non_blocking(true, ec);
  if (ec) return std::unexpected(cannot_listen(options, ec));
  return std::make_unique<TcpServer>(std::move(shared), std::move(loops), std::move(acceptor));
}

}  // namespace verbund::http
