// SPDX-License-Identifier: EUPL-1.2
// An HTTP/1.1 client, blocking, on one kept connection, over http:// or https:// (kits/tls: a certificate that is not
// accepted is no connection).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "kits/http/http.h"

namespace verbund::http {

struct Address {
  bool secure = false;         // https
  std::string host;            // without brackets
  std::uint16_t port = 80;     // or 443, unless it is named
  std::string path;            // with query, begins with "/"
};
// Errors: usage (no http:// or https:// address, user data or a fragment in it).
Result<Address> parse_address(std::string_view url);

struct ClientOptions {
  std::chrono::seconds connect_time{5};
  std::chrono::seconds answer_time{30};        // from the request to the last byte, however slowly they come
  std::size_t header_bytes = 16 * 1024;
  std::stop_token stop{};                      // ends a request that waits for its answer, at once (unavailable)
  // So long a GET is sent again that was answered with 503 and Retry-After; each time after what that says, at least
  // 100 ms. Then the 503 is the answer.
  std::chrono::seconds busy_time{0};
  std::string ca_file = {};                    // certificates (PEM) that are trusted beside those of the system
};

class Client {
 public:
  explicit Client(ClientOptions options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // One request; redirects are not followed, any status is an answer. Bodies by Content-Length, chunked or to the end
  // of the connection. A kept connection that has died is opened again once.
  // Errors: usage (address), unavailable (no connection, time over, broken off), invalid (not HTTP), too_large (a body
  // over `body_limit` bytes; of an answer that is not 2xx over 256 KiB, so that its status is heard).
  Result<Response> get(const std::string& url, std::size_t body_limit,
                       const std::vector<std::pair<std::string, std::string>>& headers = {});
  // Sends `body` on a new connection, once: what is not answered may have been taken or not. Errors: as get.
  Result<Response> post(const std::string& url, std::string_view body, std::size_t body_limit,
                        const std::vector<std::pair<std::string, std::string>>& headers = {});

 private:
  class Connection;
  class Exchange;
  Result<Response> ask(const std::string& url, std::string_view method, std::string_view body, std::size_t body_limit,
                       const std::vector<std::pair<std::string, std::string>>& headers);
  Result<void> connect(const Address& address);

  ClientOptions options_;
  std::unique_ptr<Connection> connection_;
  std::string connected_;   // "https://host:port"
};

}  // namespace verbund::http
