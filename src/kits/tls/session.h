// SPDX-License-Identifier: EUPL-1.2
// The client's side of TLS on a connected socket: the other side shows a certificate for the wanted name that somebody
// trusted has signed, or there is no session. TLS 1.2 and 1.3 only.
// Source: RFC 8446, RFC 9525 (names), by OpenSSL 3.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace verbund::tls {

using TimePoint = std::chrono::steady_clock::time_point;

// Waits until `socket` can be read from, or else written to. False when the time is over.
bool wait_for(int socket, bool reading, TimePoint until);

class Session {
 public:
  // Shakes hands on `socket` (connected, non-blocking; it stays the caller's) with the host called `host`, a name or an
  // IP address. Trusted is what the operating system trusts and, unless "", what stands in `ca_file` (PEM).
  // Errors: unavailable (no handshake, time over; the certificate is not for this host, not signed by anybody trusted
  // or not valid now: the message says which), usage (`ca_file` does not read).
  static Result<Session> open(int socket, const std::string& host, const std::string& ca_file, TimePoint until);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // At least one byte, or 0 at the end that the other side has said. An end without that word is an error: what came
  // may have been cut. Errors: unavailable.
  Result<std::size_t> read(char* bytes, std::size_t most, TimePoint until);
  // All of it. Errors: unavailable.
  Result<void> write(std::string_view bytes, TimePoint until);

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace verbund::tls
