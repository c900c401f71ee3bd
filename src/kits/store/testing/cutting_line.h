// SPDX-License-Identifier: EUPL-1.2
// A line to a PostgreSQL server that can be cut at a chosen moment: a socket in a folder of its own, and threads that
// pass on what comes. Understands no more of the protocol than the text of a simple query, "COMMIT".
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <poll.h>

namespace verbund::store::testing {

class CuttingLine {
 public:
  enum class Cut { never, before_commit, after_commit };

  // `folder`: an empty one; `server`: the socket of the server.
  CuttingLine(const std::string& folder, std::string server) : server_(std::move(server)) {
    listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = at(folder + "/.s.PGSQL.5432");
    if (::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) ::abort();
    if (::listen(listening_, 16) != 0) ::abort();
    thread_ = std::thread([this] { accept(); });
  }
  ~CuttingLine() {
    stopping_ = true;
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    for (auto& line : lines_) line.join();
    ::close(listening_);
  }

  std::atomic<Cut> cut{Cut::never};   // once; then never again
  std::atomic<bool> away{false};      // nobody is let in, and who is in is thrown out
  std::atomic<bool> hangs{false};     // who comes is let in; nothing passes

 private:
  static sockaddr_un at(const std::string& path) {
    sockaddr_un out{};
    out.sun_family = AF_UNIX;
    std::strncpy(out.sun_path, path.c_str(), sizeof out.sun_path - 1);
    return out;
  }
  void accept() {
    while (!stopping_) {
      const int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_un address = at(server_);
      if (away || ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(client);
        ::close(server);
        continue;
      }
      lines_.emplace_back([this, client, server] { pass_on(client, server); });
    }
  }
  void pass_on(int client, int server) {
    bool cutting = false;
    while (!stopping_ && !away) {
      pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
      if (hangs) {
        ::poll(nullptr, 0, 5);
        continue;
      }
      if (::poll(ends, 2, 20) <= 0) continue;
      char bytes[65536];
      if (ends[0].revents != 0) {
        const ssize_t length = ::read(client, bytes, sizeof bytes);
        if (length <= 0) break;
        const bool commit = std::string_view(bytes, static_cast<std::size_t>(length)).contains(std::string_view("COMMIT\0", 7));
        if (commit && cut == Cut::before_commit) {
          cut = Cut::never;
          break;
        }
        if (commit && cut == Cut::after_commit) {
          cut = Cut::never;
          cutting = true;
        }
        if (::write(server, bytes, static_cast<std::size_t>(length)) != length) break;
      }
      if (ends[1].revents != 0) {
        const ssize_t length = ::read(server, bytes, sizeof bytes);
        if (length <= 0 || cutting || ::write(client, bytes, static_cast<std::size_t>(length)) != length) break;
      }
    }
    ::close(client);
    ::close(server);
  }

  const std::string server_;
  int listening_ = -1;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> lines_;   // touched by thread_ only, until it has ended
  std::thread thread_;
};

}  // namespace verbund::store::testing
